"""OVSDB operations that make, change and remove ports, as plain lists; the schema is ovs-vswitchd.conf.db(5). No I/O.

A port is a Port row and the Interface row that it refers to; the record stands in the latter.
"""

from collections.abc import Iterable
from typing import Any

from ovs_docker.backends.ovsdb.operations import (
    Op,
    await_none,
    guard,
    has_record,
    insert_port_row,
    is_row,
    remove_row,
    select,
)
from ovs_docker.model.names import SOCKET, VHOST_USER
from ovs_docker.model.port import PortRow
from ovs_docker.model.record import Record, installed, pairs_of

# Columns of Interface and Port that vswitchd writes, and the ones every row has: not restored.
_STATUS = {
    *("_uuid", "_version", "admin_state", "bfd_status", "bond_active_slave", "duplex", "error", "ifindex"),
    *("cfm_fault", "cfm_fault_status", "cfm_flap_count", "cfm_health", "cfm_remote_mpids", "cfm_remote_opstate"),
    *("lacp_current", "link_resets", "link_speed", "link_state", "mac_in_use", "mtu", "ofport"),
    *("rstp_statistics", "rstp_status", "statistics", "status"),
}


def select_recorded(container: str, interface: str) -> Op:
    """Select the Interface rows recorded under exactly these two words."""
    return select("Interface", has_record(typed=container, interface=interface))


def insert_port(
    number: int, name: str, record: Record, vlan: dict[str, Any], ofport: int | None, socket: str = ""
) -> list[Op]:
    """Make a port's rows, VLAN and record in the same breath; put_on_bridge has to follow."""
    interface, port = f"interface{number}", f"port{number}"
    row: dict[str, Any] = {"name": name, "external_ids": _map(record), **(_device(socket) if socket else {})}
    if ofport:
        row["ofport_request"] = ofport
    return [
        {"op": "insert", "table": "Interface", "row": row, "uuid-name": interface},
        insert_port_row(port, interface, {"name": name, **vlan}),
    ]


