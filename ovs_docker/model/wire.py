"""Wire: one port to attach with everything decided; what the attaching steps work on. Deciding is plan.py's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.model.container import Container
from ovs_docker.model.port import Bridge, PortRow, PortSpec
from ovs_docker.model.record import Record

if TYPE_CHECKING:
    from ovs_docker.backends.kernel.netns import Netns
    from ovs_docker.model.addresses import Ip, Network
    from ovs_docker.model.ovn import WantedPort


class PlannedRoute(NamedTuple):
    """A route as the kernel is told it; `metric` 0 leaves the choice to the kernel."""

    destination: Network
    via: Ip | None
    onlink: bool
    metric: int


class Wire(NamedTuple):
    """One port to attach, everything decided."""

    spec: PortSpec
    container: Container
    netns: Netns
    bridge: Bridge | None
    """None: the bridge has to be made."""
    host_end: str
    mac: str
    record: Record
    tag: int | None
    routes: tuple[PlannedRoute, ...]
    checksum_offload: bool
    stale: tuple[PortRow, ...]
    """Rows whose link is gone or refused; the new port replaces them."""
    namesakes: tuple[str, ...] = ()
    """Interfaces that have the same iface-id and do not work: they may stay."""
    logical: WantedPort | None = None
    """The logical port of OVN to be made with it."""

    @property
    def ipv6(self) -> bool:
        return self.spec.ipv6

    def __str__(self) -> str:
        return f"{self.spec.interface} of container {self.container.name}"
