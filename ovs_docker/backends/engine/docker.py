"""Docker's answers, and Podman's. Where these are is docker_endpoint.py's; what they mean for a port, resolve.py's.

A container's look-up is one plain HTTP request: importing the docker package costs 110 ms, more than
the old script's whole add-port, and `http.client` 27 ms. Lists go through the package.
"""

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from socket import AF_INET, AF_INET6, AF_UNIX, SO_PEERCRED, SOCK_CLOEXEC, SOCK_STREAM, SOL_SOCKET, socket
from typing import Any, NamedTuple

from ovs_docker import signals
from ovs_docker.backends.engine.endpoint import Endpoint, podman
from ovs_docker.deadline import Deadline
from ovs_docker.errors import DockerMissing, NoPermission, NoSuchContainer, TimedOut
from ovs_docker.model.container import Container, Listed

_START = "start it (service docker start), or name its socket with --docker-host=unix://PATH"
_START_EITHER = "start one of them, or name its socket with --docker-host=unix://PATH"
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_CREDENTIALS = struct.Struct("3i")  # ucred of SO_PEERCRED (unix(7)): process, user, group


class Engine:
    """A Docker Engine, or whatever answers its API: Podman, say."""

    def __init__(self, endpoint: Endpoint, deadline: Deadline) -> None:
        self.endpoint = endpoint
        self.unnamed = endpoint.unnamed
        self._deadline = deadline
        self._kind: str | None = None

    def kind(self) -> str:
        """Tell whose containers these are, as Container.engine has it."""
        return self._ping() if self._kind is None else self._kind

    def _ping(self) -> str:
        """Ask who it is; also for the errors, which are plainer than those of the docker package."""
        self._kind = Request(self._connect(), "/_ping", self).receive().engine
        return self._kind

    def inspect(self, typed: str) -> Container:
        """Look a container up by name, short or full id; raise NoSuchContainer."""
        return self.ask(typed).answer()

    def ask(self, typed: str) -> "Question":
        """Send the look-up, so that the engine works on it while we do something else."""
        if not typed or not _NAME.issuperset(typed):
            raise NoSuchContainer(typed)
        return Question(Request(self._connect(), f"/containers/{typed}/json", self), typed)

    def containers(self) -> list[Listed]:
        """Return all containers, running or not."""
        from docker import APIClient
        from docker.errors import DockerException
        from requests.exceptions import RequestException

        self._ping()
        timeout = self.time_left()
        try:
            with APIClient(self.endpoint.url, version="auto", timeout=timeout or 60) as client:
                listed = client.containers(all=True)
        except (DockerException, RequestException) as error:
            raise self.missing(f"no answer from {self.name} at {self.endpoint.url}: {error}") from None
        return [_listed(entry) for entry in listed]

    @contextmanager
    def events(self, filters: dict[str, list[str]]) -> Iterator[Iterator[dict[str, Any]]]:
        """Follow Docker's events, those from now on; the iterator ends when Docker does."""
        from docker import APIClient
        from docker.errors import DockerException
        from requests.exceptions import RequestException
        from urllib3.exceptions import HTTPError

        self._ping()
        try:
            with APIClient(self.endpoint.url, version="auto", timeout=None) as client:
                yield client.events(decode=True, filters=filters)
        except (DockerException, RequestException, HTTPError) as error:
            raise self.missing(f"no answer from {self.name} at {self.endpoint.url}: {error}") from None

    @property
    def name(self) -> str:
        """What people call it."""
        return "Podman" if self._kind else self.endpoint.engine

    def missing(self, message: str) -> DockerMissing:
        return DockerMissing(message, _START if self.name == "Docker" else _START_EITHER)

    def time_left(self) -> float | None:
        return self._deadline.left(self.name)

    def timed_out(self) -> TimedOut:
        return TimedOut(
            f"gave up after {self._deadline.seconds:g} s waiting for {self.name}", "--timeout=SECS allows more"
        )

    def _connect(self) -> socket:
        """Connect; where nobody named an engine and Docker is not there, go on with Podman.

        From the first connection on it is that engine for good: the one must not answer for the other.
        """
        try:
            connection = self._connect_to(self.endpoint)
        except DockerMissing as nobody:
            if not self.endpoint.unnamed:
                raise
            connection = self._connect_to_podman(nobody)
        self.endpoint = self.endpoint._replace(unnamed=False)
        return connection

    def _connect_to_podman(self, nobody: DockerMissing) -> socket:
        try:
            connection = self._connect_to(podman())
        except DockerMissing as nor_podman:
            raise DockerMissing(f"{nobody.message}, and {nor_podman.message}", _START_EITHER) from None
        self.endpoint = podman()
        return connection

    def _connect_to(self, where: Endpoint) -> socket:
        family = AF_UNIX if where.path else AF_INET6 if ":" in where.address[0] else AF_INET
        connection = socket(family, SOCK_STREAM | SOCK_CLOEXEC)
        connection.settimeout(self.time_left())
        try:
            connection.connect(where.path or where.address)
        except TimeoutError:
            raise self.timed_out() from None
        except PermissionError:
            raise NoPermission(f"open {where.engine}'s socket {where.path}") from None
        except OSError as error:
            engine = "Docker Engine" if where.engine == "Docker" else "Podman"
            raise self.missing(f"no {engine} at {where.url}: {error.strerror}") from None
        return connection


