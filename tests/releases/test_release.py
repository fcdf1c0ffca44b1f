"""Debian 13, each time: a selection of the integration tests, run in a root of that release.

The whole suite takes too long there for every run: tox -e releases.
"""

import subprocess
import sys

import pytest

from tests.house import reported
from tests.house.checkout import ROOT
from tests.releases import CANNOT, suite
from tests.releases.selection import SELECTION

RELEASE = "trixie"
SECONDS = 600
"""Ten times what it takes, so that something that hangs is reported."""


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> reported.Cases:
    """Run those of the selected tests that this session runs; tests/run makes the root, where there is a network."""
    words = [sys.executable, "-m", "tests.releases", "--made", RELEASE, *reported.asked(request)]
    report = suite.report_of(RELEASE)
    report.unlink(missing_ok=True)
    done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode == CANNOT:
        pytest.skip(done.stderr.strip())  # In CI too: not every machine that runs it reaches an archive of packages.
    if not report.exists():
        pytest.fail(f"exit status {done.returncode}: {(done.stdout + done.stderr)[-2000:]}", pytrace=False)
    return reported.cases(report.read_text())


@pytest.mark.parametrize("test", SELECTION, ids=[test.rpartition("::")[2] for test in SELECTION])
def test_on_debian_13(test: str, cases: reported.Cases) -> None:
    reported.end_as(test, cases)
