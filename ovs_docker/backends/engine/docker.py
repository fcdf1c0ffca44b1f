"""The Docker Engine: look-ups by plain requests, lists and events by the docker package. Where it is, is endpoint.py's.

Importing the package costs 110 ms; a list is asked for where there is more to do than one add-port.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ovs_docker.backends.engine.endpoint import check_files
from ovs_docker.backends.engine.http import Line, Request
from ovs_docker.errors import DockerMissing, NoSuchContainer
from ovs_docker.model.container import Container, Listed, command_of

_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_EVENTS = {"type": ["container"], "event": ["start", "destroy", "remove"]}  # the last is Podman's word for destroy


class Docker:
    """An Engine at the end of `line`."""

    name = "Docker"

    def __init__(self, line: Line) -> None:
        self.line = line
        self.unnamed = line.endpoint.unnamed

    @property
    def url(self) -> str:
        return self.line.endpoint.url

    def kind(self) -> str:
        return ""

    def ask(self, typed: str) -> "Question":
        if not typed or not _NAME.issuperset(typed):
            raise NoSuchContainer(typed)
        return Question(self.line.get(f"/containers/{typed}/json"), typed)

    def inspect(self, typed: str) -> Container:
        return self.ask(typed).answer()

    def containers(self) -> list[Listed]:
        with self._client(self.line.time_left() or 60) as client:
            return [_listed(entry) for entry in client.containers(all=True)]

    def running(self) -> list[Listed]:
        return [_listed(entry) for entry in json.loads(self.line.get("/containers/json").receive().body)]

    @contextmanager
    def events(self) -> Iterator[Iterator[str]]:
        with self._client(None) as client:
            yield (event["Actor"]["ID"] for event in client.events(decode=True, filters=_EVENTS))

    @contextmanager
    def _client(self, timeout: float | None) -> Iterator[Any]:
        from docker import APIClient
        from docker.errors import DockerException
        from requests.exceptions import RequestException
        from urllib3.exceptions import HTTPError

        check_files()
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
                return _container(facts)._replace(engine=reply.engine)
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
