"""Gateways and next hops of routes: whether a port's addresses reach them. No I/O."""

from ovs_docker.errors import BadValue
from ovs_docker.model.addresses import Address, Ip, is_link_local, is_single, span
from ovs_docker.model.port import PortSpec


def check_hops(spec: PortSpec) -> None:
    """Refuse gateways and routes that the addresses cannot reach, and an MTU too small for them."""
    for gateway in spec.gateways:
        _check_hop("--gateway", str(gateway), gateway, spec)
    for route in spec.routes:
        if route.via:
            _check_hop("--route", str(route), route.via, spec)
        elif not any(a.version == route.destination.version for a in spec.addresses):
            raise BadValue(f"--route={route}: needs an --ipaddress of its family")
    if spec.mtu is not None and spec.mtu < 1280 and spec.ipv6:
        raise BadValue(f"--mtu={spec.mtu}: IPv6 needs at least 1280", "leave out the IPv6 address or raise the MTU")


def _check_hop(option: str, value: str, hop: Ip, spec: PortSpec) -> None:
    """Refuse a next hop that no given network holds; /32 and /128 reach it on-link."""
    family = [address for address in spec.addresses if address.version == hop.version]
    if any(address.ip == hop for address in family):
        raise BadValue(f"{option}={value}: is the container's own address")
    if is_link_local(hop) or any(hop in address.network or is_single(address) for address in family):
        return _check_broadcast(option, value, hop, family)
    if not family:
        raise BadValue(f"{option}={value}: needs an --ipaddress of its family, whose network holds it")
    given = ",".join(map(str, family))
    raise BadValue(f"{option}={value}: outside of --ipaddress={given}", "; ".join(map(span, family)))


def _check_broadcast(option: str, value: str, hop: Ip, family: list[Address]) -> None:
    for address in family:
        network = address.network
        if network.version == 4 and network.prefixlen < 31 and hop == network.broadcast_address:
            raise BadValue(f"{option}={value}: is the broadcast address of {address}")


def on_link(hop: Ip, spec: PortSpec) -> bool:
    """Tell whether a next hop must be reached on-link because only /32 or /128 addresses are given for it."""
    return not is_link_local(hop) and not any(hop in address.network for address in spec.addresses)
