"""A connection that lasts: what watch says and hears on it, over real sockets."""

import fcntl
import json
import socket
import threading
import time
from collections.abc import Iterator
from resource import RLIMIT_NOFILE, getrlimit, setrlimit
from typing import Any

import pytest

from ovs_docker.backends.ovsdb.channels import SocketChannel
from ovs_docker.backends.ovsdb.lasting import wait_for_the_end
from ovs_docker.errors import Error, OvsdbMissing


class Waiting:
    """The server's end of a connection, and what has become of the wait at ours."""

    def __init__(self, ours: socket.socket, server: socket.socket) -> None:
        self.server = server
        self.end: list[Error | None] = []
        self.signs: list[float] = []
        self._channel = SocketChannel(ours, "tcp:there")
        self.thread = threading.Thread(target=self._wait, daemon=True)
        self.thread.start()

    def _wait(self) -> None:
        try:
            wait_for_the_end(self._channel, lambda: self.signs.append(time.monotonic()), probe=0.1, silence=0.5)
            self.end.append(None)
        except Error as error:
            self.end.append(error)

    def hear(self) -> dict[str, Any]:
        return dict(json.loads(self.server.recv(4096)))

    def say(self, **fields: Any) -> None:
        self.server.sendall(json.dumps({"id": None, "error": None} | fields).encode())


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, server = socket.socketpair()
    server.settimeout(5)
    yield ours, server
    ours.close()
    server.close()


def test_it_lasts_as_long_as_the_server_answers_its_probes(pair: tuple[socket.socket, socket.socket]) -> None:
    waiting = Waiting(*pair)
    for _ in range(8):
        probe = waiting.hear()
        assert (probe["method"], probe["params"], waiting.end) == ("echo", [], [])
        waiting.say(id=probe["id"], result=[])
    waiting.server.close()
    waiting.thread.join(5)
    assert (waiting.end, len(waiting.signs)) == ([None], 8)


def test_a_server_that_says_nothing_is_given_up(pair: tuple[socket.socket, socket.socket]) -> None:
    waiting = Waiting(*pair)
    waiting.thread.join(5)
    said = [(type(error), str(error)) for error in waiting.end]
    assert waiting.signs == []
    assert said == [(OvsdbMissing, "the database (ovsdb-server) has said nothing for 0.5 s")]


def test_the_servers_probes_are_answered_and_show_that_it_lives(pair: tuple[socket.socket, socket.socket]) -> None:
    waiting = Waiting(*pair)
    for number in range(8):
        waiting.say(method="echo", params=["x"], id=f"probe {number}")
        while "method" in (heard := waiting.hear()):
            pass
        assert (heard["id"], heard["result"], waiting.end) == (f"probe {number}", ["x"], [])


def test_a_thousand_open_files_are_no_obstacle(pair: tuple[socket.socket, socket.socket]) -> None:
    """select(2) ends at descriptor 1023."""
    soft, hard = getrlimit(RLIMIT_NOFILE)
    setrlimit(RLIMIT_NOFILE, (max(soft, min(2048, hard)), hard))
    try:
        high = socket.socket(fileno=fcntl.fcntl(pair[0], fcntl.F_DUPFD_CLOEXEC, 1500))
        waiting = Waiting(high, pair[1])
        assert waiting.hear()["method"] == "echo"
        pair[0].close()
        waiting.server.close()
        waiting.thread.join(5)
        assert waiting.end == [None]
    finally:
        setrlimit(RLIMIT_NOFILE, (soft, hard))
