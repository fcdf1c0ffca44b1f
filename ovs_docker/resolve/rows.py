"""Joins Interface rows with their Port and Bridge rows into PortRow. Reads only."""

from collections.abc import Iterable

from ovs_docker.backends.ovsdb.operations import select
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, atoms, one, pairs, uuids
from ovs_docker.model.port import PortRow
from ovs_docker.model.record import Record

# A select by reference scans the table for each row; from here on one scan of all is cheaper.
MANY = 20


def port_rows(db: Ovsdb, interfaces: list[Row], port_columns: tuple[str, ...] = ()) -> list[PortRow]:
    """Join Interface rows with their Port and Bridge rows; rows that belong to no bridge are left out."""
    if not interfaces:
        return []
    ports = _owners(db, "Port", "interfaces", [row["_uuid"][1] for row in interfaces], port_columns)
    targets = [row["_uuid"][1] for row in ports.values()]
    bridges = _owners(db, "Bridge", "ports", targets, ("_uuid", "name", "datapath_type"))
    fakes = _fake_bridges(db) if bridges else {}
    joined = ((row, ports.get(row["_uuid"][1])) for row in interfaces)
    return [
        _port_row(interface, port, bridges[port["_uuid"][1]], fakes)
        for interface, port in joined
        if port and port["_uuid"][1] in bridges
    ]


def record_in(row: Row) -> Record:
    """Read the record of an Interface row, or that of a logical port."""
    return Record.read(pairs(row["external_ids"]))


def _owners(db: Ovsdb, table: str, column: str, targets: list[str], columns: Iterable[str]) -> dict[str, Row]:
    """Return for each row id in `targets` the row of `table` that refers to it by `column`."""
    if len(targets) > MANY:
        rows = db.rows([select(table, columns={*columns, column} if columns else ())])[0]
        asked = set(targets)
        return {uuid: row for row in rows for uuid in uuids(row[column]) if uuid in asked}
    ops = [select(table, [column, "includes", ["uuid", uuid]], columns=columns) for uuid in targets]
    return {uuid: rows[0] for uuid, rows in zip(targets, db.rows(ops)) if rows}


def _fake_bridges(db: Ovsdb) -> dict[tuple[str, int], str]:
    """Return the fake bridges' names by (bridge row id, VLAN)."""
    ports = db.rows([select("Port", ["fake_bridge", "==", True], columns=("_uuid", "name", "tag"))])[0]
    parents = _owners(db, "Bridge", "ports", [row["_uuid"][1] for row in ports], ("_uuid", "name"))
    return {
        (parents[row["_uuid"][1]]["_uuid"][1], one(row["tag"])): row["name"]
        for row in ports
        if row["_uuid"][1] in parents
    }


def _port_row(interface: Row, port: Row, bridge: Row, fakes: dict[tuple[str, int], str]) -> PortRow:
    bridge_uuid, tag = bridge["_uuid"][1], one(port["tag"])
    return PortRow(
        interface_uuid=interface["_uuid"][1],
        port_uuid=port["_uuid"][1],
        bridge_uuid=bridge_uuid,
        bridge=str(fakes.get((bridge_uuid, tag), bridge["name"])),
        parent=bridge["name"],
        datapath_type=bridge["datapath_type"],
        name=interface["name"],
        record=record_in(interface),
        ofport=one(interface["ofport"]),
        error=one(interface["error"]) or "",
        ifindex=one(interface["ifindex"]),
        mac_in_use=one(interface["mac_in_use"]) or "",
        mtu=one(interface["mtu"]),
        tag=tag,
        trunks=tuple(atoms(port["trunks"])),
        vlan_mode=one(port["vlan_mode"]) or "",
        rows=(interface, port),
    )
