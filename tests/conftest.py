"""The order of the tests: whatever takes longest in one file comes first, so that no worker waits for it at the end."""

import pytest

FIRST = ("tests/kernel/", "tests/releases/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))
