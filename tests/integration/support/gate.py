"""A gate on the way to the database: it lets everything through and holds one message, until the test says go.

So a test knows at which moment a process of ours stands. What it does to it then is the test's.
"""

import contextlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from socket import AF_UNIX, SHUT_RDWR, create_server, socket
from typing import Any

from tests.host.services import OVS_SOCKET

Message = dict[str, Any]
Moment = Callable[[Message], bool]


def changes_ports(message: Message) -> bool:
    """Recognise the request for the transaction that inserts or deletes a port."""
    return any(
        operation.get("op") in ("insert", "delete") and operation.get("table") == "Port"
        for operation in message.get("params", ())
        if isinstance(operation, dict)
    )


class Gate:
    """A socket before the database's; the first message that fits ``moment`` is held, or (``after``) its answer."""

    def __init__(self, path: str, moment: Moment, after: bool, server: str) -> None:
        self.path = path
        self.option = f"--db=unix:{path}"
        self._server = server
        self._moment = moment
        self._after = after
        self._held_id: Any = None
        self._used = False
        self._closed = False
        self._reached = threading.Event()
        self._opened = threading.Event()
        self._sockets: list[socket] = [create_server(path, family=AF_UNIX)]
        self._in_thread(self._accept)

    def wait(self) -> None:
        """Wait until the message is here."""
        assert self._reached.wait(20), "nothing came to the gate"

    def open(self) -> None:
        """Let it go on its way."""
        self._opened.set()

    def close(self) -> None:
        """Drop what is held, and every connection."""
        self._closed = True
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(SHUT_RDWR)
            each.close()
        self._opened.set()

    def _in_thread(self, work: Callable[..., None], *arguments: Any) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._connect(self._sockets[0].accept()[0])

    def _connect(self, client: socket) -> None:
        server = socket(AF_UNIX)
        self._sockets += [client, server]
        while not self._closed and server.connect_ex(self._server):  # it is being restarted
            time.sleep(0.02)
        if self._closed:  # perhaps before this pair was in the list
            client.close()
            return server.close()
        self._in_thread(self._pass_on, client, server, self._is_held_request)
        self._in_thread(self._pass_on, server, client, self._is_held_answer)

    def _pass_on(self, source: socket, target: socket, is_held: Moment) -> None:
        with contextlib.suppress(OSError):
            for message in _messages(source):
                if is_held(message):
                    self._reached.set()
                    self._opened.wait()
                target.sendall(json.dumps(message).encode())
        with contextlib.suppress(OSError):
            target.shutdown(SHUT_RDWR)

    def _is_held_request(self, message: Message) -> bool:
        if self._used or not self._moment(message):
            return False
        self._used = True
        self._held_id = message["id"]
        return not self._after

    def _is_held_answer(self, message: Message) -> bool:
        return self._after and self._used and message.get("id") == self._held_id and not self._opened.is_set()


def _messages(source: socket) -> Iterator[Message]:
    text = ""
    while data := source.recv(1 << 16):
        text += data.decode()
        while text:
            try:
                message, end = json.JSONDecoder().raw_decode(text)
            except ValueError:
                break
            text = text[end:].lstrip()
            yield message


@contextlib.contextmanager
def gate(moment: Moment = changes_ports, after: bool = False, server: str = OVS_SOCKET) -> Iterator[Gate]:
    """Yield a gate that stands for the length of a with block."""
    with tempfile.TemporaryDirectory() as directory:
        held = Gate(os.path.join(directory, "db.sock"), moment, after, server)
        try:
            yield held
        finally:
            held.close()
