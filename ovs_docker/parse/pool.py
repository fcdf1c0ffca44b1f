"""add-ports BRIDGE INTERFACE CONTAINER...: one PortSpec per container, addresses counting up from the first.

netaddr does the counting; add-port does not load this.
"""

from collections.abc import Iterator

from netaddr import IPNetwork, iter_iprange

from ovs_docker.errors import BadValue, at
from ovs_docker.model.addresses import Address, Ip, parse_address
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.options import Options
from ovs_docker.parse.spec import port_spec

_SINGULAR = ("macaddress", "iface-id", "ofport")  # unique on a network


def port_specs(bridge: str, interface: str, containers: list[str], options: Options) -> list[PortSpec]:
    """Read the words of add-ports; raise BadValue if the network has too few addresses."""
    if len(containers) > 1:
        for option in _SINGULAR:
            if options.get(option, [""])[-1]:
                said = f"cannot be the same for {len(containers)} containers"
                raise BadValue(said, option=option, value=options[option][-1])
    first = port_spec((bridge, interface, containers[0]), options)
    hops = {hop for hop in (*first.gateways, *(route.via for route in first.routes)) if hop}
    pools = [_count_up(address, hops) for address in first.addresses]
    specs = []
    for number, container in enumerate(containers):
        place = f"ports[{number}] (container {container})"
        with at(place):
            addresses = tuple(_next(pool, address, containers) for pool, address in zip(pools, first.addresses))
        specs.append(first._replace(container=container, addresses=addresses, place=place))
    return specs


def _next(pool: Iterator[Address], first: Address, containers: list[str]) -> Address:
    address = next(pool, None)
    if address is None:
        said = f"has too few addresses for {len(containers)} containers"
        raise BadValue(said, "a shorter prefix holds more", option="ipaddress", value=first)
    return address


def _count_up(first: Address, hops: set[Ip]) -> Iterator[Address]:
    """Yield FIRST and the addresses after it, without next hops and the network and broadcast addresses."""
    network = IPNetwork(str(first))
    own = {network.network} if network.size > 2 else set()
    if first.version == 4 and network.size > 2:
        own.add(network.broadcast)
    for ip in iter_iprange(str(first.ip), network[-1]):
        if ip not in own and (found := parse_address(f"{ip}/{network.prefixlen}")).ip not in hops:
            yield found
