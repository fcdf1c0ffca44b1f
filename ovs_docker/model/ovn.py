"""What OVN's northbound database has and is to have for a port, as frozen values. Only calls for OVN load this.

Rows become these in find_logical.py, operations in nb_transactions.py.
"""

from typing import Any, NamedTuple

from ovs_docker.model.addresses import Address
from ovs_docker.model.port import Uuid


class LogicalSwitch(NamedTuple):
    """A logical switch: `subnets` are those from which OVN chooses, `routers` the addresses of routers on it."""

    uuid: Uuid
    name: str
    subnets: tuple[Address, ...]
    routers: tuple[Address, ...]
    tunnelled: bool
    """Whether its traffic goes through tunnels between hosts: it has no port to a network of theirs."""


class LogicalPort(NamedTuple):
    """A logical port that is there and that we made, with its switch; `row` is its row whole, for restoring."""

    uuid: Uuid
    name: str
    switch: Uuid
    row: dict[str, Any]


class LogicalFacts(NamedTuple):
    """What is there for one PortSpec; `switch` None: none is asked for, but a stale port had a logical one."""

    switch: LogicalSwitch | None
    ours: tuple[LogicalPort, ...]
    """Logical ports that we made for this interface of this container earlier."""
    host: dict[str, str]
    """What this host's Open vSwitch was told of OVN."""
    mtu: int | None
    """What the tunnels leave of the underlay's MTU, in bytes; None where there are none."""


class LogicalPortSpec(NamedTuple):
    """A logical port to make, or what `before`, of the same name and switch, is to become."""

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
