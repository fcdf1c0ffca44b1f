"""The old script's ports into the record: what the live port and its container still tell.

Deciding which ports are adopted is plan_sync.py's.
"""

from ovs_docker.backends.engine.docker import Listed
from ovs_docker.backends.kernel import netlink, nic
from ovs_docker.backends.kernel.netns import Netns
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import ContainerUnfit, NoSuchContainer
from ovs_docker.model import names
from ovs_docker.model.addresses import Address, parse_address, parse_gateway
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.model.record import to_external_ids
from ovs_docker.resolve.survey import Survey
from ovs_docker.world import World


def record(world: World, row: PortRow, seen: Survey) -> dict[str, str] | None:
    """Compose the record of a live port of the script; None where its container cannot be told."""
    typed, interface = row.ids.get(names.CONTAINER_ID, ""), row.ids.get(names.CONTAINER_IFACE, "")
    if not any(_is_called(typed, container) for container in seen.listed.values()):
        return None
    try:
        container = world.docker.inspect(typed)
        netns = Netns(container.pid, container.name)
    except (NoSuchContainer, ContainerUnfit):
        return None
    with netns.entered():
        rtnl, ifindex = Rtnl(), nic.index_of(interface)
    netns.close()
    mac = netlink.mac_of(rtnl, ifindex) if ifindex else None
    if not ifindex or not mac:
        return None
    kept = tuple((key, value) for key, value in row.ids.items() if key not in names.RESERVED)
    mtu = netlink.mtu_of(rtnl, ifindex)  # the script set that of the container's end only
    spec = PortSpec(row.bridge, interface, typed, external_ids=kept, iface_id=row.ids.get(names.IFACE_ID), mtu=mtu)
    addresses, gateways = _network(rtnl, ifindex)
    return to_external_ids(spec._replace(addresses=addresses, gateways=gateways), container, mac)


def _is_called(typed: str, container: Listed) -> bool:
    return typed == container.name or (len(typed) >= 12 and container.id.startswith(typed))


def _network(rtnl: Rtnl, ifindex: int) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """Read addresses and default gateways of one interface."""
    addresses = tuple(parse_address(text) for text in netlink.addresses_of(rtnl, ifindex))
    defaults = [route for family in (4, 6) for route in netlink.default_routes(rtnl, family)]
    gateways = tuple(parse_gateway(route.via) for route in defaults if route.device == ifindex and route.via)
    return addresses, gateways
