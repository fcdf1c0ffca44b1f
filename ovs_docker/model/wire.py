"""Wire: one port to attach, fully planned, in parts that the steps work on; plan/ composes it.

A container's port has all parts. A Docker network's has no Inside: the engine moves the other end of the pair itself.
"""

from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.model.port import Bridge, PortRow
from ovs_docker.model.record import Record

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Protocol

    from ovs_docker.model.addresses import Address, Ip, Network
    from ovs_docker.model.container import Container
    from ovs_docker.model.ovn import LogicalPortSpec

    class Netns(Protocol):
        """An open network namespace; backends/kernel/netns.py has it."""

        fd: int
        name: str

        def still_runs(self) -> bool: ...
        def entered(self) -> AbstractContextManager[None]: ...
else:
    Address = Container = Ip = Netns = Network = LogicalPortSpec = object  # strings cost a NamedTuple 0.1 ms each


class Pair(NamedTuple):
    """A veth pair to create; the host end stays with vswitchd."""

    host_end: str
    other_end: str
    netns: Netns | None
    """Where the other end goes; None: it stays with the host end until somebody else moves it."""
    mac: str
    mtu: int | None
    tx_queue_len: int | None
    checksum_offload: bool
    """Whether the kernel may leave TX checksums to the device; the userspace datapath computes none."""
    answers_arp: bool = True
    """Whether the host end has ARP: on the userspace datapath the kernel would answer there for the gateway."""


class Port(NamedTuple):
    """A port to insert into the database."""

    name: str
    bridge: Bridge
    tag: int | None
    trunks: tuple[int, ...]
    ofport: int | None
    former: int | None
    """The OpenFlow number that it had: requested again, unless another port has it now."""
    record: Record
    marks: dict[str, str]
    """Pairs of external_ids that no other interface may have."""
    stale: tuple[PortRow, ...]
    """Rows whose device is gone or refused; the new port replaces them."""
    namesakes: tuple[str, ...]
    """Interfaces with the same iface-id that do not work: they may stay."""
    socket: str = ""
    """The path of the vhost-user socket, if it is no veth pair."""
    strangers: tuple[str, ...] = ()
    """Interfaces with the same marks for containers of other engines: they may stay."""


class PlannedRoute(NamedTuple):
    """A route for the kernel, which chooses the metric if it is 0."""

    destination: Network
    via: Ip | None
    onlink: bool
    metric: int

    def __str__(self) -> str:
        to = f"route to {self.destination}" if self.destination.prefixlen else "default route"
        return to + (f" via {self.via}" if self.via else "")


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
    """One port to attach: where it is defined, its name in messages, and its parts."""

    place: str
    called: str
    port: Port
    pair: Pair | None = None
    inside: Inside | None = None
    logical: LogicalPortSpec | None = None
    """The logical port of OVN to create with it."""

    def __str__(self) -> str:
        return self.called
