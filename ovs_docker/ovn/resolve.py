"""Reads OVN's northbound database into LogicalFacts, and finds the logical ports of attached ports. Reads only.

No table that grows with the network is copied, except for the addresses in ovn/given_addresses.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovs_docker import locks
from ovs_docker.backends.ovsdb import northbound
from ovs_docker.backends.ovsdb.operations import has_ids, select
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, atoms, pairs
from ovs_docker.errors import Gathered, LogicalPortExists, NoSuchLogicalSwitch, OvsdbMissing
from ovs_docker.model import names
from ovs_docker.model.addresses import Address, parse_address
from ovs_docker.model.chassis import all_here
from ovs_docker.model.ovn import LogicalFacts, LogicalPort, LogicalSwitch
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.model.record import OURS, Record, logical_port_marks, made_on, pairs_of
from ovs_docker.ovn import given_addresses
from ovs_docker.ovn import operations as ops
from ovs_docker.resolve.rows import record_in
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.resolve.facts import Facts


class Question:
    """Asks for the logical switches of ports and, if they need addresses, for all addresses in use.

    It is sent before anything else is examined or even loaded, and the answer is read last: the server takes 20 ms
    for the addresses of 10,000 ports.
    """

    def __init__(self, world: World, specs: list[PortSpec]) -> None:
        self._nb = world.nb
        self._names = list(dict.fromkeys(spec.logical_switch for spec in specs if spec.logical_switch))
        wishes = list(filter(given_addresses.asks_for_addresses, specs))
        locks.hold_logical_switches(self._nb, [spec.logical_switch or "" for spec in wishes])
        self._wants_addresses = bool(wishes)
        asked = [*map(ops.select_switch, self._names), ops.select_special_ports()]
        self._number = self._nb.begin([*asked, *(given_addresses.selects() if self._wants_addresses else [])])

    def answer(self, world: World, specs: list[PortSpec], facts: list[Facts], live: bool = False) -> list[Facts]:
        """Add LogicalFacts to the facts; with `live` also to those of attached ports.

        Raises NoSuchLogicalSwitch, LogicalPortExists and AddressTaken.
        """
        from ovs_docker.resolve.facts import concerns_ovn

        rows = [result["rows"] for result in world.nb.results(self._number)]
        switches, gathered, found = _Switches(world, self._names, rows), Gathered(), list(facts)
        for number, (spec, fact) in enumerate(zip(specs, facts)):
            with gathered.at(spec.place):
                if (live and spec.logical_switch) or concerns_ovn(spec, fact):
                    logical = _logical(world, spec, fact, switches.of(spec), switches.mtu)
                    found[number] = fact._replace(logical=logical)
        gathered.raise_first()
        if self._wants_addresses:
            wishes = [(spec, fact.logical) for spec, fact in zip(specs, found) if fact.logical]
            given_addresses.refuse_taken(self._nb, rows[-2:], wishes)
        return found


class _Switches:
    """The logical switches that one call names, each read once, and the MTU that tunnels leave."""

    def __init__(self, world: World, names: list[str], rows: list[list[Row]]) -> None:
        """Take the rows of each named switch, then those of all special ports."""
        from ovs_docker.ovn import tunnels

        self._nb = world.nb
        self._rows = dict(zip(names, rows))
        self._special = rows[len(names)]
        self._read: dict[str, LogicalSwitch] = {}
        self.mtu = tunnels.mtu(world) if names else None

    def of(self, spec: PortSpec) -> LogicalSwitch | None:
        name = spec.logical_switch
        if name and name not in self._read:
            self._read[name] = _switch(self._nb, name, self._rows[name], self._special)
        return self._read[name] if name else None


def _logical(world: World, spec: PortSpec, fact: Facts, switch: LogicalSwitch | None, mtu: int | None) -> LogicalFacts:
    made_for = {(fact.container.id, spec.interface), *(_made_for(row.record) for row in fact.port.rows)}
    ours = tuple(port for each in made_for for port in _ours(world.nb, *each))
    if switch:
        _check_name(world, spec.iface_id_in(fact.container.name), ours)
    return LogicalFacts(switch, ours, all_here(world.host_ids), mtu if switch and switch.tunnelled else None)


# --- switches ----------------------------------------------------------------------------------------------------


def _switch(nb: Ovsdb, name: str, rows: list[Row], special: list[Row]) -> LogicalSwitch:
    """Read a switch; `special` are the special ports of all switches."""
    if not rows:
        raise NoSuchLogicalSwitch(f"--logical-switch={name}: there is none", f"ovn-nbctl ls-add {name} creates it")
    if len(rows) > 1:
        raise NoSuchLogicalSwitch(f"--logical-switch={name}: there are {len(rows)} of that name", "rename the others")
    uuid, config = rows[0]["_uuid"][1], pairs(rows[0]["other_config"])
    owned = nb.rows([ops.is_on(uuid, row["_uuid"][1]) for row in special])
    own = [row for row, owner in zip(special, owned) if owner]
    peers = [peer for port in own if port["type"] == "router" for peer in _peers(nb, port)]
    routers = tuple(address for peer in peers for address in _networks(peer))
    macs = tuple(str(peer["mac"]).lower() for peer in peers)
    tunnelled = all(port["type"] != "localnet" for port in own)
    return LogicalSwitch(uuid, name, _subnets(config), routers, tunnelled, macs)


def _subnets(config: dict[str, str]) -> tuple[Address, ...]:
    """Return the subnets from which OVN chooses addresses; an IPv6 prefix is a /64 (ovn-nb(5), other_config)."""
    prefix = config.get("ipv6_prefix", "").partition("/")[0]
    texts = [config.get("subnet", ""), f"{prefix}/64" if prefix else ""]
    return tuple(found for text in texts if text and (found := _address(text)))


def _address(text: str) -> Address | None:
    """Read an address that a user of OVN has set; OVN also ignores what is not one."""
    try:
        return parse_address(text)
    except ValueError:
        return None


def _peers(nb: Ovsdb, port: Row) -> list[Row]:
    """Return the router port that is this port's peer, if it is there."""
    peer = pairs(port["options"]).get("router-port", "")
    return nb.rows([select(ops.ROUTER_PORT, ["name", "==", peer], columns=("networks", "mac"))])[0]


