"""Finds what a wanted port meets: its bridge, ports of the same owner, others with its iface-id, host ends. Reads only.

What a container's namespace has is facts.py's.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ovs_docker import locks
from ovs_docker.backends.ovsdb.operations import Op, has_ids, has_record, select
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, one, pairs
from ovs_docker.errors import BridgeUnfit, Gathered, NoSuchContainer, WorldChanged
from ovs_docker.model import names
from ovs_docker.model.port import Bridge, PortRow, is_served
from ovs_docker.model.record import Record
from ovs_docker.resolve import bridges as find_bridges
from ovs_docker.resolve.rows import MANY, port_rows, record_in
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.model.pair_spec import PairSpec
else:
    PairSpec = object  # strings cost a NamedTuple 0.1 ms each


class Wanted(NamedTuple):
    """A port to look for: as recorded by one of `marks`, pairs of external_ids, or by its owner's host ends."""

    owner: str
    marks: Sequence[dict[str, str]]
    iface_id: str
    bridge: str
    place: str = ""

    @property
    def host_ends(self) -> tuple[str, str]:
        return names.two_host_ends(self.owner)

    @property
    def keys(self) -> list[object]:
        return [*self.host_ends, *(tuple(marks.items()) for marks in self.marks)]

    def selects(self) -> list[Op]:
        recorded = [select("Interface", has_ids(marks)) for marks in self.marks]
        by_name = [select("Interface", ["name", "==", name]) for name in self.host_ends]
        by_iface_id = [select("Interface", has_record(iface_id=self.iface_id))] if self.iface_id else []
        return [*recorded, *by_name, *by_iface_id]


class PortFacts(NamedTuple):
    """What is there for one wanted port, its container left aside."""

    bridge: Bridge | None
    rows: tuple[PortRow, ...]
    """Ports of the same owner."""
    links: dict[str, int]
    """Host ends that exist now (name to ifindex), of `rows` and of interrupted calls."""
    namesakes: dict[str, bool]
    """Other interfaces of this switch that have the iface-id, and whether they work, or wait for their container."""

    @property
    def live(self) -> PortRow | None:
        """The row by which the port is attached now.

        A port is stale, and may be replaced, when its link is gone (the container was restarted) or
        vswitchd has never taken it (an interrupted call). A port that does not look like ours or the
        script's is never stale: it is somebody else's business.
        """
        for row in self.rows:
            if (row.works and row.name in self.links) or not names.is_host_end(row.name):
                return row
        return None


def for_pairs(world: World, specs: list[PairSpec]) -> list[PortFacts]:
    """Look at everything that attaching these pairs touches, holding the locks of their owners."""
    return look(world, [Wanted(s.owner, [s.marks], s.record.iface_id, s.bridge, s.place) for s in specs])


def look(world: World, wanted: list[Wanted]) -> list[PortFacts]:
    """Look at everything but the containers, holding the locks of the owners."""
    locks.hold(world, [asked.owner for asked in wanted])
    bridges = _bridges(world, wanted)
    return [
        PortFacts(
            bridges.get(asked.bridge),
            rows,
            _links(world, {*asked.host_ends, *(row.name for row in rows)}),
            {row["name"]: _may_work(world, row) for row in namesakes},
        )
        for asked, (rows, namesakes) in zip(wanted, _recorded(world.db, wanted))
    ]


def _bridges(world: World, wanted: list[Wanted]) -> dict[str, Bridge]:
    """Find the bridges that exist; a name that a port has cannot become a bridge."""
    bridges, gathered = find_bridges.bridges(world, [asked.bridge for asked in wanted]), Gathered()
    for asked in wanted:
        name = asked.bridge
        if name not in bridges and (owner := find_bridges.bridge_of_port(world.db, name)):
            if owner == name:  # made between the two questions
                raise WorldChanged(f"bridge {owner} was made meanwhile", "try again")
            with gathered.at(asked.place):
                raise BridgeUnfit(f"BRIDGE {name}: is a port of bridge {owner}", f"attach to {owner} instead")
    gathered.raise_first()
    return bridges


def _links(world: World, possible: set[str]) -> dict[str, int]:
    return {name: index for name in sorted(possible) if (index := world.host.index_of(name)) is not None}


def _may_work(world: World, row: Row) -> bool:
    """Tell whether vswitchd serves an interface or has not looked at it yet.

    A host end without its device belongs to a container that was restarted or removed; a stopped one's waits for it.
    """
    served = is_served(one(row["ofport"]), one(row["error"])) is not False
    there = not names.is_host_end(row["name"]) or world.host.index_of(row["name"]) is not None
    return (served and there) or (not there and is_kept(world, record_in(row)))


def is_kept(world: World, record: Record) -> bool:
    """Tell whether the container of a record is there, running or not: nobody else gets what is recorded for it."""
    try:
        return bool(record.full_id and world.docker.inspect(record.full_id))
    except NoSuchContainer:
        return False


def _recorded(db: Ovsdb, wanted: list[Wanted]) -> list[tuple[tuple[PortRow, ...], list[Row]]]:
    """Find for each wanted one the ports of its owner, and the other interfaces that have its iface-id."""
    ops = [op for asked in wanted for op in asked.selects()] if len(wanted) <= MANY else [select("Interface")]
    seen = {row["_uuid"][1]: row for rows in db.rows(ops) for row in rows}
    shapes = {tuple(marks) for asked in wanted for marks in asked.marks}
    by_key: dict[object, list[str]] = {}
    by_iface_id: dict[str, list[str]] = {}
    for uuid, row in seen.items():
        for key in _keys(row, shapes):
            by_key.setdefault(key, []).append(uuid)
        if iface_id := record_in(row).iface_id:
            by_iface_id.setdefault(iface_id, []).append(uuid)
    matching = [dict.fromkeys(uuid for key in asked.keys for uuid in by_key.get(key, ())) for asked in wanted]
    found = dict.fromkeys(uuid for uuids_of_one in matching for uuid in uuids_of_one)
    rows = {row.interface_uuid: row for row in port_rows(db, [seen[uuid] for uuid in found])}
    others = ([u for u in by_iface_id.get(asked.iface_id, ()) if u not in own] for asked, own in zip(wanted, matching))
    return [
        (tuple(rows[uuid] for uuid in of_one if uuid in rows), [seen[uuid] for uuid in of_others])
        for of_one, of_others in zip(matching, others)
    ]


def _keys(row: Row, shapes: set[tuple[str, ...]]) -> list[object]:
    """Return what a row can be found by: its name, and its pairs of external_ids by the keys that marks have."""
    ids = pairs(row["external_ids"])
    return [row["name"], *(tuple((key, ids.get(key, "")) for key in shape) for shape in shapes)]
