"""Checks that a port's addresses reach its gateways and the next hops of its routes. No I/O."""

from ovs_docker.errors import BadValue
from ovs_docker.model.addresses import Address, Ip, is_link_local, is_single, span
from ovs_docker.model.port import PortSpec


def check_hops(spec: PortSpec) -> None:
    """Raise BadValue for gateways and routes that the addresses cannot reach, and for an MTU too small for IPv6."""
    for gateway in spec.gateways:
        _check_hop("gateway", str(gateway), gateway, spec)
    for route in spec.routes:
        if route.via:
            _check_hop("route", str(route), route.via, spec)
        elif not any(a.version == route.destination.version for a in spec.addresses):
            raise BadValue("needs an --ipaddress of its family", option="route", value=route)
    if spec.mtu is not None and spec.mtu < 1280 and spec.ipv6:
        hint = "leave out the IPv6 address or raise the MTU"
        raise BadValue("IPv6 needs at least 1280", hint, option="mtu", value=spec.mtu)


def _check_hop(option: str, value: str, hop: Ip, spec: PortSpec) -> None:
    """Refuse a next hop outside the given networks; /32 and /128 reach it on-link."""
    family = [address for address in spec.addresses if address.version == hop.version]
    if any(address.ip == hop for address in family):
        raise BadValue("is the container's own address", option=option, value=value)
    if is_link_local(hop) or any(hop in address.network or is_single(address) for address in family):
        return _check_broadcast(option, value, hop, family)
    if not family:
        raise BadValue("needs an --ipaddress of its family, whose network holds it", option=option, value=value)
    given = ",".join(map(str, family))
    raise BadValue(f"outside of --ipaddress={given}", "; ".join(map(span, family)), option, value)


def _check_broadcast(option: str, value: str, hop: Ip, family: list[Address]) -> None:
    for address in family:
        network = address.network
        if network.version == 4 and network.prefixlen < 31 and hop == network.broadcast_address:
            raise BadValue(f"is the broadcast address of {address}", option=option, value=value)


def on_link(hop: Ip, spec: PortSpec) -> bool:
    """Tell whether a next hop is on-link because its family has only /32 or /128 addresses."""
    return not is_link_local(hop) and not any(hop in address.network for address in spec.addresses)