def _networks(peer: Row) -> list[Address]:
    """Return the addresses of a router port, with prefix lengths."""
    return [found for network in atoms(peer["networks"]) if (found := _address(network))]


# --- logical ports -----------------------------------------------------------------------------------------------


def _ours(nb: Ovsdb, container_id: str, interface: str) -> tuple[LogicalPort, ...]:
    marks = has_ids(logical_port_marks(container_id, interface))
    return _with_switches(nb, nb.rows([select(ops.PORT, marks)])[0])


def _with_switches(nb: Ovsdb, rows: list[Row]) -> tuple[LogicalPort, ...]:
    owners = nb.rows([ops.switch_of(row["_uuid"][1]) for row in rows])
    return tuple(
        LogicalPort(row["_uuid"][1], row["name"], owner[0]["_uuid"][1], row)
        for row, owner in zip(rows, owners)
        if owner
    )


def _check_name(world: World, name: str, ours: tuple[LogicalPort, ...]) -> None:
    rows = world.nb.rows([ops.select_port(name)])[0]
    if not rows or name in (port.name for port in ours):
        return
    hint = "--iface-id=ID names another one; without --logical-switch the port binds to the existing one"
    if _unused(world, [row for row in rows if record_in(row).is_ours]):
        hint = "if no other host uses it, it is left over, and ovs-docker sync removes it"
    raise LogicalPortExists(
        f"logical port {name} already exists, and ovs-docker did not make it for this interface", hint
    )


def strays(world: World) -> list[LogicalPort]:
    """Find logical ports that were created on this host and that no interface here has: killed calls left them.

    Without a northbound database, named or local, the list is empty.
    """
    made = _made_here(world)
    return list(_with_switches(world.nb, _unused(world, made))) if made else []


def _unused(world: World, made: list[Row]) -> list[Row]:
    """Return those whose name no interface here has as iface-id, and that belong to no attached interface."""
    rows = world.db.rows([select("Interface", columns=("external_ids",))])[0]
    records = [record_in(row) for row in rows]
    iface_ids = {record.iface_id for record in records}
    attached = {_made_for(record) for record in records if record.logical_switch}
    return [row for row in made if row["name"] not in iface_ids and _made_for(record_in(row)) not in attached]


def _made_for(record: Record) -> tuple[str, str]:
    return record.full_id, record.interface


def _made_here(world: World) -> list[Row] | None:
    """Return the logical ports that were created on this host; None without a northbound database."""
    chassis = world.chassis.name
    if not chassis or not northbound.is_at_hand(world.settings.nb_db, world.host_ids):
        return None
    try:
        return world.nb.rows([select(ops.PORT, has_ids(pairs_of(owner=OURS) | made_on(chassis)))])[0]
    except OvsdbMissing:
        return None


def lost(world: World, rows: list[PortRow]) -> list[PortRow]:
    """Return the attached ports whose logical port is gone, unless somebody else's has its name now."""
    made = _made_here(world)
    if made is None:
        return []
    there, whose = {row["name"] for row in made}, {_made_for(record_in(row)) for row in made}
    missing = [row for row in rows if row.record.iface_id and row.record.iface_id not in there]
    missing = [row for row in missing if _made_for(row.record) not in whose]  # it has another name in the row now
    answers = world.nb.rows([ops.select_port(row.record.iface_id) for row in missing])
    return [row for row, found in zip(missing, answers) if not found]


def owner(port: LogicalPort) -> str:
    return names.owner(*_made_for(port.record))


def abandoned(world: World, ports: list[LogicalPort]) -> list[LogicalPort]:
    """Lock the interfaces of these ports and return those that are still unused: no add-port is under way."""
    locks.hold(world, map(owner, ports))
    still = {row["_uuid"][1] for row in _unused(world, [port.row for port in ports])} if ports else set()
    return [port for port in ports if port.uuid in still]


def recorded(world: World, rows: list[PortRow]) -> tuple[list[LogicalPort], list[str]]:
    """Find the logical ports that were created for attached ports, and warnings about others that have their names."""
    made = [row for row in rows if row.record.logical_switch and row.record.iface_id]
    answers = world.nb.rows([ops.select_port(row.record.iface_id) for row in made])
    found, warnings = list[Row](), list[str]()
    for row, logical in ((row, logical) for row, rows_of_one in zip(made, answers) for logical in rows_of_one):
        marks = logical_port_marks(row.record.full_id, row.record.interface)
        if record_in(logical).bears(marks):
            found.append(logical)
        else:
            warnings.append(
                f"logical port {logical['name']} stays: its external_ids do not say that ovs-docker made it"
            )
    return list(_with_switches(world.nb, found)), warnings
