"""The state of attached ports, together with their containers. Reads only."""

from typing import Any

from ovs_docker.backends.kernel import nic
from ovs_docker.errors import ContainerUnfit, KernelRefused, NoPermission, NoSuchContainer
from ovs_docker.model.container import Container, Listed, meant
from ovs_docker.model.port import PortRow
from ovs_docker.report.outcome import port_object
from ovs_docker.resolve import ports
from ovs_docker.world import World

Owned = tuple[PortRow, Listed | None]


def owned(world: World, rows: list[PortRow]) -> list[Owned]:
    """Pair ports with their containers; None for a removed one."""
    listed = world.docker.containers() if rows else []
    return [(row, _owner(world, row, listed)) for row in rows]


def named(world: World, names: list[str]) -> list[dict[str, Any]]:
    """Describe ports by name as they are now."""
    return objects(world, owned(world, ports.named(world.db, names)))


def objects(world: World, pairs: list[Owned]) -> list[dict[str, Any]]:
    """Describe ports with their true states, as list-ports has them."""
    return [_object(world, row, owner) for row, owner in pairs]


def _owner(world: World, row: PortRow, listed: list[Listed]) -> Listed | None:
    """Find the container of a port: by the recorded full id, or for the script's ports by the word typed then."""
    full_id, typed = row.record.full_id, row.record.typed
    if full_id:
        return next((entry for entry in listed if entry.id == full_id), None)
    found = meant(typed, listed)
    if typed and not found and world.host.index_of(row.name):  # a link means that the container is there
        found = meant(typed, listed, digits=1)
    return found[0] if len(found) == 1 else None


def _object(world: World, row: PortRow, owner: Listed | None) -> dict[str, Any]:
    port = port_object(row, _state(world, row, owner), owner.name if owner else "")
    if owner and port["state"] == "up" and not row.record.full_id:
        port.update(_inside(world, world.docker.inspect(owner.id), row))
    return port


def _state(world: World, row: PortRow, owner: Listed | None) -> str:
    if owner is None and row.record.engine in world.docker.recorded_as():
        return "gone"
    if owner and not owner.running:
        return "stopped"
    there = [row.name] if world.host.index_of(row.name) is not None else []
    if row.is_live(there):
        return "up"
    if there:
        return "error"
    return "stale" if owner else "unknown"  # of another engine's container no more can be told


def _inside(world: World, container: Container, row: PortRow) -> dict[str, Any]:
    """Read MAC and addresses from the container: the old script recorded none."""
    from ovs_docker.backends.engine.process import inside
    from ovs_docker.backends.kernel import dumps
    from ovs_docker.backends.kernel.rtnl import Rtnl

    if not container.pid:
        return {"state": "stopped"}
    try:
        with inside(world.docker, container):
            rtnl, ifindex = Rtnl(), nic.index_of(row.record.interface)
        link = dumps.link_of(rtnl, ifindex) if ifindex else None
        if not ifindex or not link:
            return {"state": "stale"}
        return {"mac": link.mac, "addresses": dumps.addresses_of(rtnl, ifindex)}
    except (ContainerUnfit, KernelRefused, NoPermission, NoSuchContainer):
        return {}
