"""get-port and list-ports: what is attached, and in what state. Reads only."""

from typing import Any

from ovs_docker import find, names
from ovs_docker.backends import nic
from ovs_docker.backends.docker import Listed
from ovs_docker.errors import BridgeUnfit, ContainerUnfit, KernelRefused, NoPermission
from ovs_docker.model import Container, PortRow
from ovs_docker.outcome import Outcome, port_object
from ovs_docker.report import table
from ovs_docker.verbs.change import found
from ovs_docker.world import World


def name_of(world: World, interface: str, container: str) -> Outcome:
    """Tell the name of the port of an interface (get-port)."""
    rows = found(world, container, interface)
    return Outcome([port_object(row) for row in rows], [row.name for row in rows])


def list_ports(world: World, bridge: str | None, container: str | None) -> Outcome:
    """List the ports that this tool or the old script attached, all or those of a bridge or a container."""
    if bridge:
        _check_bridge(world, bridge)
    rows = [row for row in find.everything(world.db) if not bridge or bridge in (row.bridge, row.parent)]
    listed = world.docker.containers() if rows else []
    pairs = [(row, _owner(row, listed)) for row in rows]
    if container:
        pairs = [(row, owner) for row, owner in pairs if _is_called(container, row, owner)]
    ports = [_port(world, row, owner) for row, owner in pairs]
    ports.sort(
        key=lambda port: (port["bridge"], port["container_name"] or port["container_id"], port["interface"] or "")
    )
    return Outcome(ports, table(ports) if ports else ())


def _check_bridge(world: World, name: str) -> None:
    from ovs_docker.transactions import select_bridge

    if not any(world.db.rows(select_bridge(name))):
        raise BridgeUnfit(f"there is no bridge {name}", "ovs-vsctl list-br shows them")


def _owner(row: PortRow, listed: list[Listed]) -> Listed | None:
    """Find the container of a port: by the recorded full id, or for the script's ports by the word typed then."""
    full_id, typed = row.ids.get(names.FULL_ID), row.ids[names.CONTAINER_ID]
    for entry in listed:
        if entry.id == full_id or (not full_id and (entry.name == typed or _is_id(typed, entry.id))):
            return entry
    return None


def _is_id(typed: str, full_id: str) -> bool:
    return len(typed) >= 12 and full_id.startswith(typed)


def _is_called(typed: str, row: PortRow, owner: Listed | None) -> bool:
    full_id = owner.id if owner else row.ids.get(names.FULL_ID, "")
    name = owner.name if owner else row.ids.get(names.NAME)
    return typed in (row.ids[names.CONTAINER_ID], name) or _is_id(typed, full_id)


def _port(world: World, row: PortRow, owner: Listed | None) -> dict[str, Any]:
    port = port_object(row, owner.name if owner else "", _state(row, owner))
    if owner and port["state"] == "up" and not row.ids.get(names.FULL_ID):
        port.update(_inside(world, world.docker.inspect(owner.id), row))
    return port


def _state(row: PortRow, owner: Listed | None) -> str:
    if owner is None:
        return "gone"
    if not owner.running:
        return "stopped"
    if nic.index_of(row.name) is None:
        return "stale"
    works = row.ofport is not None and row.ofport > 0 and not row.error
    return "up" if works else "error"


def _inside(world: World, container: Container, row: PortRow) -> dict[str, Any]:
    """Read MAC and addresses from the container: the old script recorded none."""
    from ovs_docker.backends import netlink
    from ovs_docker.backends.netns import Netns
    from ovs_docker.backends.rtnl import Rtnl

    if not container.pid:
        return {"state": "stopped"}
    try:
        netns = Netns(container.pid, container.name)
        with netns.entered():
            rtnl, ifindex = Rtnl(), nic.index_of(row.ids.get(names.CONTAINER_IFACE, ""))
        netns.close()
        if ifindex is None:
            return {"state": "stale"}
        return {"mac": netlink.mac_of(rtnl, ifindex), "addresses": netlink.addresses_of(rtnl, ifindex)}
    except (ContainerUnfit, KernelRefused, NoPermission):
        return {}
