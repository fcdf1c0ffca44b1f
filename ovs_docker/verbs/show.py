"""get-port and list-ports: what is attached. Reads only; resolve/state.py tells in what state a port is."""

from ovs_docker.errors import NotAttached
from ovs_docker.report.outcome import Outcome, port_object
from ovs_docker.report.text import table
from ovs_docker.resolve import ports, state
from ovs_docker.world import World


def name_of(world: World, interface: str, container: str, in_doubt: bool = False) -> Outcome:
    """Tell the name of the port of an interface (get-port); `in_doubt`: the two may be the wrong way round."""
    try:
        rows = ports.find(world, container, interface)
    except NotAttached as error:
        if in_doubt and ports.recorded(world.db, interface, container):
            error.exact, error.hint = False, f"the order is CONTAINER INTERFACE: get-port {interface} {container}"
        raise
    described = state.described(world, state.with_containers(world, rows)) if world.reports else []
    return Outcome([port_object(*port) for port in described], [row.name for row in rows])


def list_ports(world: World, bridge: str | None, container: str | None, width: int = 0) -> Outcome:
    """List the ports that this tool or the old script attached, all or those of a bridge or a container."""
    pairs = state.selected(world, bridge, container)
    if container and not pairs:
        world.docker.inspect(container)  # raises NoSuchContainer for a mistyped name
    data = [port_object(*port) for port in state.described(world, pairs)]
    return Outcome(data, table(data, width) if data else ())
