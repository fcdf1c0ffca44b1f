"""Finds attached ports in the database: by recorded words, by container, or all. Reads only.

What a container is, resolve.py asks.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ovs_docker import names
from ovs_docker.backends.ovsdb import Ovsdb, Row, atoms, one, pairs, uuids
from ovs_docker.model import Bridge, Container, PortRow
from ovs_docker.transactions import Op, has_ids, select, select_bridge, select_recorded


def recorded(db: Ovsdb, container: str, interface: str) -> list[PortRow]:
    """Find the ports whose record has exactly these two words: the old script's whole search."""
    return port_rows(db, db.rows([select_recorded(container, interface)])[0])


def of_container(db: Ovsdb, typed: str, interface: str | None, container: Container | None) -> list[PortRow]:
    """Find a container's ports by any form of its name; `container` is what Docker knows of it, if it does.

    Where the container is gone, the record's own full id and name serve.
    """
    fixed = {names.CONTAINER_IFACE: interface} if interface else {}
    keys = [{names.CONTAINER_ID: form} for form in (container.forms(typed) if container else (typed,))]
    keys.append({names.FULL_ID: container.id} if container else {names.NAME: typed})
    ops = [select("Interface", has_ids(**key, **fixed)) for key in keys]
    if not container and _is_short_id(typed):
        ops.append(select("Interface", has_ids(**{names.OWNER: names.OURS}, **fixed)))
    found = {row["_uuid"][1]: row for rows in db.rows(ops) for row in rows}
    return port_rows(db, [row for row in found.values() if _matches(pairs(row["external_ids"]), typed, container)])


def _is_short_id(typed: str) -> bool:
    return len(typed) >= 12 and all(letter in "0123456789abcdef" for letter in typed)


def _matches(ids: dict[str, str], typed: str, container: Container | None) -> bool:
    """Tell whether a record is this container's: by the full id where both are known, else by the words.

    What stands in container_id verbatim always counts: the old script finds it by that.
    """
    full_id = ids.get(names.FULL_ID)
    if ids.get(names.CONTAINER_ID) == typed:
        return True
    if container:
        return full_id == container.id or (not full_id and ids.get(names.CONTAINER_ID) in container.forms(typed))
    return ids.get(names.NAME) == typed or bool(full_id and _is_short_id(typed) and full_id.startswith(typed))


class Wanted(NamedTuple):
    """One interface of one container to look for: as recorded under any form of its name, or by our host ends."""

    forms: tuple[str, ...]
    interface: str
    host_ends: tuple[str, ...]
    iface_id: str

    @property
    def keys(self) -> list[tuple[str, ...]]:
        return [(name,) for name in self.host_ends] + [(form, self.interface) for form in self.forms]

    def selects(self) -> list[Op]:
        recorded = [select_recorded(form, self.interface) for form in self.forms]
        by_name = [select("Interface", ["name", "==", name]) for name in self.host_ends]
        return [*recorded, *by_name, select("Interface", has_ids(**{names.IFACE_ID: self.iface_id}))]


class Found(NamedTuple):
    """The ports of a wanted interface, and other interfaces that have its iface-id: names, and whether they work."""

    rows: tuple[PortRow, ...]
    namesakes: tuple[tuple[str, bool], ...]


def of_interfaces(db: Ovsdb, wanted: list[Wanted]) -> list[Found]:
    """Find the ports of each wanted interface, and who else has its iface-id."""
    ops = [op for interface in wanted for op in interface.selects()] if len(wanted) <= _MANY else [select("Interface")]
    seen = {row["_uuid"][1]: row for rows in db.rows(ops) for row in rows}
    by_key: dict[tuple[str, ...], list[str]] = {}
    by_iface_id: dict[str, list[str]] = {}
    for uuid, row in seen.items():
        for key in _keys(row):
            by_key.setdefault(key, []).append(uuid)
        if iface_id := pairs(row["external_ids"]).get(names.IFACE_ID):
            by_iface_id.setdefault(iface_id, []).append(uuid)
    matching = [dict.fromkeys(uuid for key in asked.keys for uuid in by_key.get(key, ())) for asked in wanted]
    found = dict.fromkeys(uuid for uuids_of_one in matching for uuid in uuids_of_one)
    rows = {row.interface_uuid: row for row in port_rows(db, [seen[uuid] for uuid in found])}
    others = ([u for u in by_iface_id.get(asked.iface_id, ()) if u not in own] for asked, own in zip(wanted, matching))
    return [
        Found(
            tuple(rows[uuid] for uuid in of_one if uuid in rows),
            tuple((seen[uuid]["name"], not _is_refused(seen[uuid])) for uuid in of_others),
        )
        for of_one, of_others in zip(matching, others)
    ]


def _is_refused(row: Row) -> bool:
    """Tell whether vswitchd cannot use an interface: its device is gone, for one."""
    return bool(one(row["error"])) or one(row["ofport"]) == -1


def _keys(row: Row) -> list[tuple[str, ...]]:
    """Return what a row can be found by: its name, and its recorded words."""
    ids = pairs(row["external_ids"])
    return [(row["name"],), (ids.get(names.CONTAINER_ID, ""), ids.get(names.CONTAINER_IFACE, ""))]


def beginning_of_id(db: Ovsdb, full_id: str, interface: str) -> list[PortRow]:
    """Find ports of the script whose recorded word is a beginning of this id; it may still mean another container."""
    rows = db.rows([select("Interface", has_ids(**{names.CONTAINER_IFACE: interface}))])[0]
    recorded = ((row, pairs(row["external_ids"])) for row in rows)
    return port_rows(
        db,
        [
            row
            for row, ids in recorded
            if names.FULL_ID not in ids and ids.get(names.CONTAINER_ID) and full_id.startswith(ids[names.CONTAINER_ID])
        ],
    )


