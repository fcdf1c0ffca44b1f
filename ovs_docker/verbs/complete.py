"""What can complete the word being typed: bridges, containers, ports. Reads only; cli/complete.py prints it."""

from collections.abc import Callable

from ovs_docker.backends.ovsdb.operations import select
from ovs_docker.world import World


def _bridges(world: World, given: list[str]) -> list[str]:
    fake = select("Port", ["fake_bridge", "==", True], columns=("name",))
    found = world.db.rows([select("Bridge", columns=("name",)), fake])
    return [row["name"] for rows in found for row in rows]


def _switches(world: World, given: list[str]) -> list[str]:
    return [row["name"] for row in world.nb.rows([select("Logical_Switch", columns=("name",))])[0]]


def _containers(world: World, given: list[str]) -> list[str]:
    return [container.name for container in world.docker.running() if container.name not in given]


def _projects(world: World, given: list[str]) -> list[str]:
    from ovs_docker.parse.labels import PODMAN_PROJECT, PROJECT

    labels = [container.labels for container in world.docker.running()]
    return [each[key] for each in labels for key in (PROJECT, PODMAN_PROJECT) if each.get(key)]


def _interfaces(world: World, given: list[str]) -> list[str]:
    return [interface for _, interface in _attached(world, given)]


def _containers_attached(world: World, given: list[str]) -> list[str]:
    return [container for container, _ in _attached(world, given)]


def _attached(world: World, given: list[str]) -> list[tuple[str, str]]:
    """Return container and interface of the ports that match all words given so far."""
    from ovs_docker.resolve import ports

    rows = [(row, row.record) for row in ports.everything(world.db)]
    return [
        (record.container, record.interface)
        for row, record in rows
        if all(word in (row.bridge, row.parent, record.interface) or record.is_called(word) for word in given)
    ]


LOOK_UPS: dict[str, Callable[[World, list[str]], list[str]]] = {
    "bridge": _bridges,
    "switch": _switches,
    "container": _containers,
    "project": _projects,
    "interface": _interfaces,
    "attached": _containers_attached,
}
"""By kind, as `complete` in cli/grammar.py names it; each takes the words that the verb has so far."""
