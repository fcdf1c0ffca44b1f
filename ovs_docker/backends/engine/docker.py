"""The Docker Engine: inspection and events by plain requests, lists by the docker package.

Importing the package costs 110 ms; a list is asked for where there is more to do than one add-port. Its events know no
time limit: a watch would never notice that Docker hangs.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import takewhile
from typing import Any

from ovs_docker import signals
from ovs_docker.backends.engine.endpoint import Endpoint
from ovs_docker.backends.engine.http import Line, Reply, Request
from ovs_docker.backends.engine.kinds import DATA_ROOT
from ovs_docker.deadline import PROBE, SILENCE, Deadline
from ovs_docker.errors import ContainerUnfit, DockerMissing, NoSuchContainer
from ovs_docker.model.container import Container, Listed, Mount, command_of

_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_NET_ADMIN = frozenset(("NET_ADMIN", "CAP_NET_ADMIN", "ALL", "CAP_ALL"))
_SAID = 500  # letters of what an engine says in an error
_NONSENSE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What comes of reading an answer that has another shape."""
_EVENTS = {"type": ["container"], "event": ["start", "destroy", "remove"]}  # the last is Podman's word for destroy


class Docker:
    """An Engine at the end of `line`."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.unnamed = line.endpoint.unnamed
        self._called: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.line.endpoint.kind.name

    @property
    def url(self) -> str:
        return self.line.endpoint.url

    def recorded_as(self) -> tuple[str, ...]:
        if not self._called:
            with self._understanding():
                root = _text(json.loads(self.line.get("/info").receive().body)["DockerRootDir"])
                self._called = (_called(root, self.line.endpoint), f"docker:{root}")
        return self._called

    def ask(self, typed: str) -> "Question":
        if not typed or not _NAME.issuperset(typed):
            raise NoSuchContainer(typed)
        return Question(self.line.get(f"/containers/{typed}/json"), typed)

    def ask_image(self, image: str) -> "ImageQuestion":
        path = image if _NAME.issuperset(image.replace(":", "")) else "-"
        return ImageQuestion(self.line.get(f"/images/{path}/json"), image)

    def inspect(self, typed: str) -> Container:
        return self.ask(typed).answer()

    def containers(self) -> list[Listed]:
        from ovs_docker.backends.engine.client import client_over

        with signals.waiting(), self._understanding(), client_over(self.line) as client:
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

    def networks(self) -> dict[str, str]:
        from ovs_docker.backends.engine.networks import names_of

        return names_of(self.line)

    def endpoints(self, networks: Iterable[str]) -> dict[str, dict[str, str]]:
        from ovs_docker.backends.engine.networks import endpoints_of

        return endpoints_of(self.line, networks)

    def make_network(self, wish: dict[str, Any]) -> bool:
        from ovs_docker.backends.engine.networks import make

        return make(self.line, wish)

    @contextmanager
    def events(self) -> Iterator[Iterator[str]]:
        """Do what Engine.events says; raise DockerMissing also where the engine has none for us."""
        from urllib.parse import quote

        path = f"/events?filters={quote(json.dumps(_EVENTS))}"
        with closing(self.line.get(path).lines(PROBE)) as lines:
            heard = self._heard(lines)
            head = [line for line in takewhile(lambda line: line != b"\r", heard) if line]
            if not head or b" 200 " not in head[0]:
                said = head[0].decode(errors="replace") if head else "it hung up"
                raise self.line.missing(f"no events of {self.name} at {self.url}: {said}")
            yield (self._container_of(line) if line.startswith(b"{") else "" for line in heard)

    def _heard(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        """Pass lines on; where none comes, see by another connection that the engine is there."""
        for line in lines:
            if not line:
                Line([self.line.endpoint], Deadline(SILENCE)).get("/_ping").receive()
            yield line

    def _container_of(self, event: bytes) -> str:
        with self._understanding():
            return _text(json.loads(event)["Actor"]["ID"])

    @contextmanager
    def _understanding(self) -> Iterator[None]:
        try:
            yield
        except _NONSENSE:
            raise self.line.missing(f"the answer of {self.name} at {self.url} makes no sense") from None


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
        with _understanding(self._request, reply, f"container {self._typed}") as facts:
            engine = reply.engine or _called(_root(facts), self._request.line.endpoint)
            return _container(facts)._replace(engine=engine)


class ImageQuestion:
    """The look-up of an image's labels under way."""

    def __init__(self, request: Request, image: str) -> None:
        self._request = request
        self._image = image

    def answer(self) -> dict[str, str]:
        """Wait for the engine's answer; raise ContainerUnfit, or DockerMissing where it makes no sense."""
        reply = self._request.receive()
        if reply.status == 404:
            said = f"its image {self._image} is gone, so nobody can tell which labels come from it"
            raise ContainerUnfit(said, "--image-labels counts them all")
        with _understanding(self._request, reply, f"image {self._image}") as facts:
            return _labels(facts["Config"].get("Labels"))  # newer engines leave out what is empty


