"""A listener in front of a daemon's socket that passes bytes on and counts who came: proof of which way was taken.

It serves unix sockets and loopback TCP, which the daemons of the private host do not listen on.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path


class Relay:
    """Listens at ``address`` (a path, or a loopback address and port) and counts connections.

    Set ``delay``, in seconds, and nothing is passed on so long after somebody has come.
    """

    def __init__(self, listener: socket.socket, target: str) -> None:
        self._listener = listener
        self._target = target
        self.delay = 0.0
        self.connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._join, args=(client, self.delay), daemon=True).start()

    def _join(self, client: socket.socket, delay: float) -> None:
        time.sleep(delay)
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._target)
        for source, sink in ((client, server), (server, client)):
            threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def unix(path: Path, target: str) -> Iterator[Relay]:
    """Listen on a unix socket at ``path``, however long, in front of the one at ``target``."""
    directory = os.open(path.parent, os.O_PATH)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"/proc/self/fd/{directory}/{path.name}")
        os.close(directory)
        yield _listening(listener, target)


@contextlib.contextmanager
def tcp(target: str, address: str = "127.0.0.1") -> Iterator[Relay]:
    """Listen on a free port of a loopback address in front of the unix socket at ``target``."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as listener:
        listener.bind((address, 0))
        yield _listening(listener, target)


def _listening(listener: socket.socket, target: str) -> Relay:
    listener.listen()
    return Relay(listener, target)
