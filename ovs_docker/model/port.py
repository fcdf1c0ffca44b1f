"""Ports, asked for and existing, and their bridges. parse/spec.py makes them of words, resolve/rows.py of rows.

They are NamedTuples and not dataclasses: a frozen dataclass costs 0.5 ms to define and needs `inspect` (10 ms), a
NamedTuple 0.07 ms, in every call of the command.
"""

from collections.abc import Container as Collection
from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.model import names
from ovs_docker.model.record import Record

if TYPE_CHECKING:
    from ovs_docker.model.addresses import Address, Ip, Network
else:
    Address = Ip = Network = object  # strings cost a NamedTuple 0.1 ms each

Uuid = str
LAST_NUMBER = 65279  # ovs-vswitchd.conf.db(5), Interface.ofport_request


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
    vhost_user: str | None = None
    """The directory of the socket, for a container that runs DPDK itself."""
    logical_switch: str | None = None
    port_security: bool = False
    dynamic: bool = False
    """OVN chooses the addresses, which are then put into `addresses`."""
    place: str = ""
    """Where it is defined, if it is one of several; for errors."""
    called: str = ""
    """The name of `container`, if that is a full id, which people do not read."""

    @property
    def named(self) -> str:
        return self.called or self.container

    def iface_id_in(self, container_name: str) -> str:
        """Return the iface-id of this port, given or by default."""
        return self.iface_id or names.iface_id(container_name, self.interface)

    @property
    def socket(self) -> str:
        """The path of the vhost-user socket; empty: the port is a veth pair."""
        return names.vhost_user_socket(self.vhost_user, self.interface) if self.vhost_user else ""

    @property
    def ipv6(self) -> bool:
        """Tell whether anything asked for needs IPv6 on the interface."""
        return any(a.version == 6 for a in (*self.addresses, *self.gateways, *(r.destination for r in self.routes)))


class Bridge(NamedTuple):
    """Without `uuid` the bridge has to be created. For a fake bridge `tag` is its VLAN, the rest its parent's."""

    uuid: Uuid
    name: str
    parent: str
    datapath_type: str
    tag: int | None

    @property
    def in_userspace(self) -> bool:
        """Tell whether vswitchd itself forwards, not the kernel."""
        return self.datapath_type == "netdev"


class PortRow(NamedTuple):
    """A Port row with its one Interface row and its bridge; `rows` are the two whole rows, for restoring."""

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
    def number(self) -> int | None:
        """The OpenFlow number that it has, or is to have again, because flows name it."""
        requested = self.rows[0].get("ofport_request")  # a set, if there is none
        asked = requested if isinstance(requested, int) else self.record.number
        return self.ofport if self.ofport and self.ofport > 0 else asked

    @property
    def in_userspace(self) -> bool:
        """Tell whether vswitchd itself forwards, not the kernel."""
        return self.datapath_type == "netdev"

    @property
    def works(self) -> bool:
        return is_served(self.ofport, self.error) is True

    def is_live(self, host_ends: Collection[str]) -> bool:
        """Tell whether the port forwards: vswitchd serves it, and its host end is among these that exist.

        Without its host end a port is stale: the container was restarted. What is missing, check/port.py tells. A
        vhost-user port has no device: ovs-vswitchd connects again by itself.
        """
        return self.works and (self.has_socket if self.socket else self.name in host_ends)

    def is_strange(self, others: Collection[str]) -> bool:
        """Tell whether the device is not ours, whatever the record says: by its name, or as one of these others'."""
        return self.name in others or not names.is_host_end(self.name)

    @property
    def takes_device(self) -> bool:
        """Tell whether the interface is a device of this name, or our vhost-user port, and no tunnel or patch port.

        A patch port without a peer is one whose device is being renewed (port_operations.let_go).
        """
        kind = self.rows[0].get("type", "")
        renewed = kind == "patch" and "peer" not in self.options
        return kind in ("", "system") or renewed or bool(self.socket and kind == names.VHOST_USER)

    @property
    def socket(self) -> str:
        """The path of the vhost-user socket, as recorded; empty: the port is a veth pair."""
        record = self.record
        return names.vhost_user_socket(record.vhost_user, record.interface) if record.vhost_user else ""

    @property
    def has_socket(self) -> bool:
        """Tell whether vswitchd was told the recorded socket; somebody may have set other options, too."""
        return self.rows[0].get("type") == names.VHOST_USER and self.options.get(names.SOCKET) == self.socket

    @property
    def options(self) -> dict[str, str]:
        """The interface's options; some depend on its type (ovs-vswitchd.conf.db(5))."""
        found = self.rows[0].get("options")
        return dict(found[1]) if isinstance(found, list) else {}


def is_served(ofport: int | None, error: str | None) -> bool | None:
    """Tell by its columns whether vswitchd serves an interface; None: it has not handled it yet."""
    if error or ofport is None:
        return False if error else None
    return ofport > 0


class DefaultRoute(NamedTuple):
    """A default route of the container; `metric` as the kernel reports it."""

    via: str
    device: int
    metric: int
