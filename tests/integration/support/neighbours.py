"""Neighbours that are hostile or broken: sockets that take nobody, names that no decoder likes, pipes for files.

What a call makes of them is in test_failures_neighbours.py, what a watch makes of them in test_watch_neighbours.py.
"""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.integration.support.containers import Container
from tests.integration.support.fleet import wait_until

_BIND = "import os, socket, time; held = socket.socket(1); held.bind(os.fsencode({!r})); time.sleep(600)"


@contextlib.contextmanager
def full(path: Path) -> Iterator[socket.socket]:
    """Listen at ``path`` with a queue that is full, for the length of a with block: whoever connects waits for ever."""
    with contextlib.ExitStack() as held:
        listener = held.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind(str(path))
        listener.listen(0)
        with contextlib.suppress(BlockingIOError):
            while True:
                waiting = held.enter_context(socket.socket(socket.AF_UNIX))
                waiting.setblocking(False)
                waiting.connect(str(path))
        yield listener


def run_directory(container: Container) -> Path:
    """Make the directory where Open vSwitch's sockets would be in a container; return it as seen from the host."""
    path = Path(f"/proc/{container.pid}/root/run/openvswitch")
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def bound(container: Container, path: str) -> Iterator[None]:
    """Have a process bind a socket of that name in the container's network namespace for the length of a with block."""
    command = ("nsenter", "-t", str(container.pid), "-n", sys.executable, "-c", _BIND.format(path))
    process = subprocess.Popen(command)
    table = Path(f"/proc/{container.pid}/net/unix")
    try:
        wait_until(lambda: os.fsencode(path) in table.read_bytes())
        yield
    finally:
        process.kill()
        process.wait()