def _device(socket: str, others: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """Compose Interface's columns for a device of its name, or for a vhost-user socket with other options."""
    options = ["map", [[SOCKET, socket], *map(list, others)]]
    return {"type": VHOST_USER, "options": options} if socket else {"type": ""}


def has_socket(socket: str) -> list[Any]:
    """Make the condition that an interface is a vhost-user port with this socket."""
    return ["options", "includes", ["map", [[SOCKET, socket]]]]


def _map(record: Record) -> list[Any]:
    return ["map", [list(pair) for pair in record.external_ids.items()]]


def put_on_bridge(number: int, bridge: list[str]) -> Op:
    """Put insert_port's port on a bridge: ["uuid", …] or new_bridge(…)."""
    return {
        "op": "mutate",
        "table": "Bridge",
        "where": [["_uuid", "==", bridge]],
        "mutations": [["ports", "insert", ["named-uuid", f"port{number}"]]],
    }


def vlan_columns(tag: int | None, trunks: Iterable[int], vlan_mode: str = "") -> dict[str, Any]:
    """Compose Port's VLAN columns.

    With both a tag and trunks the port is native-untagged: without a mode Open vSwitch takes a tagged
    port for an access port and ignores the trunks. A mode that somebody else chose is kept.
    """
    trunks = list(trunks)
    if vlan_mode in ("", "native-untagged"):
        vlan_mode = "native-untagged" if tag is not None and trunks else ""
    return {
        "tag": ["set", []] if tag is None else tag,
        "trunks": ["set", trunks],
        "vlan_mode": vlan_mode or ["set", []],
    }


def update_port(port_uuid: str, columns: dict[str, Any]) -> list[Op]:
    """Change a port that must still be there."""
    return [
        guard("Port", [is_row(port_uuid)], [{"_uuid": ["uuid", port_uuid]}], "_uuid"),
        {"op": "update", "table": "Port", "where": [is_row(port_uuid)], "row": columns},
    ]


def set_record(interface_uuid: str, record: Record) -> list[Op]:
    """Replace the record of an interface that must still be there."""
    return [
        guard("Interface", [is_row(interface_uuid)], [{"_uuid": ["uuid", interface_uuid]}], "_uuid"),
        {
            "op": "update",
            "table": "Interface",
            "where": [is_row(interface_uuid)],
            "row": {"external_ids": _map(record)},
        },
    ]


def remove_port(row: PortRow) -> list[Op]:
    """Take a port off its bridge and delete its rows; harmless where they are gone already."""
    return [
        take_off_bridge(row.bridge_uuid, row.port_uuid),
        remove_row("Port", row.port_uuid),
        remove_row("Interface", row.interface_uuid),
    ]


def take_off_bridge(bridge_uuid: str, port_uuid: str) -> Op:
    return {
        "op": "mutate",
        "table": "Bridge",
        "where": [is_row(bridge_uuid)],
        "mutations": [["ports", "delete", ["uuid", port_uuid]]],
    }


def restore_port(number: int, row: PortRow) -> list[Op]:
    """Make a removed port's rows as they were, on its bridge."""
    interface, port = f"interface{number}", f"port{number}"
    interface_row, port_row = (_configuration(columns) for columns in row.rows)
    return [
        {"op": "insert", "table": "Interface", "row": interface_row, "uuid-name": interface},
        insert_port_row(port, interface, port_row),
        put_on_bridge(number, ["uuid", row.bridge_uuid]),
    ]


def _configuration(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name not in _STATUS}


def let_go(row: PortRow) -> list[Op]:
    """Have vswitchd close a port's device without touching the record: it refuses a patch port that names no peer."""
    options = {"options": ["map", [list(pair) for pair in _others(row)]]} if row.socket else {}
    return _retype(row, {"type": "patch", **options})


def take_again(row: PortRow) -> list[Op]:
    """Have vswitchd open the device of this name afresh, with the OpenFlow number that it had, as flows may name it."""
    wish = {"ofport_request": row.number} if row.number else {}
    return _retype(row, {**_device(row.socket, _others(row)), **wish})


def _others(row: PortRow) -> list[tuple[str, str]]:
    """Return the options that are the administrator's."""
    return [pair for pair in row.options.items() if pair[0] != SOCKET]


def record_number(interface: str, number: int) -> Op:
    """Record an OpenFlow number. vswitchd does not monitor external_ids, so that it has nothing to do (3.1)."""
    return _record(["name", "==", interface], pairs_of(ofport=str(number)))


def record_vlans(row: PortRow, asked: dict[str, str]) -> list[Op]:
    """Record the VLANs asked for, fields of Record, unless the record is one of the script or without VLANs."""
    return [_record(is_row(row.interface_uuid), pairs_of(**asked))] if row.record.bridge else []


def _record(where: list[Any], pairs: dict[str, str]) -> Op:
    """Set these pairs, and remove those with an empty value; the others may be of OVN, which writes at any time."""
    given = [[key, value] for key, value in pairs.items() if value]
    mutations = [["external_ids", "delete", ["set", list(pairs)]], ["external_ids", "insert", ["map", given]]]
    return {"op": "mutate", "table": "Interface", "where": [where], "mutations": mutations}


def take_as_before(row: PortRow) -> list[Op]:
    """Undo let_go() and take_again(), harmless where the port is gone."""
    columns = ("type", "ofport_request", *(("options",) if row.socket else ()))
    before = {name: row.rows[0][name] for name in columns}
    return [{"op": "update", "table": "Interface", "where": [is_row(row.interface_uuid)], "row": before}]


def _retype(row: PortRow, columns: dict[str, Any]) -> list[Op]:
    uuid = row.interface_uuid
    return [
        guard("Interface", [is_row(uuid)], [{"_uuid": ["uuid", uuid]}], "_uuid"),
        {"op": "update", "table": "Interface", "where": [is_row(uuid)], "row": columns},
    ]


def await_installed(interface: str, seconds: float | None) -> Op:
    """Hold the transaction until OVN says that the interface's logical port is live (ovn-controller(8))."""
    silent = ["external_ids", "excludes", ["map", [list(pair) for pair in installed().items()]]]
    return await_none("Interface", [["name", "==", interface], silent], seconds)
