"""get-port, list-ports, list-networks: what is attached. Reads only; resolve/state.py tells in what state a port is."""

from ovs_docker.errors import NotAttached
from ovs_docker.model.network import Network
from ovs_docker.report.outcome import Outcome, port_object
from ovs_docker.report.text import networks_table, table
from ovs_docker.resolve import endpoints, ports, state
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
    networked = endpoints.described(world, bridge, container)
    if container and not pairs and not networked:
        world.docker.inspect(container)  # raises NoSuchContainer for a mistyped name
    data = [port_object(*port) for port in [*state.described(world, pairs), *networked]]
    return Outcome(data, table(data, width) if data else ())


def list_networks(world: World) -> Outcome:
    """List the Docker networks that the driver has made."""
    data = [_network_object(*network) for network in endpoints.named_networks(world)]
    return Outcome(data, networks_table(data) if data else ())


def _network_object(network: Network, name: str, count: int) -> dict[str, object]:
    return {
        "network": network.id,
        "name": name or None,
        "driver": network.driver,
        "mode": network.mode,
        "bridge": network.bridge,
        "device": network.device or None,
        "subnets": [subnet.pool for subnet in network.subnets],
        "gateways": [subnet.gateway for subnet in network.subnets if subnet.gateway],
        "tag": network.vlan,
        "mtu": network.mtu,
        "internal": network.internal,
        "endpoints": count,
    }
