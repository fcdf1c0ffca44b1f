"""Containers, rows and facts as the backends read them, with one value changed where a test needs it.

Rows are made in OVSDB's own JSON form and read by port_rows.py, specs from the words of a command line:
the tests stand on the same road as the calls.
"""

import os
from typing import Any

from ovs_docker.backends.kernel.netns import Netns
from ovs_docker.cli import words
from ovs_docker.model import names
from ovs_docker.model.container import Container
from ovs_docker.model.port import Bridge, PortRow, PortSpec
from ovs_docker.parse.recorded import record_of
from ovs_docker.parse.spec import port_spec
from ovs_docker.parse.together import sift
from ovs_docker.resolve import rows as port_rows
from ovs_docker.resolve.facts import Facts
from ovs_docker.resolve.interfaces import PortFacts

ID = "c474a0e2830e" + "0123456789abcdef" * 3 + "beef"
CONTAINER = Container(ID, "netsho1", 4711, False)
BRIDGE = Bridge("bridge-uuid", "br-int", "br-int", "", None)
OWNER = names.owner(ID, "eth0")
FIRST_END = names.host_end(OWNER)
SECOND_END = names.host_end(OWNER, [FIRST_END])
MAC = "02:00:00:00:01:03"
RANDOM_MAC = "0a:11:22:33:44:55"
PORT = PortFacts(BRIDGE, (), {}, {})
NETNS = Netns(os.getpid(), "netsho1")
EMPTY: list[Any] = ["set", []]
SINGLE = {
    "ipaddress": "10.0.0.2/24",
    "gateway": "fe80::1",
    "macaddress": "02:00:00:00:01:03",
    "mtu": "1400",
    "vlan": "5",
    "trunks": "10,20-29",
    "iface-id": "lsp1",
    "ofport": "7",
    "datapath-type": "netdev",
}
"""A value of each option of add-port that may be given once."""


def add_port(*options: str) -> PortSpec:
    """Read `add-port br-int eth0 netsho1 OPTION…`."""
    call = words.read(["add-port", "br-int", "eth0", "netsho1", *options])
    return port_spec(("br-int", "eth0", "netsho1"), call.options)


def together(specs: list[PortSpec]) -> list[PortSpec]:
    """Return the ports if they can be together; raise the first error."""
    fitting, failures = sift(specs, [])
    if failures:
        raise failures[0]
    return fitting


def ids_of(*options: str) -> dict[str, str]:
    """Return the record of a port attached with these options."""
    spec = add_port(*options)
    return record_of(spec, CONTAINER, spec.mac or MAC).put_on("br-int", spec.tag, spec.trunks).external_ids


def interface_json(name: str, ids: dict[str, str], **columns: Any) -> dict[str, Any]:
    """Make an Interface row as ovsdb-server sends it: status columns and configuration columns alike."""
    return {
        "_uuid": ["uuid", f"interface-of-{name}"],
        "_version": ["uuid", "some-version"],
        "name": name,
        "external_ids": ["map", [list(pair) for pair in ids.items()]],
        "ofport": 5,
        "ofport_request": EMPTY,
        "error": EMPTY,
        "ifindex": 42,
        "mac_in_use": "aa:bb:cc:dd:ee:ff",
        "mtu": 1500,
        "mtu_request": EMPTY,
        "link_state": "up",
        "statistics": ["map", [["rx_bytes", 1]]],
        "options": ["map", []],
        "cfm_mpid": 7,
        "type": "",
    } | columns


def port_json(name: str, **columns: Any) -> dict[str, Any]:
    return {
        "_uuid": ["uuid", f"port-of-{name}"],
        "_version": ["uuid", "some-version"],
        "name": name,
        "interfaces": ["uuid", f"interface-of-{name}"],
        "tag": EMPTY,
        "trunks": EMPTY,
        "vlan_mode": EMPTY,
        "qos": EMPTY,
        "external_ids": ["map", [["who", "me"]]],
        "status": ["map", []],
        "statistics": ["map", []],
    } | columns


def row(
    name: str = FIRST_END,
    ids: dict[str, str] | None = None,
    *,
    interface: dict[str, Any] | None = None,
    port: dict[str, Any] | None = None,
    bridge: dict[str, Any] | None = None,
    fakes: dict[tuple[str, int], str] | None = None,
) -> PortRow:
    """Make the row of a port; the dicts are columns that differ from the usual."""
    return port_rows._port_row(
        interface_json(name, ids_of() if ids is None else ids, **(interface or {})),
        port_json(name, **(port or {})),
        {"_uuid": ["uuid", "bridge-uuid"], "name": "br-int", "datapath_type": ""} | (bridge or {}),
        fakes or {},
    )


def facts(**fields: Any) -> Facts:
    """Describe a running container and an existing bridge, with nothing attached."""
    port = {name: fields.pop(name) for name in PortFacts._fields if name in fields}
    return Facts(CONTAINER, NETNS, PORT._replace(**port), False, {})._replace(**fields)
