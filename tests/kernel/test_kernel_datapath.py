"""What differs between the datapaths, on the kernel's: a selection of the integration tests, run on a kernel host.

The whole suite takes too long there for every run: tox -e kernel.
"""

import subprocess
import sys
import xml.etree.ElementTree as xml
from collections.abc import Iterator, Mapping

import pytest

from tests.host import programs
from tests.house.checkout import ROOT, missing
from tests.kernel.selection import SELECTION

SECONDS = 1200
"""Five times what it takes: a machine may be busy, a kernel that hangs is to be reported all the same."""

REPORT = "/run/report.xml"
RUN = f'"$0" -m pytest -p no:cacheprovider --junitxml={REPORT} "$@" >&2; cat {REPORT}'

Outcomes = Mapping[tuple[str, str], list[xml.Element]]


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Outcomes:
    """Run those of the selected tests that this session runs; return their cases by module and function."""
    if obstacles := programs.obstacles(kernel=True):
        missing("; ".join(obstacles))
    here = [item for item in request.session.items if item.path == request.path and isinstance(item, pytest.Function)]
    asked = [str(item.callspec.params["test"]) for item in here]
    words = [sys.executable, "-m", "tests.host", f"--kernel={SECONDS}", "sh", "-c", RUN, sys.executable, *asked]
    done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if not done.stdout:
        pytest.fail(f"exit status {done.returncode}: {done.stderr[-2000:]}", pytrace=False)
    found: dict[tuple[str, str], list[xml.Element]] = {}
    for case in xml.fromstring(done.stdout).iter("testcase"):
        name = case.get("name", "").partition("[")[0]
        found.setdefault((case.get("classname", ""), name), []).append(case)
    return found


@pytest.mark.parametrize("test", SELECTION, ids=[test.rpartition("::")[2] for test in SELECTION])
def test_on_the_kernels_datapath(test: str, outcomes: Outcomes) -> None:
    path, _, function = test.partition("::")
    cases = outcomes.get((path.removesuffix(".py").replace("/", "."), function.partition("[")[0]), [])
    assert cases, "did not run"
    for kind, reason in _ends(cases):
        if kind == "skipped":
            missing(reason)
        pytest.fail(reason, pytrace=False)


def _ends(cases: list[xml.Element]) -> Iterator[tuple[str, str]]:
    for case in cases:
        for kind in ("failure", "error", "skipped"):
            for end in case.findall(kind):
                yield kind, f"{case.get('name')}: {end.get('message')}\n{end.text or ''}"
