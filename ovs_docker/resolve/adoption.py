"""Composes records for the old script's ports from the live port and its container.

plan/sync.py decides which ports are adopted.
"""

from ovs_docker.backends.engine.process import inside
from ovs_docker.backends.kernel import dumps, nic
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import ContainerUnfit, NoSuchContainer
from ovs_docker.model.addresses import Address, Ip, parse_address, parse_ip
from ovs_docker.model.container import meant
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.model.record import Record
from ovs_docker.parse.recorded import record_of, spec_of
from ovs_docker.resolve.survey import Survey
from ovs_docker.world import World


def compose_record(world: World, row: PortRow, seen: Survey) -> Record | None:
    """Compose the record of a live port of the script; None if its container is unknown."""
    typed, interface = row.record.typed, row.record.interface
    if not meant(typed, seen.listed.values()):
        return None
    try:
        container = world.docker.inspect(typed)
        with inside(world.docker, container), Rtnl() as rtnl:
            ifindex = nic.index_of(interface)
            link = dumps.link_of(rtnl, ifindex) if ifindex else None
            network = _network(rtnl, link.ifindex) if link else ((), ())
    except (NoSuchContainer, ContainerUnfit):
        return None
    if not link or not link.mac:
        return None
    iface_id, others = row.record.iface_id or None, row.record.others  # the script set the MTU in the container only
    spec = PortSpec(row.bridge, interface, typed, *network, mtu=link.mtu, iface_id=iface_id, external_ids=others)
    found = record_of(spec, container, link.mac)._replace(ofport=str(row.ofport or ""))
    found = found.put_on(row.parent, row.tag, row.trunks)
    spec_of(row._replace(record=found))  # what could not be read back is not written
    return found


def _network(rtnl: Rtnl, ifindex: int) -> tuple[tuple[Address, ...], tuple[Ip, ...]]:
    """Read addresses and, for each family, the ruling default gateway of one interface."""
    addresses = tuple(parse_address(text) for text in dumps.addresses_of(rtnl, ifindex))
    ruling = [_gateway(rtnl, ifindex, family) for family in (4, 6)]
    return addresses, tuple(parse_ip(via) for via in ruling if via)


def _gateway(rtnl: Rtnl, ifindex: int, family: int) -> str:
    routes = dumps.default_routes(rtnl, family)
    return next((route.via for route in routes if route.device == ifindex and route.via), "")
