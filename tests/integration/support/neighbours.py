"""Neighbours that are hostile or broken: sockets that take nobody, names that no decoder likes, pipes for files.

What a call makes of them is in test_failures_neighbours.py, what a watch makes of them in test_watch_neighbours.py.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
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


@contextlib.contextmanager
def babbling(path: Path, docker: str, event: bytes) -> Iterator[None]:
    """Stand at ``path`` in front of Docker's socket and add an event of our own to the first stream of events."""
    told = threading.Event()

    def with_event(client: socket.socket, server: socket.socket) -> Callable[[bytes], bytes]:
        wanted = client.recv(1 << 16)
        server.sendall(wanted)
        return lambda data: _with(data, event) if b"/events" in wanted and not told.is_set() else data

    def _with(data: bytes, event: bytes) -> bytes:
        told.set()
        head, blank, body = data.partition(b"\r\n\r\n")
        chunk = b"%x\r\n%s\r\n" % (len(event), event) if b"chunked" in head else event
        return head + blank + chunk + body

    def pass_on(source: socket.socket, target: socket.socket, change: Callable[[bytes], bytes] = bytes) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(change(data))
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, server = listener.accept()[0], socket.socket(socket.AF_UNIX)
                server.connect(docker)
                change = with_event(client, server)
                threading.Thread(target=pass_on, args=(client, server), daemon=True).start()
                threading.Thread(target=pass_on, args=(server, client, change), daemon=True).start()

    with socket.create_server(str(path), family=socket.AF_UNIX) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield
        listener.shutdown(socket.SHUT_RDWR)
