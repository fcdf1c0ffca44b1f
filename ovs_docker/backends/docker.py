"""Docker Engine's answers. Where the engine is, is docker_endpoint.py's; what they mean for a port, resolve.py's.

A container's look-up is one plain HTTP request: importing the docker package costs 110 ms, more than
the old script's whole add-port, and `http.client` 27 ms. Lists go through the package.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from socket import AF_INET, AF_UNIX, SOCK_CLOEXEC, SOCK_STREAM, socket
from typing import Any, NamedTuple

from ovs_docker import signals
from ovs_docker.backends.docker_endpoint import Endpoint
from ovs_docker.deadline import Deadline
from ovs_docker.errors import DockerMissing, NoPermission, NoSuchContainer, TimedOut
from ovs_docker.model import Container

_START = "start it (service docker start), or name its socket with --docker-host=unix://PATH"
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


class Listed(NamedTuple):
    """A container in a list; `running` is true for paused ones too."""

    id: str
    name: str
    running: bool
    labels: dict[str, str] = {}


class Engine:
    """A Docker Engine, or whatever answers its API on the same socket."""

    def __init__(self, endpoint: Endpoint, deadline: Deadline) -> None:
        self.endpoint = endpoint
        self._deadline = deadline

    def inspect(self, typed: str) -> Container:
        """Look a container up by name, short or full id; raise NoSuchContainer."""
        return self.ask(typed).answer()

    def ask(self, typed: str) -> "Question":
        """Send the look-up, so that the engine works on it while we do something else."""
        if not typed or not _NAME.issuperset(typed):
            raise NoSuchContainer(typed)
        return Question(self._connect(), typed, self._deadline)

    def containers(self) -> list[Listed]:
        """Return all containers, running or not."""
        from docker import APIClient
        from docker.errors import DockerException
        from requests.exceptions import RequestException

        self._connect().close()  # for its errors, which are plainer than the package's
        timeout = self._deadline.left("Docker")
        try:
            with APIClient(self.endpoint.url, version="auto", timeout=timeout or 60) as client:
                listed = client.containers(all=True)
        except (DockerException, RequestException) as error:
            raise DockerMissing(f"no answer from Docker at {self.endpoint.url}: {error}", _START) from None
        return [_listed(entry) for entry in listed]

    @contextmanager
    def events(self, filters: dict[str, list[str]]) -> Iterator[Iterator[dict[str, Any]]]:
        """Follow Docker's events, those from now on; the iterator ends when Docker does."""
        from docker import APIClient
        from docker.errors import DockerException
        from requests.exceptions import RequestException
        from urllib3.exceptions import HTTPError

        self._connect().close()
        try:
            with APIClient(self.endpoint.url, version="auto", timeout=None) as client:
                yield client.events(decode=True, filters=filters)
        except (DockerException, RequestException, HTTPError) as error:
            raise DockerMissing(f"no answer from Docker at {self.endpoint.url}: {error}", _START) from None

    def _connect(self) -> socket:
        where = self.endpoint
        connection = socket(AF_UNIX if where.path else AF_INET, SOCK_STREAM | SOCK_CLOEXEC)
        connection.settimeout(self._deadline.left("Docker"))
        try:
            connection.connect(where.path or where.address)
        except TimeoutError:
            raise _timed_out(self._deadline) from None
        except PermissionError:
            raise NoPermission(f"open Docker's socket {where.path}") from None
        except OSError as error:
            raise DockerMissing(f"no Docker Engine at {where.url}: {error.strerror}", _START) from None
        return connection


class Question:
    """A look-up under way."""

    def __init__(self, connection: socket, typed: str, deadline: Deadline) -> None:
        self._connection = connection
        self._typed = typed
        self._deadline = deadline
        request = f"GET /containers/{typed}/json HTTP/1.0\r\nHost: docker\r\n\r\n"
        try:
            connection.sendall(request.encode())
        except OSError as error:
            raise DockerMissing(f"Docker closed the connection: {error.strerror}", _START) from None

    def answer(self) -> Container:
        """Wait for the engine's answer; raise NoSuchContainer, or DockerMissing where it makes no sense."""
        status, body = self._receive()
        if status == 404:
            raise NoSuchContainer(self._typed)
        try:
            facts = json.loads(body)
            if status == 200:
                return _container(facts)
            reason = facts["message"]
        except (ValueError, LookupError, TypeError, AttributeError):
            reason = f"HTTP status {status}, and an answer that is not Docker's"
        raise DockerMissing(f"Docker cannot tell about container {self._typed}: {reason}")

    def _receive(self) -> tuple[int, bytes]:
        """Return status and body. HTTP/1.0: the body ends with the connection."""
        data = b""
        with self._connection as connection:
            while True:
                connection.settimeout(self._deadline.left("Docker"))
                try:
                    with signals.waiting():
                        more = connection.recv(1 << 16)
                except TimeoutError:
                    raise _timed_out(self._deadline) from None
                except OSError as error:
                    raise DockerMissing(f"Docker closed the connection: {error.strerror}", _START) from None
                if not more:
                    break
                data += more
        head, _, body = data.partition(b"\r\n\r\n")
        words = head.split(None, 2)
        if len(words) < 2 or not words[1].isdigit():
            raise DockerMissing("what answers is not a Docker Engine", _START)
        return int(words[1]), body


def _timed_out(deadline: Deadline) -> TimedOut:
    return TimedOut(f"gave up after {deadline.seconds:g} s waiting for Docker", "--timeout=SECS allows more")


def _container(facts: dict[str, Any]) -> Container:
    """Read what GET /containers/ID/json tells (Docker Engine API, ContainerInspect)."""
    state = facts["State"]
    return Container(
        id=facts["Id"],
        name=facts["Name"].lstrip("/"),
        pid=state["Pid"] if state["Running"] else 0,
        host_network=facts["HostConfig"].get("NetworkMode") == "host",
        labels=facts["Config"].get("Labels") or {},
    )


def _listed(entry: dict[str, Any]) -> Listed:
    name = next((name.lstrip("/") for name in entry.get("Names") or () if name.count("/") < 2), "")
    return Listed(entry["Id"], name, entry["State"] in ("running", "paused"), entry.get("Labels") or {})
