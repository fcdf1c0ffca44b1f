"""Logical switches and ports of OVN's northbound database, existing and to be created. Only calls for OVN load this."""

from typing import Any, NamedTuple

from ovs_docker.model.addresses import Address
from ovs_docker.model.chassis import Chassis
from ovs_docker.model.port import Uuid
from ovs_docker.model.record import Record


class LogicalSwitch(NamedTuple):
    """`subnets` are those from which OVN chooses addresses, `routers` the addresses of routers on the switch."""

    uuid: Uuid
    name: str
    subnets: tuple[Address, ...]
    routers: tuple[Address, ...]
    tunnelled: bool
    """Whether its traffic goes through tunnels between hosts: it has no localnet port."""
    router_macs: tuple[str, ...] = ()
    """Those of the routers' ports on the switch."""


class LogicalPort(NamedTuple):
    """An existing logical port that ovs-docker created; `row` is its whole row, for restoring."""

    uuid: Uuid
    name: str
    switch: Uuid
    row: dict[str, Any]

    @property
    def record(self) -> Record:
        return Record.read(dict(self.row["external_ids"][1]))


class LogicalFacts(NamedTuple):
    """What exists in OVN for one PortSpec; `switch` is None if only a stale port had a logical port."""

    switch: LogicalSwitch | None
    ours: tuple[LogicalPort, ...]
    """Logical ports that an earlier call created for this interface of this container."""
    chassis: tuple[Chassis, ...]
    """The chassis of this host, the one that has its system-id first."""
    mtu: int | None
    """What the tunnels leave of the underlay's MTU, in bytes; None without tunnels."""


class LogicalPortSpec(NamedTuple):
    """A logical port to create, or to turn `before`, of the same name and switch, into."""

    name: str
    switch: LogicalSwitch
    mac: str
    addresses: tuple[Address, ...]
    dynamic: bool
    port_security: bool
    marks: dict[str, str]
    before: LogicalPort | None

    @property
    def words(self) -> str:
        """The column `addresses` (ovn-nb(5)): the MAC, then IP addresses without prefix lengths, or `dynamic`."""
        return " ".join([self.mac, *(["dynamic"] if self.dynamic else [str(address.ip) for address in self.addresses])])
