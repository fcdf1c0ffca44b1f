"""get-port and list-ports: what is attached. Reads only; resolve/state.py tells in what state a port is."""

from ovs_docker.report.outcome import Outcome, port_object
from ovs_docker.report.text import table
from ovs_docker.resolve import ports, state
from ovs_docker.world import World


def name_of(world: World, interface: str, container: str) -> Outcome:
    """Tell the name of the port of an interface (get-port)."""
    rows = ports.find(world, container, interface)
    described = state.described(world, state.with_containers(world, rows)) if world.reports else []
    return Outcome([port_object(*port) for port in described], [row.name for row in rows])


def list_ports(world: World, bridge: str | None, container: str | None) -> Outcome:
    """List the ports that this tool or the old script attached, all or those of a bridge or a container."""
    described = state.described(world, state.selected(world, bridge, container))
    data = [port_object(*port) for port in described]
    return Outcome(data, table(data) if data else ())
