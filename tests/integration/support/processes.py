"""Calls of ours that run while the test goes on: start them, know how far they are, signal them, see them end.

What is started besides ovs-docker is started with commands.py.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.integration.support.commands import OURS, Result, start

Process = subprocess.Popen[str]

SOAK = int(os.environ.get("OVS_DOCKER_SOAK", "1"))
"""How many times as long tests with many rounds take: OVS_DOCKER_SOAK=50 for a night."""


def started(*words: str) -> Process:
    """Start ours and return without waiting."""
    return start(OURS, *words)


def listening(*words: str) -> Process:
    """Start ours and return when it has its signal handlers: from here on a signal is ours to handle."""
    process = started(*words)
    wait_until(lambda: handles_signals(process) or process.poll() is not None, 0)
    return process


def handles_signals(process: Process) -> bool:
    """Say whether the process catches SIGTERM (proc(5), SigCgt): Python itself never does."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")), "0")
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def ended(process: Process, seconds: float = 20.0) -> Result:
    """Wait for the end; no process of ours ends with a traceback."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    assert "Traceback" not in err, err
    return Result(process.returncode, out, err)


def status(number: signal.Signals) -> int:
    """Return what Popen says: Ctrl-C ends a process, as shells expect, by the signal, and a shell calls that 130."""
    return -signal.SIGINT if number == signal.SIGINT else 130


def interrupted(number: signal.Signals, also: str = "") -> Result:
    return Result(status(number), "", f"ovs-docker: interrupted{also}\n")


def moments(span: float, count: int, enough: Callable[[], bool]) -> Iterator[float]:
    """Return times to strike at, in seconds: all over the span of a call, then later and later until it is enough.

    On a busy machine a call takes several times as long as on one of its own.
    """
    yield from (span * moment / count for moment in range(count))
    late = span
    while not enough() and late < 60 * span:
        yield late
        late *= 1.2


def wait_until(condition: Callable[[], bool], pause: float = 0.02, seconds: float = 20.0) -> None:
    """Wait for something that must become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(pause)
