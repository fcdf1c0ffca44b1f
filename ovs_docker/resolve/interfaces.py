"""Finds what exists for a port: its bridge, ports of the same owner, others with its iface-id, host ends. Reads only.

resolve/facts.py reads the container's namespace.
"""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ovs_docker import locks
from ovs_docker.backends.ovsdb.operations import Op, has_ids, has_record, select
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, one, pairs
from ovs_docker.errors import BridgeUnfit, Gathered, NoSuchContainer, WorldChanged
from ovs_docker.model import names
from ovs_docker.model.port import Bridge, PortRow, is_served
from ovs_docker.model.record import KEYS, OURS, Record, ip_marks
from ovs_docker.resolve import bridges as find_bridges
from ovs_docker.resolve.rows import MANY, port_rows, record_in
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.backends.kernel.host_side import HostSide
    from ovs_docker.model.pair_spec import PairSpec
else:
    HostSide = PairSpec = object  # strings cost a NamedTuple 0.1 ms each

_GONE_SOON = 1.0  # seconds; a removed bridge's device outlives its row for a moment


class PortQuery(NamedTuple):
    """How to find a port: by one of `marks`, pairs of external_ids, or by the host ends of its owner."""

    owner: str
    marks: Sequence[dict[str, str]]
    iface_id: str
    bridge: str
    place: str = ""
    addresses: tuple[str, ...] = ()
    """As recorded; none on a logical switch, where OVN knows them."""
    tag: int | None = None

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
    """What exists for one port, except in its container."""

    bridge: Bridge | None
    rows: tuple[PortRow, ...]
    """Ports of the same owner."""
    links: dict[str, int]
    """Existing host ends (name to ifindex), of `rows` and of interrupted calls."""
    namesakes: dict[str, bool]
    """Other interfaces with the iface-id, and whether they work, or wait for their container."""
    others: frozenset[str] = frozenset()
    """Names of rows and host ends that are others': HostSide.is_foreign."""
    holders: dict[str, PortRow] = {}
    """Other ports on the same bridge and VLAN that have addresses of this one, by IP address."""
    strangers: tuple[str, ...] = ()
    """Ports recorded with the same words for containers of other engines."""

    @property
    def live(self) -> PortRow | None:
        """The row of the attached port.

        A port is stale, and may be replaced, if its link is gone (the container was restarted) or vswitchd has never
        added it (an interrupted call). A port whose name is neither ours nor the script's is never stale; it counts
        only where there is no other, as anybody may have copied the record.
        """
        strange = [row for row in self.rows if row.is_strange(self.others)]
        live = [row for row in self.rows if row.is_live(self.links) and row not in strange]
        return next(iter([*live, *strange]), None)


def for_pairs(world: World, specs: list[PairSpec]) -> list[PortFacts]:
    """Read everything that attaching these pairs depends on, with their owners locked."""
    return port_facts(world, [PortQuery(s.owner, [s.marks], s.record.iface_id, s.bridge, s.place) for s in specs])


def port_facts(world: World, queries: list[PortQuery]) -> list[PortFacts]:
    """Read everything but the containers, with the owners locked."""
    locks.hold(world, [query.owner for query in queries])
    bridges = _bridges(world, queries)
    seen, named = _read(world.db, queries)
    found = _recorded(world.db, queries, seen)
    return [
        PortFacts(
            bridges.get(query.bridge),
            rows,
            world.host.host_ends(sorted({*query.host_ends, *(row.name for row in rows)})),
            {row["name"]: _may_work(world, row) for row in namesakes},
            _others(world.host, query, rows),
            _holders(world, query, bridges.get(query.bridge), named, {row.name for row in rows}) if named else {},
        )
        for query, (rows, namesakes) in zip(queries, found)
    ]


def _addresses(queries: list[PortQuery]) -> list[Op]:
    """Select the ports that may have addresses of these: for one port, whose double only gets a warning, those that a
    condition finds, as all would take 60 ms among 5,000. The first records have no key for each address.
    """
    columns = ("name", "external_ids")
    if any(query.place and query.addresses for query in queries):
        return [select("Interface", has_record(owner=OURS), columns=columns)]
    texts = dict.fromkeys(text for query in queries for text in (",".join(query.addresses), *query.addresses) if text)
    marks = [ip_marks([text.partition("/")[0]]) for query in queries for text in query.addresses]
    conditions = [*map(has_ids, marks), *(has_record(addresses=text) for text in texts)]
    return [select("Interface", condition, columns=columns) for condition in conditions]


def _by_address(rows: list[Row]) -> dict[str, list[str]]:
    """Return the names of ports by recorded IP address."""
    found: dict[str, list[str]] = {}
    for name, row in {row["name"]: row for row in rows}.items():
        for address in pairs(row["external_ids"]).get(KEYS["addresses"], "").split(","):
            found.setdefault(address.partition("/")[0], []).append(name)
    return found


