"""What is asked for and what is there, as frozen values. Words become these in sources.py, rows in port_rows.py.

They are NamedTuples and not dataclasses: a frozen dataclass costs 0.5 ms to define and needs
`inspect` (10 ms), a NamedTuple 0.07 ms, and every call of the command pays that anew.
"""

from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.model.record import Record

if TYPE_CHECKING:
    from ovs_docker.model.addresses import Address, Ip, Network
else:
    Address = Ip = Network = object  # strings cost a NamedTuple 0.1 ms each

Uuid = str


class Route(NamedTuple):
    """A route in the container; `via` None means on-link."""

    destination: Network
    via: Ip | None

    def __str__(self) -> str:
        return f"{self.destination},{self.via}" if self.via else str(self.destination)


class PortSpec(NamedTuple):
    """One port as asked for. None and empty mean: not given."""

    bridge: str
    interface: str
    container: str
    addresses: tuple[Address, ...] = ()
    gateways: tuple[Ip, ...] = ()
    routes: tuple[Route, ...] = ()
    mac: str | None = None
    mtu: int | None = None
    tx_queue_len: int | None = None
    tag: int | None = None
    trunks: tuple[int, ...] = ()
    iface_id: str | None = None
    ofport: int | None = None
    external_ids: tuple[tuple[str, str], ...] = ()
    datapath_type: str | None = None
    logical_switch: str | None = None
    port_security: bool = False
    dynamic: bool = False
    """OVN chooses the addresses; once it has they stand in `addresses`."""
    place: str = ""
    """Where it was asked for, if it is one of several; for errors."""
    called: str = ""
    """The name of `container`, where that is a full id, which people do not read."""

    @property
    def named(self) -> str:
        return self.called or self.container

    @property
    def ipv6(self) -> bool:
        """Tell whether anything asked for needs IPv6 on the interface."""
        return any(a.version == 6 for a in (*self.addresses, *self.gateways, *(r.destination for r in self.routes)))


class Bridge(NamedTuple):
    """A bridge that ports can be put on. For a fake (VLAN) bridge `tag` is its VLAN, the rest its parent's.

    One that has to be made has no `uuid` yet.
    """

    uuid: Uuid
    name: str
    parent: str
    datapath_type: str
    tag: int | None


class PortRow(NamedTuple):
    """A Port row with its one Interface row and its bridge; `rows` are the two rows whole, for restoring."""

    interface_uuid: Uuid
    port_uuid: Uuid
    bridge_uuid: Uuid
    bridge: str
    parent: str
    datapath_type: str
    name: str
    record: Record
    ofport: int | None
    error: str
    ifindex: int | None
    mac_in_use: str
    mtu: int | None
    tag: int | None
    trunks: tuple[int, ...]
    vlan_mode: str
    rows: tuple[dict[str, object], dict[str, object]]

    @property
    def works(self) -> bool:
        """Tell whether vswitchd serves the port."""
        return is_served(self.ofport, self.error) is True


def is_served(ofport: int | None, error: str | None) -> bool | None:
    """Tell by an Interface row's columns whether vswitchd serves it; None: it has not looked at it yet."""
    if error or ofport is None:
        return False if error else None
    return ofport > 0


class DefaultRoute(NamedTuple):
    """A default route that the container has; `metric` as the kernel prints it."""

    via: str
    device: int
    metric: int
