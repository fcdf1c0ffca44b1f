"""What differs between the datapaths, on the kernel's: a selection of the integration tests, run on a kernel host.

The whole suite takes too long there for every run: tox -e kernel.
"""

import subprocess
import sys

import pytest

from tests.host import programs
from tests.house import reported
from tests.house.checkout import ROOT, missing
from tests.kernel.selection import SELECTION

SECONDS = 1200
"""Five times what it takes: a machine may be busy, a kernel that hangs is to be reported all the same."""

REPORT = "/run/report.xml"
RUN = f'"$0" -m pytest -p no:cacheprovider --junitxml={REPORT} "$@" >&2; cat {REPORT}'


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> reported.Cases:
    """Run those of the selected tests that this session runs."""
    if obstacles := programs.obstacles(kernel=True):
        missing("; ".join(obstacles))
    here = [sys.executable, "-m", "tests.host", f"--kernel={SECONDS}", "sh", "-c", RUN, sys.executable]
    words = [*here, *reported.asked(request)]
    done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if not done.stdout:
        pytest.fail(f"exit status {done.returncode}: {done.stderr[-2000:]}", pytrace=False)
    return reported.cases(done.stdout)


@pytest.mark.parametrize("test", SELECTION, ids=[test.rpartition("::")[2] for test in SELECTION])
def test_on_the_kernels_datapath(test: str, cases: reported.Cases) -> None:
    reported.end_as(test, cases)
