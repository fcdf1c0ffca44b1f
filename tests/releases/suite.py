"""The suite in one root: on a private host there, and a row of a table from what became of it.

How a root is made and entered is in root.py and entry.py.
"""

import shutil
import subprocess
import xml.etree.ElementTree as xml
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.releases import root
from tests.releases.checkout import CHECKOUT, copy_into
from tests.releases.entry import PYTHON, entered, words

TESTS = ("tests/unit", "tests/house", "tests/integration")
REPORT = f"{CHECKOUT}/report.xml"
PACKAGES = (
    ("openvswitch-switch", "ovn-central"),
    ("docker.io", "podman", "docker-compose"),
    ("python3",),
)


@dataclass(frozen=True)
class Result:
    """What became of the suite on a release: the exit status of pytest, or of pip if the checkout cannot be installed,
    and pytest's numbers, empty if it left none.
    """

    release: str
    versions: tuple[str, ...]
    status: int
    numbers: tuple[int, ...]

    def __str__(self) -> str:
        numbers = [str(number) for number in self.numbers] or [f"exit status {self.status}", "", ""]
        return f"| {' | '.join([self.release, *self.versions, *numbers, date.today().isoformat()])} |"


def report_of(release: str) -> Path:
    """Return where the last run's report on a release is, as JUnit's XML."""
    return root.CACHE / f"{release}.xml"


def run(release: str, path: Path, options: Sequence[str]) -> Result:
    """Run the suite, or the tests that the options name, in a root; its files are afterwards as they were before."""
    report_of(release).unlink(missing_ok=True)
    tests = () if any(option.startswith("tests/") for option in options) else TESTS
    with entered(path, throw_away=True) as entry:
        copy_into(entry)
        versions = tuple(" / ".join(_version(entry, name) for name in column) for column in PACKAGES)
        print(f"\n{release}: {', '.join(versions)}", flush=True)
        status = _pytest(entry, *tests, *options)
        report = entry / REPORT.lstrip("/")
        if report.exists():
            shutil.copy(report, report_of(release))
    return Result(release, versions, status, _numbers(release))


def _pytest(entry: Path, *arguments: str) -> int:
    install = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--force-reinstall", CHECKOUT)
    if failed := subprocess.run(words(entry, PYTHON, *install), check=False).returncode:
        return failed
    on_host = (PYTHON, "-m", "tests.host", PYTHON, "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={REPORT}")
    return subprocess.run(words(entry, "env", f"--chdir={CHECKOUT}", *on_host, *arguments), check=False).returncode


def _version(entry: Path, package: str) -> str:
    """Return the version of the program in a package, without Debian's part."""
    query = words(entry, "dpkg-query", "--show", "--showformat=${Version}", package)
    found = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    return found.partition(":")[2 if ":" in found else 0].partition("+")[0].partition("-")[0] or "none"


def _numbers(release: str) -> tuple[int, ...]:
    """Return how many tests passed, failed (errors too) and were skipped."""
    if not report_of(release).exists():
        return ()
    suite = xml.parse(report_of(release)).getroot().find("testsuite")
    if suite is None:
        return ()
    tests, failures, errors, skipped = (int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped"))
    return tests - failures - errors - skipped, failures + errors, skipped
