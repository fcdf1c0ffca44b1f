"""What a pytest that ran elsewhere reports: its cases, and the end of one of them as that of the test at hand.

Where it ran, a kernel host or another release, is up to the tests.
"""

import xml.etree.ElementTree as xml
from collections.abc import Iterator

import pytest

from tests.house.checkout import missing

Cases = list[xml.Element]


def cases(report: str) -> Cases:
    """Read a report as JUnit's XML."""
    return list(xml.fromstring(report).iter("testcase"))


def asked(request: pytest.FixtureRequest) -> list[str]:
    """Return those of the selected tests that this session runs."""
    here = [item for item in request.session.items if item.path == request.path and isinstance(item, pytest.Function)]
    given = (item.callspec.params for item in here if hasattr(item, "callspec"))
    return [str(params["test"]) for params in given if "test" in params]


def end_as(test: str, found: Cases) -> None:
    """End as a test did that ran there; one that is named without parameters, as all its cases did."""
    path, _, name = test.partition("::")
    module = path.removesuffix(".py").replace("/", ".")
    these = [case for case in found if case.get("classname") == module and name in _names(case)]
    assert these, "did not run"
    for kind, reason in _ends(these):
        if kind == "skipped":
            missing(reason)
        pytest.fail(reason, pytrace=False)


def _names(case: xml.Element) -> tuple[str, str]:
    """Return a case's name with and without its parameters."""
    name = case.get("name", "")
    return name, name.partition("[")[0]


def _ends(these: Cases) -> Iterator[tuple[str, str]]:
    for case in these:
        for kind in ("failure", "error", "skipped"):
            for end in case.findall(kind):
                yield kind, f"{case.get('name')}: {end.get('message')}\n{end.text or ''}"
