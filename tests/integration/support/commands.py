"""Programs that tests run, and what came of it: ours, the old script, ovs-vsctl, and anything else.

What the host looks like afterwards is read in snapshot.py.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

OURS = str(Path(sys.executable).parent / "ovs-docker")
SCRIPT = "/usr/bin/ovs-docker"


@dataclass(frozen=True)
class Result:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def run(*command: str, env: Mapping[str, str] | None = None, check: bool = False, timeout: float = 90.0) -> Result:
    """Run ``command`` with ``env`` added to the environment; with ``check``, a failure fails the test."""
    done = subprocess.run(
        command,
        check=False,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    result = Result(done.returncode, done.stdout, done.stderr)
    assert not check or result.code == 0, f"{' '.join(command)}: {result}"
    return result


def ours(*words: str, env: Mapping[str, str] | None = None, check: bool = False, timeout: float = 90.0) -> Result:
    """Run the ovs-docker that is installed beside this Python."""
    return run(OURS, *words, env=env, check=check, timeout=timeout)


def script(*words: str, env: Mapping[str, str] | None = None, check: bool = False, timeout: float = 90.0) -> Result:
    """Run Open vSwitch's shell script of the same name."""
    return run(SCRIPT, *words, env=env, check=check, timeout=timeout)


def start(*command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start ``command`` and return without waiting: for races and interruptions."""
    return subprocess.Popen(
        command,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ovs(*words: str) -> str:
    """Return what ovs-vsctl prints; a failure fails the test."""
    return run("ovs-vsctl", "--timeout=20", *words, check=True).out.strip()


def docker(*words: str) -> str:
    """Return what docker prints; a failure fails the test."""
    return run("docker", *words, check=True).out.strip()


def in_namespace(pid: int, *command: str) -> Result:
    """Run ``command`` of the host in the network namespace of process ``pid``."""
    return run("nsenter", "-t", str(pid), "-n", *command)
