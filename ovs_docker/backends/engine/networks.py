"""Docker's networks: which there are, their endpoints, a new one (Docker Engine API). Only the driver asks."""

import json
from collections.abc import Iterable
from typing import Any

from ovs_docker.backends.engine.http import Line, Reply
from ovs_docker.errors import DockerMissing

_SAID = 500  # letters of what Docker says in an error
_EXISTS = 409


def names_of(line: Line) -> dict[str, str]:
    """Return the names of all networks by id."""
    found = _list(line, line.get("/networks").receive())
    return {_text(each, "Id", line): _text(each, "Name", line) for each in found}


def endpoints_of(line: Line, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the endpoints of each of these networks that there is, with the ids of their containers."""
    known = names_of(line)
    found = {}
    for network in known.keys() & set(ids):
        reply = line.get(f"/networks/{network}").receive()
        if reply.status != 404:
            containers = _read(line, reply).get("Containers") or {}
            found[network] = {_text(each, "EndpointID", line): str(key) for key, each in containers.items()}
    return found


def make(line: Line, wish: dict[str, Any]) -> bool:
    """Make a network; return False if there is one of that name."""
    if wish["Name"] in names_of(line).values():
        return False
    reply = line.post("/networks/create", json.dumps(wish).encode()).receive()
    if reply.status not in (201, _EXISTS):
        _read(line, reply)
    return reply.status == 201


def _list(line: Line, reply: Reply) -> list[Any]:
    answer = _read(line, reply)
    if not isinstance(answer, list):
        raise _nonsense(line)
    return answer


def _read(line: Line, reply: Reply) -> Any:
    """Read an answer; raise DockerMissing for a refusal: an empty list would mean that everything is gone."""
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        raise _nonsense(line) from None
    if reply.status != 200:
        said = str(answer.get("message"))[:_SAID] if isinstance(answer, dict) else f"HTTP status {reply.status}"
        raise DockerMissing(f"{line.endpoint.kind.name} refuses: {said}")
    return answer


def _text(entry: Any, name: str, line: Line) -> str:
    value = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(value, str):
        raise _nonsense(line)
    return value


def _nonsense(line: Line) -> DockerMissing:
    return line.missing(f"the answer of {line.endpoint.kind.name} at {line.endpoint.url} makes no sense")
