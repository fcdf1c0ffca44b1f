"""get-port and list-ports: what is attached. Reads only; in what state, state.py tells."""

from ovs_docker.backends.ovsdb.bridge_operations import select_bridge
from ovs_docker.errors import BridgeUnfit
from ovs_docker.report.outcome import Outcome
from ovs_docker.report.text import table
from ovs_docker.resolve import ports
from ovs_docker.verbs import state
from ovs_docker.verbs.change import found
from ovs_docker.world import World


def name_of(world: World, interface: str, container: str) -> Outcome:
    """Tell the name of the port of an interface (get-port)."""
    rows = found(world, container, interface)
    data = state.objects(world, state.owned(world, rows)) if world.reports else []
    return Outcome(data, [row.name for row in rows])


def list_ports(world: World, bridge: str | None, container: str | None) -> Outcome:
    """List the ports that this tool or the old script attached, all or those of a bridge or a container."""
    ports = state.objects(world, selected(world, bridge, container))
    return Outcome(ports, table(ports) if ports else ())


def selected(world: World, bridge: str | None, container: str | None) -> list[state.Owned]:
    """Find these ports, ordered by bridge, container and interface."""
    if bridge and not any(world.db.rows(select_bridge(bridge))):
        raise BridgeUnfit(f"there is no bridge {bridge}", "ovs-vsctl list-br shows them")
    rows = [row for row in ports.everything(world.db) if not bridge or bridge in (row.bridge, row.parent)]
    pairs = state.owned(world, rows)
    if container:
        pairs = [pair for pair in pairs if _is_called(container, pair)]
    return sorted(pairs, key=_order)


def _order(pair: state.Owned) -> tuple[str, str, str]:
    row, owner = pair
    name = owner.name if owner else row.record.container
    return row.bridge, name, row.record.interface


def _is_called(typed: str, pair: state.Owned) -> bool:
    row, owner = pair
    record = row.record._replace(full_id=owner.id, name=owner.name) if owner else row.record
    return record.is_called(typed)