def named(db: Ovsdb, ports: list[str]) -> list[PortRow]:
    """Find ports by the names of their interfaces."""
    answers = db.rows([select("Interface", ["name", "==", name]) for name in ports])
    return port_rows(db, [row for rows in answers for row in rows])


def of_full_ids(db: Ovsdb, ids: list[str]) -> list[PortRow]:
    """Find the ports that this tool attached to containers, by their full ids."""
    answers = db.rows(
        [select("Interface", has_ids(**{names.FULL_ID: full_id, names.OWNER: names.OURS})) for full_id in ids]
    )
    return port_rows(db, [row for rows in answers for row in rows])


def bridge_devices(db: Ovsdb) -> set[str]:
    """Return the names of the devices that vswitchd has made for bridges."""
    return {row["name"] for row in db.rows([select("Interface", ["ofport", "==", _LOCAL], columns=("name",))])[0]}


def interface_names(db: Ovsdb) -> set[str]:
    """Return the names of all interfaces, whoever made them."""
    return {row["name"] for row in db.rows([select("Interface", columns=("name",))])[0]}


def iface_ids(db: Ovsdb) -> list[tuple[str, str]]:
    """Return name and iface-id of all interfaces that have one, whoever made them."""
    rows = db.rows([select("Interface", columns=("name", "external_ids"))])[0]
    return [(row["name"], ids[names.IFACE_ID]) for row in rows if names.IFACE_ID in (ids := pairs(row["external_ids"]))]


def everything(db: Ovsdb) -> list[PortRow]:
    """Find all ports that this tool or the old script attached."""
    interfaces = db.rows([select("Interface", columns=_INTERFACE)])[0]
    attached = [row for row in interfaces if names.CONTAINER_ID in pairs(row["external_ids"])]
    return port_rows(db, attached, _PORT)


# What a list needs; a row that may be removed and restored is read whole.
_INTERFACE = "_uuid", "name", "external_ids", "ofport", "error", "ifindex", "mac_in_use", "mtu"
_PORT = "_uuid", "tag", "trunks", "vlan_mode", "interfaces"


def port_rows(db: Ovsdb, interfaces: list[Row], port_columns: tuple[str, ...] = ()) -> list[PortRow]:
    """Join Interface rows with their Port and Bridge rows; rows that belong to no bridge are left out."""
    if not interfaces:
        return []
    ports = _owners(db, "Port", "interfaces", [row["_uuid"][1] for row in interfaces], port_columns)
    wanted = [row["_uuid"][1] for row in ports.values()]
    bridges = _owners(db, "Bridge", "ports", wanted, ("_uuid", "name", "datapath_type"))
    fakes = _fake_bridges(db) if bridges else {}
    joined = ((row, ports.get(row["_uuid"][1])) for row in interfaces)
    return [
        _port_row(interface, port, bridges[port["_uuid"][1]], fakes)
        for interface, port in joined
        if port and port["_uuid"][1] in bridges
    ]


_LOCAL = 65534  # OFPP_LOCAL: the port of the bridge's own device

# A select by reference scans the table for each row wanted; from here on one scan of all is cheaper.
_MANY = 20


def _owners(db: Ovsdb, table: str, column: str, wanted: list[str], columns: Iterable[str]) -> dict[str, Row]:
    """Return for each row id in `wanted` the row of `table` that refers to it by `column`."""
    if len(wanted) > _MANY:
        rows = db.rows([select(table, columns={*columns, column} if columns else ())])[0]
        asked = set(wanted)
        return {uuid: row for row in rows for uuid in uuids(row[column]) if uuid in asked}
    ops = [select(table, [column, "includes", ["uuid", uuid]], columns=columns) for uuid in wanted]
    return {uuid: rows[0] for uuid, rows in zip(wanted, db.rows(ops)) if rows}


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
        ids=pairs(interface["external_ids"]),
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


def bridge_of_port(db: Ovsdb, port: str) -> str | None:
    """Name the bridge that has a port of this name."""
    ports = db.rows([select("Port", ["name", "==", port], columns=("_uuid",))])[0]
    if not ports:
        return None
    owners = db.rows([select("Bridge", ["ports", "includes", ports[0]["_uuid"]], columns=("name",))])[0]
    return str(owners[0]["name"]) if owners else None


def bridges(db: Ovsdb, wanted: list[str]) -> dict[str, Bridge]:
    """Find bridges by name, real or fake (a Port row that stands for a VLAN of its bridge)."""
    unique = list(dict.fromkeys(wanted))
    answers = db.rows([op for name in unique for op in select_bridge(name)])
    found = zip(unique, answers[::2], answers[1::2])
    return {name: bridge for name, real, fake in found if (bridge := _real_or_fake(db, real, fake))}


def _real_or_fake(db: Ovsdb, real: list[Row], fake: list[Row]) -> Bridge | None:
    if real:
        return _bridge(real[0], real[0]["name"], None)
    if fake:
        parent = db.rows([select("Bridge", ["ports", "includes", fake[0]["_uuid"]])])[0]
        if parent:
            return _bridge(parent[0], fake[0]["name"], one(fake[0]["tag"]))
    return None


def _bridge(row: Row, name: str, tag: int | None) -> Bridge:
    return Bridge(row["_uuid"][1], name, row["name"], row["datapath_type"], tag)
