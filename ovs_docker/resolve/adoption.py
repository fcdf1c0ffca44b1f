"""The old script's ports into the record: what the live port and its container still tell.

Deciding which ports are adopted is plan_sync.py's.
"""

from ovs_docker.backends.engine.process import inside
from ovs_docker.backends.kernel import netlink, nic
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import ContainerUnfit, NoSuchContainer
from ovs_docker.model.addresses import Address, Ip, parse_address, parse_gateway
from ovs_docker.model.container import Listed
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.model.record import Record, begins
from ovs_docker.parse.recorded import record_of, spec_of
from ovs_docker.resolve.survey import Survey
from ovs_docker.world import World


def record(world: World, row: PortRow, seen: Survey) -> Record | None:
    """Compose the record of a live port of the script; None where its container cannot be told."""
    typed, interface = row.record.typed, row.record.interface
    if not any(_is_called(typed, container) for container in seen.listed.values()):
        return None
    try:
        container = world.docker.inspect(typed)
        with inside(world.docker, container):
            rtnl, ifindex = Rtnl(), nic.index_of(interface)
    except (NoSuchContainer, ContainerUnfit):
        return None
    link = netlink.link_of(rtnl, ifindex) if ifindex else None
    if not ifindex or not link or not link.mac:
        return None
    mtu = link.mtu  # the script set that of the container's end only
    spec = PortSpec(
        row.bridge, interface, typed, external_ids=row.record.others, iface_id=row.record.iface_id or None, mtu=mtu
    )
    addresses, gateways = _network(rtnl, ifindex)
    found = record_of(spec._replace(addresses=addresses, gateways=gateways), container, link.mac)
    spec_of(row._replace(record=found))  # what could not be read back is not written
    return found


def _is_called(typed: str, container: Listed) -> bool:
    return typed == container.name or begins(typed, container.id)


def _network(rtnl: Rtnl, ifindex: int) -> tuple[tuple[Address, ...], tuple[Ip, ...]]:
    """Read addresses and, for each family, the ruling default gateway of one interface."""
    addresses = tuple(parse_address(text) for text in netlink.addresses_of(rtnl, ifindex))
    ruling = [_gateway(rtnl, ifindex, family) for family in (4, 6)]
    return addresses, tuple(parse_gateway(via) for via in ruling if via)


def _gateway(rtnl: Rtnl, ifindex: int, family: int) -> str:
    routes = netlink.default_routes(rtnl, family)
    return next((route.via for route in routes if route.device == ifindex and route.via), "")
