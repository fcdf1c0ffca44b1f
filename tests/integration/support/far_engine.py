"""Another host's engine behind a socket of this one, as ``ssh -L`` makes it: what it says of c1 is true elsewhere.

It is this host's Docker, whose answers are changed on the way. What ours makes of them is in test_hostile_engines.py.
"""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.host.services import DOCKER_SOCKET

Change = Callable[[str, bytes], bytes]
"""The path that was asked for and the answer to it, to another answer."""


def says(**facts: str | int) -> Change:
    """Return a change that sets these keys of an answer's objects, wherever they stand."""

    def change(_: str, answer: bytes) -> bytes:
        for key, value in facts.items():
            said = f'"{key}":{value}' if isinstance(value, int) else f'"{key}":"{value}"'
            answer = re.sub(rf'"{key}":("[^"]*"|\d+)'.encode(), said.encode(), answer)
        return answer

    return change


def answers(path: str, body: bytes) -> Change:
    """Return a change that makes this the whole answer to requests for paths that end so."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    return lambda asked, answer: head % len(body) + body if asked.endswith(path) else answer


@contextlib.contextmanager
def far_engine(path: Path, change: Change) -> Iterator[str]:
    """Listen at ``path`` for the length of a with block; return the option that leads there."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        threading.Thread(target=_serve, args=(listener, change), daemon=True).start()
        yield f"--docker-host=unix://{path}"
        listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, change: Change) -> None:
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=_pass_on, args=(listener.accept()[0], change), daemon=True).start()


def _pass_on(client: socket.socket, change: Change) -> None:
    """Ask Docker the same over a connection that ends with the answer."""
    with client, socket.socket(socket.AF_UNIX) as docker:
        asked = client.recv(1 << 16)
        docker.connect(DOCKER_SOCKET)
        docker.sendall(asked.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        answer = b"".join(iter(lambda: docker.recv(1 << 16), b""))
        client.sendall(change(asked.split()[1].partition(b"?")[0].decode(), answer))
