"""The kernel host itself: a command's output and status come out of it, its end is reported, and nothing stays."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.host import programs
from tests.house.checkout import ROOT, missing

LEFT = Path("/etc/left-by-a-kernel-host")
STREAMS = f"uname -r; cat /proc/modules; echo said >&2; echo left > {LEFT}; cat {LEFT}; exit 7"


@pytest.fixture(autouse=True)
def user_mode_linux() -> None:
    if obstacles := programs.obstacles(kernel=True):
        missing("; ".join(obstacles))


def on_kernel_host(seconds: int, script: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "tests.host", f"--kernel={seconds}", "sh", "-c", script]
    return subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_output_and_status_come_out_and_nothing_stays() -> None:
    done = on_kernel_host(600, STREAMS)
    first, *modules, last = done.stdout.splitlines()
    assert (done.returncode, done.stderr, last, LEFT.exists()) == (7, "said\n", "left", False)
    assert first != Path("/proc/sys/kernel/osrelease").read_text().strip()
    assert "openvswitch" in {line.split()[0] for line in modules}


def test_a_kernel_that_panics_is_one_line_and_a_failure() -> None:
    done = on_kernel_host(600, "echo before; echo c > /proc/sysrq-trigger; sleep 60")
    assert (done.returncode, done.stdout) == (70, "before\n")
    assert done.stderr.startswith("kernel host: the kernel ended (")
    assert ("Kernel panic - " in done.stderr, done.stderr.count("\n")) == (True, 1)


def test_a_kernel_that_takes_too_long_is_one_line_and_a_failure() -> None:
    done = on_kernel_host(1, "sleep 60")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (70, "", 1)
    assert done.stderr.startswith("kernel host: not done after 1 s, and ended")
