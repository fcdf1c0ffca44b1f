"""Finds what wanted interfaces meet in the database: ports of theirs, and others with their iface-id. Reads only."""

from typing import NamedTuple

from ovs_docker.backends.ovsdb.operations import Op, has_record, select
from ovs_docker.backends.ovsdb.port_operations import select_recorded
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, one
from ovs_docker.model.port import PortRow, is_served
from ovs_docker.resolve.rows import MANY, port_rows, record_in


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
        return [*recorded, *by_name, select("Interface", has_record(iface_id=self.iface_id))]


class Found(NamedTuple):
    """The ports of a wanted interface, and other interfaces that have its iface-id: names, and whether they work."""

    rows: tuple[PortRow, ...]
    namesakes: tuple[tuple[str, bool], ...]


def of_interfaces(db: Ovsdb, wanted: list[Wanted]) -> list[Found]:
    """Find the ports of each wanted interface, and who else has its iface-id."""
    ops = [op for interface in wanted for op in interface.selects()] if len(wanted) <= MANY else [select("Interface")]
    seen = {row["_uuid"][1]: row for rows in db.rows(ops) for row in rows}
    by_key: dict[tuple[str, ...], list[str]] = {}
    by_iface_id: dict[str, list[str]] = {}
    for uuid, row in seen.items():
        for key in _keys(row):
            by_key.setdefault(key, []).append(uuid)
        if iface_id := record_in(row).iface_id:
            by_iface_id.setdefault(iface_id, []).append(uuid)
    matching = [dict.fromkeys(uuid for key in asked.keys for uuid in by_key.get(key, ())) for asked in wanted]
    found = dict.fromkeys(uuid for uuids_of_one in matching for uuid in uuids_of_one)
    rows = {row.interface_uuid: row for row in port_rows(db, [seen[uuid] for uuid in found])}
    others = ([u for u in by_iface_id.get(asked.iface_id, ()) if u not in own] for asked, own in zip(wanted, matching))
    return [
        Found(
            tuple(rows[uuid] for uuid in of_one if uuid in rows),
            tuple((seen[uuid]["name"], _may_work(seen[uuid])) for uuid in of_others),
        )
        for of_one, of_others in zip(matching, others)
    ]


def _may_work(row: Row) -> bool:
    """Tell whether vswitchd serves an interface or has not looked at it yet."""
    return is_served(one(row["ofport"]), one(row["error"])) is not False


def _keys(row: Row) -> list[tuple[str, ...]]:
    """Return what a row can be found by: its name, and its recorded words."""
    record = record_in(row)
    return [(row["name"],), (record.typed, record.interface)]
