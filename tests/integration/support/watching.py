"""A watch that runs while the test goes on: start it, read its log, wait for what it does, stop it.

What is tested on it is in test_watch*.py.
"""

import calendar
import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.integration.support.commands import OURS, docker
from tests.integration.support.containers import Container
from tests.integration.support.fleet import wait_until


class Watch:
    """One watch process and the lines it has logged so far."""

    def __init__(self, *words: str, env: dict[str, str] | None = None, program: tuple[str, ...] = (OURS,)) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*program, *words],
            env={**os.environ, **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend(iter(self.process.stdout.readline, ""))

    def says(self, text: str, times: int = 1, seconds: float = 20.0) -> None:
        """Wait until ``text`` stands in that many lines."""
        wait_until(lambda: self.count(text) >= times, seconds)

    def count(self, text: str) -> int:
        """Count the lines with ``text``."""
        return sum(text in line for line in list(self.lines))

    def stop(self) -> int:
        """End it by SIGTERM; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(20)
        self._reader.join(5)
        return status

    def kib(self) -> int:
        """Return its resident memory."""
        return _status(self.process.pid, "VmRSS")

    def descriptors(self) -> int:
        """Return how many files it holds open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status(pid: int, key: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{key}:"))


@contextlib.contextmanager
def watch(
    *options: str,
    words: tuple[str, ...] = (),
    env: dict[str, str] | None = None,
    program: tuple[str, ...] = (OURS,),
) -> Iterator[Watch]:
    """Run ``PROGRAM WORDS watch OPTIONS`` for the length of a with block, from the moment when it watches."""
    running = Watch(*words, "watch", *options, env=env, program=program)
    try:
        running.says("watching")
        yield running
    finally:
        running.process.kill()
        running.process.wait()


@contextlib.contextmanager
def systemd() -> Iterator[tuple[dict[str, str], Callable[[], list[str]]]]:
    """Be systemd for the length of a with block: the environment it sets, and what it has been told."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(f"\0notify-{os.getpid()}-{time.monotonic_ns()}")
        notify.setblocking(False)
        told: list[str] = []

        def heard() -> list[str]:
            with contextlib.suppress(BlockingIOError):
                while True:
                    told.append(notify.recv(4096).decode())
            return told

        yield {"NOTIFY_SOCKET": "@" + notify.getsockname()[1:].decode()}, heard


def has(container: Container, interface: str = "eth0") -> bool:
    """Say whether the container has the interface."""
    return any(link["ifname"] == interface for link in container.ip("link"))


def restart_to_port(container: Container) -> float:
    """Kill and start the container; return the seconds from Docker's start event to the interface being up in it."""
    docker("kill", container.id)
    docker("start", container.id)
    started = docker("inspect", "--format={{.State.StartedAt}}", container.id)
    pid = container.pid
    wait_until(lambda: _up_in(pid), pause=0.001)
    return time.time() - _seconds(started)


def _up_in(pid: int) -> bool:
    return " eth0:" in Path(f"/proc/{pid}/net/dev").read_text()


def _seconds(moment: str) -> float:
    """Read Docker's time with its nine digits."""
    whole, _, fraction = moment.rstrip("Z").partition(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float(f"0.{fraction or 0}")
