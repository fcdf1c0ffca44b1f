"""add-ports BRIDGE INTERFACE CONTAINER...: one PortSpec a container, addresses counting up from the first.

netaddr does the counting; a single add-port never comes here.
"""

from collections.abc import Iterator

from netaddr import IPNetwork, iter_iprange

from ovs_docker.errors import BadValue, at
from ovs_docker.model.addresses import Address, parse_ip
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.options import Options, port_spec

# Options that only one port of a network can have.
_SINGULAR = ("macaddress", "iface-id", "ofport")


def port_specs(bridge: str, interface: str, containers: list[str], options: Options) -> list[PortSpec]:
    """Read the words of add-ports; raise BadValue where the network has too few addresses."""
    if len(containers) > 1:
        for option in _SINGULAR:
            if options.get(option, [""])[-1]:
                raise BadValue(f"--{option}={options[option][-1]}: cannot be the same for {len(containers)} containers")
    first = port_spec((bridge, interface, containers[0]), options)
    hops = {hop.packed for hop in (*first.gateways, *(route.via for route in first.routes)) if hop}
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
        raise BadValue(
            f"--ipaddress={first}: has too few addresses for {len(containers)} containers",
            "a shorter prefix holds more",
        )
    return address


def _count_up(first: Address, hops: set[bytes]) -> Iterator[Address]:
    """Yield FIRST and the addresses after it in its network, without next hops and the network's own."""
    network = IPNetwork(str(first))
    own = {network.network} if network.size > 2 else set()
    if first.family == 4 and network.size > 2:
        own.add(network.broadcast)
    following = iter_iprange(first.ip, network[-1]) if not first.single else iter_iprange(first.ip, first.ip)
    for ip in following:
        packed = parse_ip(str(ip))
        if packed not in hops and ip not in own:
            yield Address(packed, first.prefix)