@contextmanager
def _understanding(request: Request, reply: Reply, subject: str) -> Iterator[dict[str, Any]]:
    """Let the body read an answer; raise DockerMissing where it is a refusal or makes no sense."""
    try:
        facts = json.loads(reply.body)
        if reply.status == 200:
            yield facts
            return
        reason = _text(facts["message"])[:_SAID]
    except _NONSENSE:
        reason = f"HTTP status {reply.status}, and an answer that is not Docker's"
    raise DockerMissing(f"{request.line.endpoint.kind.name} cannot tell about {subject}: {reason}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _labels(value: Any) -> dict[str, str]:
    return {_text(name): _text(text) for name, text in (value or {}).items()}


def _pid(state: dict[str, Any]) -> int:
    pid = state["Pid"] if state["Running"] else 0
    if type(pid) is not int:
        raise TypeError
    return pid


def _container(facts: dict[str, Any]) -> Container:
    """Read what GET /containers/ID/json tells (Docker Engine API, ContainerInspect)."""
    state = facts["State"]
    return Container(
        id=_text(facts["Id"]),
        name=_text(facts["Name"]).lstrip("/"),
        pid=_pid(state),
        host_network=facts["HostConfig"].get("NetworkMode") == "host",
        labels=_labels(facts["Config"].get("Labels")),
        directories=tuple(_directories(facts)),
        net_admin=_has_net_admin(facts["HostConfig"]),
        started_at=_text(state.get("StartedAt") or ""),
        sandbox_key=_text((facts.get("NetworkSettings") or {}).get("SandboxKey") or ""),
        image=_text(facts.get("Image") or ""),
        mounts=tuple(map(_mount, facts.get("Mounts") or ())),
    )


def _mount(mount: dict[str, Any]) -> Mount:
    return Mount(_text(mount.get("Source") or ""), _text(mount["Destination"]), mount.get("RW") is not False)


def _has_net_admin(host: dict[str, Any]) -> bool:
    return host.get("Privileged") is True or not _NET_ADMIN.isdisjoint(host.get("CapAdd") or ())


def _root(facts: dict[str, Any]) -> str:
    """Return the data root of the engine, DIRECTORY/containers/ID/hostname: no two engines share one."""
    return str(facts.get("HostnamePath") or "").rpartition("/containers/")[0]


def _called(root: str, endpoint: Endpoint) -> str:
    """Name a Docker as Container.engine has it."""
    return "" if root in ("", DATA_ROOT) or endpoint.is_customary else f"docker:{root}"


def _directories(facts: dict[str, Any]) -> Iterator[str]:
    for pair in facts["Config"].get("Env") or ():
        name, _, value = pair.partition("=")
        if name == "OVS_RUNDIR" and value:
            yield value
    for mount in facts.get("Mounts") or ():
        yield _text(mount["Destination"])


def _listed(entry: dict[str, Any]) -> Listed:
    name = next((name.lstrip("/") for name in entry.get("Names") or () if name.count("/") < 2), "")
    running = entry["State"] in ("running", "paused")
    return Listed(
        _text(entry["Id"]), _text(name), running, _labels(entry.get("Labels")), _text(entry.get("ImageID") or "")
    )
