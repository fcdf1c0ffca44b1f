"""The options of a port: the one table. Grammar, readers, schema, labels, record and completions follow from it.

A row's `field` names the field of PortSpec, the reader of one value in readers.py and, if the record has one of that
name, the field of Record. Nothing is imported here: --help reads this, too.
"""

from typing import NamedTuple


class Option(NamedTuple):
    """`metavar` empty: a flag. `many`: may be repeated; for all others the last one wins.

    `complete`: what a shell offers as the value where there are no `choices`, a kind in cli/complete.py.
    """

    name: str
    metavar: str
    help: str
    short: str = ""
    many: bool = False
    field: str = ""
    choices: tuple[str, ...] = ()
    complete: str = ""


PORT = (
    Option(
        "ipaddress",
        "ADDRESS[/LEN],…",
        "IPv4 and IPv6 addresses; without /LEN /32 or /128. Or dynamic: OVN chooses.",
        field="addresses",
    ),
    Option("gateway", "GATEWAY,…", "Default gateway, one per family.", field="gateways"),
    Option("route", "DST/LEN[,VIA]", "A route through INTERFACE.", many=True, field="routes"),
    Option("macaddress", "MAC", "MAC address of INTERFACE (default: a random one).", field="mac"),
    Option("mtu", "MTU", "MTU of both ends of the veth pair, 68 to 65535 bytes.", field="mtu"),
    Option(
        "tx-queue-len", "PACKETS", "Transmit queue length of INTERFACE, 1 to 1000000 packets.", field="tx_queue_len"
    ),
    Option("vlan", "VLAN", "Make the port an access port of this VLAN, 0 to 4095.", field="tag"),
    Option(
        "trunks",
        "VLAN,FIRST-LAST,…",
        "VLANs that the port carries tagged; with --vlan that one is native.",
        field="trunks",
    ),
    Option(
        "iface-id",
        "ID",
        "Logical port of OVN or another controller (default CONTAINER-NAME_INTERFACE).",
        field="iface_id",
    ),
    Option(
        "logical-switch",
        "SWITCH",
        "Create the logical port as well, on this logical switch of OVN.",
        field="logical_switch",
        complete="switch",
    ),
    Option(
        "port-security",
        "",
        "With --logical-switch: let it send from its own addresses only.",
        field="port_security",
    ),
    Option("ofport", "NUMBER", "OpenFlow port number, 1 to 65279.", field="ofport"),
    Option("external-id", "KEY=VALUE", "Further external_ids of the Interface row.", many=True, field="external_ids"),
    Option(
        "datapath-type",
        "TYPE",
        "Datapath of a bridge that has to be created: system or netdev (userspace).",
        field="datapath_type",
        choices=("system", "netdev"),
    ),
)

NAMES = tuple(option.name for option in PORT)
"""All options of a port, as add-port, files and labels call them."""

MANY = tuple(option.name for option in PORT if option.many)