def _holders(
    world: World, query: PortQuery, bridge: Bridge | None, named: dict[str, list[str]], own: set[str]
) -> dict[str, PortRow]:
    """Find who has the addresses of a port on its bridge and VLAN, and has not been removed."""
    asked = [text.partition("/")[0] for text in query.addresses]
    others = {ip: names for ip in asked if (names := [name for name in named.get(ip, ()) if name not in own])}
    if not others or not bridge or _is_integration_bridge(world, bridge):
        return {}
    network = bridge.parent, query.tag if bridge.tag is None else bridge.tag, ""
    selects = [select("Interface", ["name", "==", name]) for names in others.values() for name in names]
    rows = port_rows(world.db, [row for rows in world.db.rows(selects) for row in rows])
    near = (row for row in rows if (row.parent, row.tag, row.record.logical_switch) == network)
    there = {row.name: row for row in near if is_kept(world, row.record)}
    return {ip: there[name] for ip, names in others.items() for name in names if name in there}


def _is_integration_bridge(world: World, bridge: Bridge) -> bool:
    """Tell whether OVN serves a bridge: its networks are logical switches, which may have the same addresses."""
    return any(key.startswith("ovn-remote") for key in world.host_ids) and world.chassis.bridge == bridge.parent


def _others(host: HostSide, query: PortQuery, rows: tuple[PortRow, ...]) -> frozenset[str]:
    theirs = [row.name for row in rows if not row.takes_device]
    return frozenset((*theirs, *filter(host.is_foreign, [*query.host_ends, *(row.name for row in rows)])))


def _bridges(world: World, queries: list[PortQuery]) -> dict[str, Bridge]:
    """Find the bridges that exist; refuse the names of other ports."""
    bridges, gathered = find_bridges.bridges(world, [query.bridge for query in queries]), Gathered()
    for query in queries:
        if query.bridge not in bridges:
            with gathered.at(query.place):
                _check_new(world, query.bridge)
    gathered.raise_first()
    return bridges


def _check_new(world: World, name: str) -> None:
    """Refuse to create a bridge with the name of a port, or of somebody's device: vswitchd would take a tap over."""
    if owner := find_bridges.bridge_of_port(world.db, name):
        if owner == name:  # created between the two queries
            raise WorldChanged(f"bridge {owner} was created meanwhile", "try again")
        raise BridgeUnfit(f"BRIDGE {name}: is a port of bridge {owner}", f"attach to {owner} instead")
    until = time.monotonic() + _GONE_SOON
    while world.host.index_of(name) is not None:
        if time.monotonic() > until:
            said = f"BRIDGE {name}: there is a device of this name, which is no bridge of Open vSwitch"
            raise BridgeUnfit(said, "give the bridge another name")
        time.sleep(0.05)


def _may_work(world: World, row: Row) -> bool:
    """Tell whether vswitchd serves an interface or has not handled it yet.

    A host end without a device belongs to a container that was restarted or removed; a stopped one's waits for it.
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


def _read(db: Ovsdb, queries: list[PortQuery]) -> tuple[dict[str, Row], dict[str, list[str]]]:
    """Read the interfaces that may match, by row id, and the names of those that may have the same addresses, by IP."""
    everything = len(queries) > MANY
    ops = [select("Interface")] if everything else [op for query in queries for op in query.selects()]
    answers = db.rows([*ops, *([] if everything else _addresses(queries))])
    seen = {row["_uuid"][1]: row for rows in answers[: len(ops)] for row in rows}
    return seen, _by_address([row for rows in (answers if everything else answers[len(ops) :]) for row in rows])


def _recorded(db: Ovsdb, queries: list[PortQuery], seen: dict[str, Row]) -> list[tuple[tuple[PortRow, ...], list[Row]]]:
    """Find, for each query, the ports of its owner and the other interfaces with its iface-id."""
    shapes = {tuple(marks) for query in queries for marks in query.marks}
    by_key: dict[object, list[str]] = {}
    by_iface_id: dict[str, list[str]] = {}
    for uuid, row in seen.items():
        record = record_in(row)
        for key in (row["name"], *_keys(record, shapes)):
            by_key.setdefault(key, []).append(uuid)
        if record.iface_id:
            by_iface_id.setdefault(record.iface_id, []).append(uuid)
    matching = [dict.fromkeys(uuid for key in query.keys for uuid in by_key.get(key, ())) for query in queries]
    found = dict.fromkeys(uuid for uuids_of_one in matching for uuid in uuids_of_one)
    rows = {row.interface_uuid: row for row in port_rows(db, [seen[uuid] for uuid in found])}
    others = ([u for u in by_iface_id.get(query.iface_id, ()) if u not in own] for query, own in zip(queries, matching))
    return [
        (tuple(rows[uuid] for uuid in of_one if uuid in rows), [seen[uuid] for uuid in of_others])
        for of_one, of_others in zip(matching, others)
    ]


def _keys(record: Record, shapes: set[tuple[str, ...]]) -> Iterator[object]:
    """Yield a record's keys for PortQuery.keys: its external_ids in each shape of marks."""
    ids = record.external_ids
    return (tuple((key, ids.get(key, "")) for key in shape) for shape in shapes)
