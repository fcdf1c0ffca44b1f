"""The Docker Engine: look-ups by plain requests, lists and events by the docker package. Where it is, is endpoint.py's.

Importing the package costs 110 ms; a list is asked for where there is more to do than one add-port.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ovs_docker.backends.engine.endpoint import Endpoint
from ovs_docker.backends.engine.http import Line, Request
from ovs_docker.errors import DockerMissing, NoSuchContainer
from ovs_docker.model.container import Container, Listed, command_of

_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_NET_ADMIN = frozenset(("NET_ADMIN", "CAP_NET_ADMIN", "ALL", "CAP_ALL"))
_ROOT = "/var/lib/docker"
_EVENTS = {"type": ["container"], "event": ["start", "destroy", "remove"]}  # the last is Podman's word for destroy


class Docker:
    """An Engine at the end of `line`."""

    name = "Docker"

    def __init__(self, line: Line) -> None:
        self.line = line
        self.unnamed = line.endpoint.unnamed
        self._called: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return self.line.endpoint.url

    def recorded_as(self) -> tuple[str, ...]:
        if not self._called:
            with self._understanding():
                root = json.loads(self.line.get("/info").receive().body)["DockerRootDir"]
                self._called = (_called(root, self.line.endpoint), f"docker:{root}")
        return self._called

    def ask(self, typed: str) -> "Question":
        if not typed or not _NAME.issuperset(typed):
            raise NoSuchContainer(typed)
        return Question(self.line.get(f"/containers/{typed}/json"), typed)

    def inspect(self, typed: str) -> Container:
        return self.ask(typed).answer()

    def containers(self) -> list[Listed]:
        with self._client(self.line.time_left() or 60) as client:
            return self._list(client.containers(all=True))

    def running(self) -> list[Listed]:
        with self._understanding():
            return self._list(json.loads(self.line.get("/containers/json").receive().body))

    def _list(self, answer: Any) -> list[Listed]:
        """Read a list; an answer of another shape is no empty one."""
        with self._understanding():
            if not isinstance(answer, list):
                raise TypeError
            return [_listed(entry) for entry in answer]

    @contextmanager
    def events(self) -> Iterator[Iterator[str]]:
        with self._client(None) as client:
            yield map(self._container_of, client.events(decode=True, filters=_EVENTS))

    def _container_of(self, event: Any) -> str:
        with self._understanding():
            return str(event["Actor"]["ID"])

    @contextmanager
    def _understanding(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, LookupError, TypeError, AttributeError):
            raise self.line.missing(f"the answer of {self.name} at {self.url} makes no sense") from None

    @contextmanager
    def _client(self, timeout: float | None) -> Iterator[Any]:
        from docker import APIClient
        from docker.errors import DockerException
        from requests.exceptions import RequestException
        from urllib3.exceptions import HTTPError

        try:
            with APIClient(self.url, version="auto", timeout=timeout) as client:
                yield client
        except (DockerException, RequestException, HTTPError) as error:
            raise self.line.missing(f"no answer from {self.name} at {self.url}: {error}") from None


class Question:
    """The look-up of a container under way."""

    def __init__(self, request: Request, typed: str) -> None:
        self._request = request
        self._typed = typed

    def answer(self) -> Container:
        """Wait for the engine's answer; raise NoSuchContainer, or DockerMissing where it makes no sense."""
        reply = self._request.receive()
        if reply.status == 404:
            raise NoSuchContainer(self._typed, f"{command_of(reply.engine)} ps -a lists all containers")
        try:
            facts = json.loads(reply.body)
            if reply.status == 200:
                engine = reply.engine or _called(_root(facts), self._request.line.endpoint)
                return _container(facts)._replace(engine=engine)
            reason = facts["message"]
        except (ValueError, LookupError, TypeError, AttributeError):
            reason = f"HTTP status {reply.status}, and an answer that is not Docker's"
        engine = self._request.line.endpoint.engine
        raise DockerMissing(f"{engine} cannot tell about container {self._typed}: {reason}")


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
        net_admin=_has_net_admin(facts["HostConfig"]),
        started_at=state.get("StartedAt") or "",
        sandbox_key=(facts.get("NetworkSettings") or {}).get("SandboxKey") or "",
    )


def _has_net_admin(host: dict[str, Any]) -> bool:
    return host.get("Privileged") is True or not _NET_ADMIN.isdisjoint(host.get("CapAdd") or ())


def directory(engine: str, full_id: str) -> str:
    """Return where a Docker, given as Container.engine has it, keeps a container until it is removed."""
    return os.path.join("/", engine.removeprefix("docker:") or _ROOT, "containers", full_id)


def _root(facts: dict[str, Any]) -> str:
    """Return the data root of the engine, DIRECTORY/containers/ID/hostname: no two engines share one."""
    return str(facts.get("HostnamePath") or "").rpartition("/containers/")[0]


def _called(root: str, endpoint: Endpoint) -> str:
    """Name a Docker as Container.engine has it."""
    return "" if root in ("", _ROOT) or endpoint.is_customary else f"docker:{root}"


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
