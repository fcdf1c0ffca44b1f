"""What a pytest that ran elsewhere reports: its cases, and the end of one of them as that of the test at hand.

Where it ran, a kernel host or another release, is up to the tests.
"""

import xml.etree.ElementTree as xml
from collections.abc import Iterator, Mapping

import pytest

from tests.house.checkout import missing

Cases = Mapping[tuple[str, str], list[xml.Element]]
"""By module and function."""


def cases(report: str) -> Cases:
    """Read a report as JUnit's XML."""
    found: dict[tuple[str, str], list[xml.Element]] = {}
    for case in xml.fromstring(report).iter("testcase"):
        name = case.get("name", "").partition("[")[0]
        found.setdefault((case.get("classname", ""), name), []).append(case)
    return found


def asked(request: pytest.FixtureRequest) -> list[str]:
    """Return those of the selected tests that this session runs."""
    here = [item for item in request.session.items if item.path == request.path and isinstance(item, pytest.Function)]
    return [str(item.callspec.params["test"]) for item in here if hasattr(item, "callspec")]


def passed(test: str, found: Cases) -> None:
    """End as a test did that ran there."""
    path, _, function = test.partition("::")
    these = found.get((path.removesuffix(".py").replace("/", "."), function.partition("[")[0]), [])
    assert these, "did not run"
    for kind, reason in _ends(these):
        if kind == "skipped":
            missing(reason)
        pytest.fail(reason, pytrace=False)


def _ends(these: list[xml.Element]) -> Iterator[tuple[str, str]]:
    for case in these:
        for kind in ("failure", "error", "skipped"):
            for end in case.findall(kind):
                yield kind, f"{case.get('name')}: {end.get('message')}\n{end.text or ''}"
