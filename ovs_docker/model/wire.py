"""Wire: one port to attach, everything decided, made of parts; what the attaching steps work on. Deciding is plan/'s.

A container's port has all parts. A Docker network's has no Inside: the engine moves the other end of the pair itself.
"""

from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.model.port import Bridge, PortRow
from ovs_docker.model.record import Record

if TYPE_CHECKING:
    from ovs_docker.backends.kernel.netns import Netns
    from ovs_docker.model.addresses import Address, Ip, Network
    from ovs_docker.model.container import Container
    from ovs_docker.model.ovn import LogicalPortSpec
else:
    Address = Container = Ip = Netns = Network = LogicalPortSpec = object  # strings cost a NamedTuple 0.1 ms each


class Pair(NamedTuple):
    """A veth pair to make, its host end where vswitchd is."""

    host_end: str
    other_end: str
    netns: Netns | None
    """Where the other end goes; None: it stays beside the host end, for somebody else to move."""
    mac: str
    mtu: int | None
    tx_queue_len: int | None
    checksum_offload: bool
    """Whether the kernel may leave TX checksums to the device: the userspace datapath fills in none."""


class Port(NamedTuple):
    """A port to put into the database."""

    name: str
    bridge: Bridge
    tag: int | None
    trunks: tuple[int, ...]
    ofport: int | None
    record: Record
    marks: dict[str, str]
    """Pairs of external_ids that no other interface may have."""
    stale: tuple[PortRow, ...]
    """Rows whose link is gone or refused; the new port replaces them."""
    namesakes: tuple[str, ...]
    """Interfaces that have the same iface-id and do not work: they may stay."""


class PlannedRoute(NamedTuple):
    """A route as the kernel is told it; `metric` 0 leaves the choice to the kernel."""

    destination: Network
    via: Ip | None
    onlink: bool
    metric: int


class Inside(NamedTuple):
    """What is set up in a container's namespace."""

    container: Container
    netns: Netns
    interface: str
    mac: str
    addresses: tuple[Address, ...]
    routes: tuple[PlannedRoute, ...]
    ipv6: bool


class Wire(NamedTuple):
    """One port to attach: where it was asked for, what people call it, and its parts."""

    place: str
    called: str
    port: Port
    pair: Pair | None = None
    inside: Inside | None = None
    logical: LogicalPortSpec | None = None
    """The logical port of OVN to be made with it."""

    def __str__(self) -> str:
        return self.called
