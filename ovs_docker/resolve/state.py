"""The state of attached ports, together with their containers. Reads only; report/outcome.py makes objects of it."""

import re
from typing import Any

from ovs_docker.backends.kernel import nic
from ovs_docker.backends.ovsdb.bridge_operations import select_bridge
from ovs_docker.errors import BridgeUnfit, ContainerUnfit, KernelRefused, NoPermission, NoSuchContainer
from ovs_docker.model.container import Container, Listed, meant
from ovs_docker.model.port import PortRow
from ovs_docker.resolve import ends, ports
from ovs_docker.world import World

Pair = tuple[PortRow, Listed | None]
"""A port and its container; None for a removed one."""
Described = tuple[PortRow, str, str, dict[str, Any]]
"""A port, its state, the name of its container now, and what was read there (report.outcome.port_object)."""


def with_containers(world: World, rows: list[PortRow]) -> list[Pair]:
    """Pair ports with their containers."""
    listed = world.docker.containers() if rows else []
    return [(row, _container(world, row, listed)) for row in rows]


def selected(world: World, bridge: str | None, container: str | None) -> list[Pair]:
    """Find all ports, or those of a bridge or a container, ordered by bridge, container and interface."""
    if bridge and not any(world.db.rows(select_bridge(bridge))):
        raise BridgeUnfit(f"there is no bridge {bridge}", "ovs-vsctl list-br shows them")
    rows = [row for row in ports.everything(world.db) if not bridge or bridge in (row.bridge, row.parent)]
    pairs = with_containers(world, rows)
    return sorted((pair for pair in pairs if not container or _is_called(container, pair)), key=_order)


def _is_called(typed: str, pair: Pair) -> bool:
    """Tell whether a word names the container by what it is called now; if it was removed, by the record."""
    row, container = pair
    record = row.record._replace(full_id=container.id, name=container.name) if container else row.record
    return record.is_called(typed)


def _order(pair: Pair) -> list[list[str | int]]:
    row, container = pair
    name = container.name if container else row.record.container
    return [_natural(word) for word in (row.bridge, name, row.record.interface)]


def _natural(word: str) -> list[str | int]:
    """Split a name so that c2 comes before c10: text and numbers by turns."""
    return [int(part) if at % 2 else part for at, part in enumerate(re.split("([0-9]+)", word))]


def named(world: World, names: list[str]) -> list[Described]:
    """Describe ports by name as they are now."""
    return described(world, with_containers(world, ports.named(world.db, names)))


def described(world: World, pairs: list[Pair]) -> list[Described]:
    """Describe ports with their true states, as list-ports has them."""
    states = {row.name: _state(world, row, container) for row, container in pairs}
    seen = ends.of_ports(world, [row for row, _ in pairs if row.record.full_id and states[row.name] == "up"])
    states |= {name: "stale" for name, end in seen.items() if end.lost}
    return [_described(world, row, container, states[row.name]) for row, container in pairs]


def _container(world: World, row: PortRow, listed: list[Listed]) -> Listed | None:
    """Find the container of a port: by the recorded full id, or for the script's ports by the word typed then."""
    full_id, typed = row.record.full_id, row.record.typed
    if full_id:
        return next((entry for entry in listed if entry.id == full_id), None)
    found = meant(typed, listed)
    if typed and not found and world.host.index_of(row.name):  # a link means that the container is there
        found = meant(typed, listed, digits=1)
    return found[0] if len(found) == 1 else None


def _described(world: World, row: PortRow, container: Listed | None, state: str) -> Described:
    name = container.name if container else ""
    if container and state == "up" and not row.record.full_id:
        found = _inside(world, world.docker.inspect(container.id), row)
        return row, state, name, found
    return row, state, name, {}


def _state(world: World, row: PortRow, container: Listed | None) -> str:
    if container is None and row.record.engine in world.docker.recorded_as():
        return "gone"
    if container and not container.running:
        return "stopped"
    there = [row.name] if world.host.index_of(row.name) is not None else []
    if row.is_live(there):
        return "up"
    if there or row.socket:
        return "error"
    return "stale" if container else "unknown"  # nothing more is known about another engine's container


def _inside(world: World, container: Container, row: PortRow) -> dict[str, Any]:
    """Read MAC and addresses from the container: the old script recorded none."""
    from ovs_docker.backends.engine.process import inside
    from ovs_docker.backends.kernel import dumps
    from ovs_docker.backends.kernel.rtnl import Rtnl

    if not container.pid:
        return {"state": "stopped"}
    try:
        with inside(world.docker, container), Rtnl() as rtnl:
            ifindex = nic.index_of(row.record.interface)
            link = dumps.link_of(rtnl, ifindex) if ifindex else None
            if not ifindex or not link:
                return {"state": "stale"}
            return {"mac": link.mac, "addresses": dumps.addresses_of(rtnl, ifindex)}
    except (ContainerUnfit, KernelRefused, NoPermission, NoSuchContainer):
        return {}
