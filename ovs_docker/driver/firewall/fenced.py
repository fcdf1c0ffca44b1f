"""What the firewall is asked for: networks and their published ports, checked before they become words of rules.

How the rules look is in rules.py.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from ovs_docker.errors import BadValue
from ovs_docker.model.addresses import parse_ip, parse_network

_PROTOCOLS = "tcp", "udp", "sctp"
_MODES = "nat", "routed"
_UNFIT = frozenset(" \"'`\\/")


class Published(NamedTuple):
    """One published port; a range is one of these per port. An empty `host_ip` is every address of the host."""

    proto: str
    host_ip: str
    host_port: int
    address: str
    port: int


class Fenced(NamedTuple):
    """A network by Docker's id; its bridge's own device is the gateway, its subnets are CIDRs of either family."""

    network: str
    bridge: str
    mode: str
    internal: bool
    subnets: tuple[str, ...]
    published: tuple[Published, ...]

    def has(self, version: int) -> bool:
        """Tell whether the network has addresses of a family, 4 or 6."""
        return any(_version(subnet) == version for subnet in self.subnets)

    def ports(self, version: int) -> list[Published]:
        """Return the ports that a family's rules are about, in a lasting order: named host addresses come first."""
        if self.internal:
            return []
        fitting = {port for port in self.published if _version(port.address) == version}
        return sorted(fitting, key=lambda port: (everywhere(port), port))

    def on_loopback(self) -> bool:
        """Tell whether 127.0.0.1 may have to lead to one of its ports."""
        translates = self.mode == "nat" and not self.internal and self.has(4)
        return translates and any(_version(port.address) == 4 for port in self.published)


def _version(checked: str) -> int:
    return 6 if ":" in checked else 4


def check(networks: Sequence[Fenced]) -> None:
    """Raise BadValue for what cannot be, or could be read as something else, in a rule."""
    for network in networks:
        try:
            _check(network)
        except ValueError as error:
            raise BadValue(f"network {network.network[:12]!r} has no rules: {error}") from None


def _check(fenced: Fenced) -> None:
    if not (fenced.network.isascii() and fenced.network.isalnum() and len(fenced.network) <= 64):
        raise ValueError(f"{fenced.network!r} is not a network's id")
    if not _is_device(fenced.bridge):
        raise ValueError(f"{fenced.bridge!r} is not a bridge that iptables can name")
    if fenced.mode not in _MODES:
        raise ValueError(f"{fenced.mode!r} is neither nat nor routed")
    for subnet in fenced.subnets:
        with _about(subnet):
            if parse_network(subnet).prefixlen == 0:
                raise ValueError("is everything, not a subnet")
    for port in fenced.published:
        _check_port(port)


def _is_device(name: str) -> bool:
    """Tell whether a name means one device: iptables reads a + at the end as all that begin so."""
    letters = name.isascii() and name.isprintable() and _UNFIT.isdisjoint(name)
    return letters and 0 < len(name) < 16 and name[0] not in "-!#" and not name.endswith("+")


def _check_port(port: Published) -> None:
    if port.proto not in _PROTOCOLS:
        raise ValueError(f"{port.proto!r} is none of {', '.join(_PROTOCOLS)}")
    for number in (port.host_port, port.port):
        if not 0 < number < 65536:
            raise ValueError(f"{number} is not a port from 1 to 65535")
    with _about(port.address):
        version = parse_ip(port.address).version
    with _about(port.host_ip):
        if port.host_ip and parse_ip(port.host_ip).version != version:
            raise ValueError(f"is not of the family of {port.address}")


@contextmanager
def _about(text: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{text!r} {error}") from None


def holder(networks: Sequence[Fenced], wanted: Published) -> str | None:
    """Return the id of the network that publishes the host's port already, for a caller who refuses the second."""
    for network in networks:
        if any(_clash(wanted, port) for port in network.published):
            return network.network
    return None


def _clash(one: Published, other: Published) -> bool:
    if (one.proto, one.host_port) != (other.proto, other.host_port):
        return False
    here, there = everywhere(one), everywhere(other)
    same = _version(one.address) == _version(other.address)
    return same and (here or there or parse_ip(one.host_ip) == parse_ip(other.host_ip))


def everywhere(port: Published) -> bool:
    """Tell whether it is published at every address of the host."""
    return not port.host_ip or parse_ip(port.host_ip).is_unspecified