class Reply(NamedTuple):
    """An engine's answer; `engine` is who gave it, as Container.engine has it."""

    status: int
    body: bytes
    engine: str


class Request:
    """A plain HTTP request under way, a connection of its own."""

    def __init__(self, connection: socket, path: str, engine: Engine) -> None:
        self._connection = connection
        self.engine = engine
        try:
            connection.sendall(f"GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
        except OSError as error:
            raise engine.missing(f"{engine.name} closed the connection: {error.strerror}") from None

    def receive(self) -> Reply:
        """Wait for the answer. HTTP/1.0: the body ends with the connection."""
        data = b""
        with self._connection as connection:
            while more := self._receive_some():
                data += more
            head, _, body = data.partition(b"\r\n\r\n")
            engine = _podman(connection) if b"libpod-api-version" in head.lower() else ""
        words = head.split(None, 2)
        if len(words) < 2 or not words[1].isdigit():
            raise self.engine.missing("what answers is not a Docker Engine")
        return Reply(int(words[1]), body, engine)

    def _receive_some(self) -> bytes:
        self._connection.settimeout(self.engine.time_left())
        try:
            with signals.waiting():
                return self._connection.recv(1 << 16)
        except TimeoutError:
            raise self.engine.timed_out() from None
        except OSError as error:
            raise self.engine.missing(f"{self.engine.name} closed the connection: {error.strerror}") from None


class Question:
    """The look-up of a container under way."""

    def __init__(self, request: Request, typed: str) -> None:
        self._request = request
        self._typed = typed

    def answer(self) -> Container:
        """Wait for the engine's answer; raise NoSuchContainer, or DockerMissing where it makes no sense."""
        reply = self._request.receive()
        if reply.status == 404:
            command = "podman" if reply.engine else "docker"
            raise NoSuchContainer(self._typed, f"{command} ps -a lists those that are")
        try:
            facts = json.loads(reply.body)
            if reply.status == 200:
                return _container(facts)._replace(engine=reply.engine)
            reason = facts["message"]
        except (ValueError, LookupError, TypeError, AttributeError):
            reason = f"HTTP status {reply.status}, and an answer that is not Docker's"
        raise DockerMissing(f"{self._request.engine.name} cannot tell about container {self._typed}: {reason}")


def _podman(connection: socket) -> str:
    """Name the Podman at the other end: each user has one of his own, with containers of its own."""
    if connection.family != AF_UNIX:
        return "podman"
    _, user, _ = _CREDENTIALS.unpack(connection.getsockopt(SOL_SOCKET, SO_PEERCRED, _CREDENTIALS.size))
    return f"podman:{user}" if user else "podman"


def _container(facts: dict[str, Any]) -> Container:
    """Read what GET /containers/ID/json tells (Docker Engine API, ContainerInspect)."""
    state = facts["State"]
    return Container(
        id=facts["Id"],
        name=facts["Name"].lstrip("/"),
        pid=state["Pid"] if state["Running"] else 0,
        host_network=facts["HostConfig"].get("NetworkMode") == "host",
        labels=facts["Config"].get("Labels") or {},
        directories=tuple(_directories(facts)),
    )


def _directories(facts: dict[str, Any]) -> Iterator[str]:
    for pair in facts["Config"].get("Env") or ():
        name, _, value = pair.partition("=")
        if name == "OVS_RUNDIR" and value:
            yield value
    for mount in facts.get("Mounts") or ():
        yield mount["Destination"]


def _listed(entry: dict[str, Any]) -> Listed:
    name = next((name.lstrip("/") for name in entry.get("Names") or () if name.count("/") < 2), "")
    return Listed(entry["Id"], name, entry["State"] in ("running", "paused"), entry.get("Labels") or {})
