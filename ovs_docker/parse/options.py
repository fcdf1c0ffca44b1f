"""The options of a port: the one table. Grammar, readers, schema, labels, record and completions follow from it.

Nothing is imported here: --help reads this, too.
"""

from typing import NamedTuple

Options = dict[str, list[str]]
"""The values given, by option name, in order; [""] for a flag."""


class Option(NamedTuple):
    """`metavar` empty: a flag. `many`: may be repeated; of all others the last one counts.

    `complete`: what a shell offers as the value if there are no `choices`, a kind in cli/complete.py.
    """

    name: str
    metavar: str
    help: str
    complete: str = ""
    short: str = ""
    many: bool = False
    reader: str = ""
    choices: tuple[str, ...] = ()
    needs_veth: bool = False
    """Not with --vhost-user, where the container's DPDK application sets up what is inside."""

    @property
    def field(self) -> str:
        """The field of PortSpec, the reader of one value in readers.py and, if it has one, the field of Record."""
        return self.reader or self.name.replace("-", "_")


PORT = (
    Option(
        "ipaddress",
        "ADDRESS[/LEN],…",
        "IP addresses (default /32, /128); dynamic: OVN chooses.",
        reader="addresses",
        needs_veth=True,
    ),
    Option("gateway", "GATEWAY,…", "Default gateway, one per family.", reader="gateways", needs_veth=True),
    Option("route", "DST/LEN[,VIA]", "A route through INTERFACE.", many=True, reader="routes", needs_veth=True),
    Option("macaddress", "MAC", "MAC address of INTERFACE (default: a random one).", reader="mac", needs_veth=True),
    Option("mtu", "MTU", "MTU of both ends of the veth pair, 68 to 65535 bytes.", needs_veth=True),
    Option("tx-queue-len", "PACKETS", "Transmit queue length of INTERFACE, 1 to 1000000 packets.", needs_veth=True),
    Option("vlan", "VLAN", "Make the port an access port of this VLAN, 0 to 4095.", reader="tag"),
    Option("trunks", "VLAN,FIRST-LAST,…", "VLANs that the port carries tagged; with --vlan that one is native."),
    Option("iface-id", "ID", "Logical port of OVN or another controller (default CONTAINER-NAME_INTERFACE)."),
    Option(
        "logical-switch", "SWITCH", "Also create the logical port, on this logical switch.", "switch", needs_veth=True
    ),
    Option("port-security", "", "With --logical-switch: let it send from its own addresses only.", needs_veth=True),
    Option("ofport", "NUMBER", "OpenFlow port number, 1 to 65279."),
    Option("external-id", "KEY=VALUE", "Further external_ids of the Interface row.", many=True, reader="external_ids"),
    Option("vhost-user", "DIR", "The container runs DPDK itself: its socket is in DIR, and nothing is set up inside."),
    Option("datapath-type", "TYPE", "Type of a new bridge: system, netdev (userspace).", choices=("system", "netdev")),
)

NAMES = tuple(option.name for option in PORT)
"""All options of a port, as add-port, files and labels call them."""

MANY = tuple(option.name for option in PORT if option.many)
