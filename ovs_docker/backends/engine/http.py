"""Plain HTTP requests to an engine, each over a connection of its own.

`http.client` costs 27 ms to import, the docker package 110 ms, more than the old script's whole add-port.
"""

import struct
from collections.abc import Generator, Iterable
from socket import AF_INET, AF_INET6, AF_UNIX, SO_PEERCRED, SOCK_CLOEXEC, SOCK_STREAM, SOL_SOCKET, socket
from typing import NamedTuple

from ovs_docker import signals
from ovs_docker.backends import connect
from ovs_docker.backends.engine.endpoint import Endpoint
from ovs_docker.backends.engine.kinds import Kind, of_answer
from ovs_docker.deadline import Deadline
from ovs_docker.errors import DockerMissing, NoPermission, TimedOut

_LONGEST = 64 << 20  # bytes of an answer: 10,000 containers take a quarter of that
_LONGEST_LINE = 4 << 20
_CREDENTIALS = struct.Struct("3i")  # ucred of SO_PEERCRED (unix(7)): process, user, group


class Reply(NamedTuple):
    """An engine's answer, and who gave it: `kind`, and `engine` as Container.engine has it, empty for a Docker."""

    status: int
    body: bytes
    kind: Kind
    engine: str


class Line:
    """The way to an engine: to the first of `places` where somebody listens.

    From the first connection on it is that one for good: one engine must not answer for the other.
    """

    def __init__(self, places: list[Endpoint], deadline: Deadline) -> None:
        self._places = places
        self._deadline = deadline

    @property
    def endpoint(self) -> Endpoint:
        return self._places[0]

    def get(self, path: str) -> "Request":
        return Request(self._connect(), path, self)

    def post(self, path: str, body: bytes) -> "Request":
        return Request(self._connect(), path, self, body)

    def missing(self, message: str) -> DockerMissing:
        return DockerMissing(message, self.endpoint.kind.start)

    def whole(self, parts: Iterable[bytes]) -> bytes:
        """Join the parts of an answer; raise DockerMissing if it is longer than an engine's can be."""
        answer = bytearray()
        for part in parts:
            answer += part
            if len(answer) > _LONGEST:
                raise self.missing(f"the answer exceeds {_LONGEST >> 20} MiB")
        return bytes(answer)

    def time_left(self) -> float | None:
        return self._deadline.left(self.endpoint.kind.name)

    def timed_out(self) -> TimedOut:
        return self._deadline.passed(self.endpoint.kind.name)

    def _connect(self) -> socket:
        nobody = []
        for place in self._places:
            try:
                connection = self._connect_to(place)
            except DockerMissing as error:
                nobody.append(error)
            else:
                self._places = [place]
                return connection
        if len(nobody) == 1:
            raise nobody[0]
        raise DockerMissing(", and ".join(error.message for error in nobody), nobody[-1].hint)

    def _connect_to(self, where: Endpoint) -> socket:
        family = AF_UNIX if where.path else AF_INET6 if ":" in where.address[0] else AF_INET
        connection = socket(family, SOCK_STREAM | SOCK_CLOEXEC)
        try:
            connect(connection, where.path or where.address, self._deadline, where.kind.name)
        except TimeoutError:
            raise self.timed_out() from None
        except PermissionError:
            raise NoPermission(f"open {where.kind.name}'s socket {where.path}") from None
        except OSError as error:
            said = f"no {where.kind.noun} at {where.url}: {error.strerror or error}"
            raise DockerMissing(said, where.kind.start) from None
        return connection


class Request:
    """A request under way."""

    def __init__(self, connection: socket, path: str, line: Line, body: bytes | None = None) -> None:
        """Send a GET, or with a body, which is JSON, a POST."""
        self._connection = connection
        self.line = line
        about = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body is not None else ""
        head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.0\r\nHost: docker\r\n{about}\r\n"
        try:
            connection.sendall(head.encode() + (body or b""))
        except OSError as error:
            raise self._closed(error) from None

    def receive(self) -> Reply:
        """Wait for the answer. HTTP/1.0: the body ends with the connection."""
        with self._connection as connection:
            head, _, body = self.line.whole(iter(self._receive_some, b"")).partition(b"\r\n\r\n")
            kind = of_answer(head)
            engine = _called(kind, connection)
        words = head.split(None, 2)
        if len(words) < 2 or not words[1].isdigit() or len(words[1]) != 3:
            raise self.line.missing("what answers is not a Docker Engine")
        return Reply(int(words[1]), body, kind, engine)

    def lines(self, pause: float) -> Generator[bytes, None, None]:
        """Yield head and body by lines, as they come, and b"" for each `pause` seconds without any."""
        rest = b""
        with self._connection as connection:
            connection.settimeout(pause)
            while True:
                try:
                    data = connection.recv(1 << 16)
                except TimeoutError:
                    yield b""
                    continue
                except OSError as error:
                    raise self._closed(error) from None
                if not data:
                    return
                *whole, rest = (rest + data).split(b"\n")
                if len(rest) > _LONGEST_LINE:
                    raise self.line.missing(f"what answers gives a line of more than {_LONGEST_LINE >> 20} MiB")
                yield from whole

    def _receive_some(self) -> bytes:
        self._connection.settimeout(self.line.time_left())
        try:
            with signals.waiting():
                return self._connection.recv(1 << 16)
        except TimeoutError:
            raise self.line.timed_out() from None
        except OSError as error:
            raise self._closed(error) from None

    def _closed(self, error: OSError) -> DockerMissing:
        return self.line.missing(f"{self.line.endpoint.kind.name} closed the connection: {error.strerror}")


def _called(kind: Kind, connection: socket) -> str:
    """Name the engine at the other end: each user may have one, with containers of its own."""
    if not kind.word or connection.family != AF_UNIX:
        return kind.word
    _, user, _ = _CREDENTIALS.unpack(connection.getsockopt(SOL_SOCKET, SO_PEERCRED, _CREDENTIALS.size))
    return f"{kind.word}:{user}" if user else kind.word
