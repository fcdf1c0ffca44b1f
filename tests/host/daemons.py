"""A daemon of the private host, by its PID: start, stop, kill, restart, pause, from whatever process asks.

Which daemons there are, and with which words they start, is said in services.py.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

STATE = Path("/run/host")
"""PID files and logs; on the private host's own /run."""


class DaemonFailed(Exception):
    """A daemon did not come up, or did not go, in time; the text carries the end of its log."""


@dataclass(frozen=True)
class Daemon:
    """One program that stays up. ``ready`` says whether it answers."""

    name: str
    command: tuple[str, ...]
    ready: Callable[[], bool]

    @property
    def log(self) -> Path:
        return STATE / f"{self.name}.log"

    @property
    def _pidfile(self) -> Path:
        return STATE / f"{self.name}.pid"

    @property
    def pid(self) -> int | None:
        """Return its PID, or None when it does not run."""
        try:
            pid = int(self._pidfile.read_text())
        except FileNotFoundError:
            return None
        return pid if _runs(pid) else None

    def launch(self) -> None:
        """Start it, if it does not run, without waiting for its answer."""
        if self.pid is not None:
            return
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C is meant for the command, not for what it stands on.
            process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._pidfile.write_text(str(process.pid))
        process.returncode = 0  # reaped by _runs() or by process 1, not by this object

    def wait_ready(self, seconds: float = 20.0) -> None:
        """Wait until it answers; raises DaemonFailed."""
        answered = _wait(lambda: self.pid is None or self.ready(), seconds)
        if self.pid is None or not answered:
            raise self._failure("does not answer" if self.pid else "ended")

    def start(self) -> None:
        """Start it, if it does not run, and wait until it answers; raises DaemonFailed."""
        if self.pid is None:
            self.launch()
            self.wait_ready()

    def stop(self, seconds: float = 20.0) -> None:
        """End it by SIGTERM, if it runs, and wait until it is gone; raises DaemonFailed."""
        self._end(signal.SIGTERM, seconds)

    def kill(self) -> None:
        """End it by SIGKILL, if it runs, and wait until it is gone; raises DaemonFailed."""
        self._end(signal.SIGKILL, 5.0)

    def restart(self) -> None:
        """Stop it, start it and wait until it answers; raises DaemonFailed."""
        self.stop()
        self.start()

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Do without it for the length of a with block."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Freeze it (SIGSTOP) for the length of a with block: it is there and does not answer."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def _end(self, number: signal.Signals, seconds: float) -> None:
        self._signal(number)
        if not _wait(lambda: self.pid is None, seconds):
            raise self._failure(f"is still there {seconds} s after {number.name}")

    def _signal(self, number: signal.Signals) -> None:
        if (pid := self.pid) is not None:
            os.kill(pid, number)

    def _failure(self, what: str) -> DaemonFailed:
        tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
        return DaemonFailed(f"{self.name} {what}\n{tail}")


def _runs(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    # A zombie counts: dockerd does not start while the process of its PID file is in /proc.
    return Path(f"/proc/{pid}").exists()


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
