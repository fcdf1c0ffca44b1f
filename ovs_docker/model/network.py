"""A Docker network on Open vSwitch, and how it is written into external_ids of its bridge. Pure.

Several networks may share a bridge, each with a key of its own. driver/options.py reads what was asked for.
"""

import json
from collections.abc import Mapping
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any, NamedTuple

_KEY = "ovs-docker-network-"
FLAT, ROUTED, NAT = MODES = "flat", "routed", "nat"


class Subnet(NamedTuple):
    """A subnet in CIDR notation, and the gateway's address with its prefix length, empty where there is none."""

    pool: str
    gateway: str = ""

    @property
    def version(self) -> int:
        return ip_network(self.pool).version

    @property
    def next_hop(self) -> str:
        return self.gateway.partition("/")[0]


class Network(NamedTuple):
    """A network as it was made."""

    id: str
    bridge: str
    driver: str
    """The name of the driver that made it."""
    mode: str
    subnets: tuple[Subnet, ...] = ()
    device: str = ""
    """The device that has the gateway's addresses; empty: somebody else is the gateway."""
    vlan: int | None = None
    mtu: int | None = None
    internal: bool = False
    options: tuple[tuple[str, str], ...] = ()
    """As they were given."""

    @property
    def key(self) -> str:
        return key(self.id)

    def written(self) -> str:
        """Compose the value of the key."""
        fields = {name: value for name, value in self._asdict().items() if value and name not in ("id", "bridge")}
        fields["subnets"] = [list(subnet) for subnet in self.subnets]
        return json.dumps({**fields, "options": dict(self.options)}, separators=(",", ":"))

    def gateway_for(self, address: str) -> str:
        """Return the next hop of an address of the network, empty where there is none."""
        ip = ip_interface(address).ip
        nearest = (subnet.next_hop for subnet in self.subnets if ip in ip_network(subnet.pool) and subnet.gateway)
        return next(nearest, "")


def key(network: str) -> str:
    return f"{_KEY}{network}"


def networks_in(bridge: str, external_ids: Mapping[str, str]) -> list[Network]:
    """Read the networks of a bridge; what somebody else has written there is none."""
    found = [
        _read(name.removeprefix(_KEY), bridge, text) for name, text in external_ids.items() if name.startswith(_KEY)
    ]
    return [network for network in found if network]


def _read(network: str, bridge: str, text: str) -> Network | None:
    try:
        fields: dict[str, Any] = json.loads(text)
        subnets = tuple(Subnet(str(pool), str(gateway)) for pool, gateway in fields.pop("subnets"))
        options = tuple((str(name), str(value)) for name, value in fields.pop("options").items())
        found = Network(network, bridge, subnets=subnets, options=options, **fields)
        return found if _makes_sense(found) else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _makes_sense(network: Network) -> bool:
    """Tell whether the values are of the kinds that we write; raises ValueError for some that are not."""
    for subnet in network.subnets:
        ip_network(subnet.pool)
        if subnet.gateway:
            ip_interface(subnet.gateway)
    numbers = all(each is None or type(each) is int for each in (network.vlan, network.mtu))
    words = all(type(each) is str for each in (network.driver, network.mode, network.device))
    return numbers and words and type(network.internal) is bool and network.mode in MODES


class PublishedPort(NamedTuple):
    """A port of a container that is reached at the host's; an empty host address: all of the family of `address`."""

    proto: str
    host_ip: str
    host_port: int
    address: str
    port: int


def ports_written(ports: tuple[PublishedPort, ...]) -> str:
    """Compose the value that the record has of published ports."""
    return json.dumps([list(port) for port in ports], separators=(",", ":")) if ports else ""


def ports_in(text: str) -> tuple[PublishedPort, ...]:
    """Read the record's value; what makes no sense is none."""
    try:
        return tuple(_port(*each) for each in json.loads(text)) if text else ()
    except (ValueError, TypeError, RecursionError):
        return ()


def _port(proto: str, host_ip: str, host_port: int, address: str, port: int) -> PublishedPort:
    if proto not in ("tcp", "udp", "sctp") or ip_address(address).version != ip_address(host_ip or address).version:
        raise ValueError
    if not all(type(number) is int and 0 < number < 65536 for number in (host_port, port)):
        raise ValueError
    return PublishedPort(proto, host_ip, host_port, address, port)
