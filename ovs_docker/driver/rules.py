"""Which rules this host needs, by the networks and endpoints in the database. firewall.py writes them."""

from ovs_docker import locks
from ovs_docker.driver import firewall
from ovs_docker.driver.firewall import Fenced, Published
from ovs_docker.model.network import FLAT, NAT, Network, ports_in
from ovs_docker.model.port import PortRow
from ovs_docker.resolve import networks
from ovs_docker.world import World


def program(world: World, without: str = "", locked: bool = False) -> None:
    """Write the rules of all networks but `without`, one process and thread at a time."""
    if not locked:
        locks.hold_rules(world.db)
    firewall.program(_wanted(world, without))
    if not locked:
        locks.release_rules(world.db)


def missing(world: World) -> list[str]:
    """Say what the networks lack on this host."""
    return firewall.missing(_wanted(world))


def _wanted(world: World, without: str = "") -> list[Fenced]:
    found = [network for network in networks.networks(world.db) if network.id != without and network.mode != FLAT]
    rows = networks.published(networks.endpoints(world.db)) if found else {}
    return [_fenced(network, rows.get(network.id, [])) for network in found]


def _fenced(network: Network, rows: list[PortRow]) -> Fenced:
    published = tuple(Published(*port) for row in rows for port in ports_in(row.record.ports))
    subnets = tuple(subnet.pool for subnet in network.subnets)
    mode = "nat" if network.mode == NAT else "routed"
    return Fenced(network.id, network.device, mode, network.internal, subnets, published)
