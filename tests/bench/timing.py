"""One process, measured from outside: its wall time, or its peak memory.

What is run, and what it is compared with, is said in rounds.py.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence

from tests.host.status import exit_status

ERRORS = "/run/tmp/bench.stderr"

# The kernel counts the peak of the spawning process into that of the spawned (it is taken over at exec). A bare
# Python between the two is smaller than anything that it could hide.
LAUNCHER = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""


class RunFailed(Exception):
    """A measured command failed: its figures would say nothing."""


def wall_ms(command: Sequence[str]) -> float:
    """Run ``command`` (an absolute path first) and return its wall time in milliseconds; raises RunFailed."""
    began = time.perf_counter()
    pid = os.posix_spawn(command[0], list(command), os.environ, file_actions=_silence())
    _, status, _ = os.wait4(pid, 0)
    ms = (time.perf_counter() - began) * 1000
    if code := exit_status(status):
        raise RunFailed(f"{' '.join(command)}: exit status {code}: {_errors()}")
    return ms


def peak_mib(command: Sequence[str]) -> float:
    """Run ``command`` (an absolute path first) and return its peak resident memory in MiB; raises RunFailed."""
    words = [sys.executable, "-I", "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(words, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RunFailed(f"{' '.join(command)}: {done.stderr.strip()}")
    return int(done.stdout.split()[-1]) / 1024


def _silence() -> list[tuple[int, int, str, int, int]]:
    return [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, ERRORS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]


def _errors() -> str:
    with open(ERRORS) as file:
        return file.read().strip()
