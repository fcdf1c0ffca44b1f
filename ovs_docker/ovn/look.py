"""Reads what OVN's databases say about ports on the integration bridge. ovn/check.py judges it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from ovs_docker.backends.ovsdb import southbound
from ovs_docker.backends.ovsdb.operations import select
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, atoms, one, uuids
from ovs_docker.backends.vswitch import control
from ovs_docker.check.finding import Finding
from ovs_docker.check.look import View
from ovs_docker.errors import OvsdbMissing, OvsdbRefused
from ovs_docker.model.chassis import Chassis
from ovs_docker.ovn.given_addresses import plain
from ovs_docker.resolve.rows import MANY, record_in
from ovs_docker.world import World

_PATIENCE = 2.0  # seconds for ovn-controller to answer


class LogicalPortView(NamedTuple):
    """A logical switch port of the northbound database; `addresses` include dynamic_addresses.

    `others` are ports on the same switch that have a MAC or IP address of this one.
    """

    addresses: tuple[str, ...]
    enabled: bool
    switch: str = ""
    security: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class OvnView(NamedTuple):
    """A port as OVN knows it. `known` is False if the northbound database cannot be reached from here."""

    known: bool
    port: LogicalPortView | None
    claimed_by: str | None
    """The chassis that claims the port binding, "" for none; None if the southbound database has no binding."""
    chassis: str
    """This host's own name."""
    made: str = ""
    """The logical port that was created for this interface, under whatever name."""


def concerns(world: World, view: View) -> bool:
    """Tell whether a port is on the integration bridge of a chassis."""
    return world.chassis.serves(view.row.parent)


def at_ports(world: World, views: list[View]) -> dict[str, OvnView]:
    """Return what OVN says about the ports that it serves, by iface-id; raise OvsdbMissing if it cannot be reached."""
    names = [view.row.record.iface_id for view in views if concerns(world, view)]
    if not names:
        return {}
    own = world.chassis
    sb = southbound.connect_any(own.remote, world.settings.tls, world.deadline)
    chassis, network = _chassis_of(sb, names), _network(world)
    return {
        row.record.iface_id: OvnView(
            network is not None,
            network.port(row.record.iface_id) if network else None,
            chassis.get(row.record.iface_id),
            own.name,
            network.made.get((row.record.full_id, row.record.interface), "") if network else "",
        )
        for row in (view.row for view in views if concerns(world, view))
    }


def faults(world: World, views: list[View]) -> list[Finding]:
    """Return what is wrong with OVN on this host, for ports that need it: its setting, its daemon."""
    views = [view for view in views if view.row.works]  # what is wrong with the others, check/port.py says
    if not world.chassis.remote and any(view.row.record.logical_switch for view in views):
        hint = "ovs-vsctl set Open_vSwitch . external_ids:ovn-remote=URI"
        return [Finding("no-ovn-remote", "this Open vSwitch has no ovn-remote: no ovn-controller serves it", hint)]
    if any(concerns(world, view) for view in views):
        path = control.socket_of(os.environ.get("OVN_RUNDIR") or "/var/run/ovn", "ovn-controller")
        if path and not control.ask(path, "version", _PATIENCE):
            return [Finding("ovn-controller-silent", "ovn-controller does not answer", "service ovn-host restart")]
    return [
        _astray(view, world.chassis) for view in views if view.row.record.logical_switch and not concerns(world, view)
    ]


def _astray(view: View, chassis: Chassis) -> Finding:
    row = view.row
    said = f"port {row.name} is on bridge {row.bridge}, not on OVN's integration bridge {chassis.bridge}"
    return Finding("not-on-integration-bridge", said, "del-port, then add-port")


def _chassis_of(sb: Ovsdb, names: list[str]) -> dict[str, str]:
    chassis = {row["_uuid"][1]: str(row["name"]) for row in sb.rows([select("Chassis", columns=("_uuid", "name"))])[0]}
    rows = _named(sb, "Port_Binding", "logical_port", ("logical_port", "chassis"), names)
    claimed = ((str(row["logical_port"]), one(row["chassis"])) for row in rows)
    return {name: chassis.get(claim[1], "") if claim else "" for name, claim in claimed}


class _Network(NamedTuple):
    """The logical ports by name, the names of their switches, and who has an address: (switch, address) to names."""

    ports: dict[str, Row]
    switches: dict[str, str]
    holders: dict[tuple[str, str], list[str]]
    made: dict[tuple[str, str], str]
    """Logical ports that ovs-docker created, by full id and interface."""

    def port(self, name: str) -> LogicalPortView | None:
        row = self.ports.get(name)
        if row is None:
            return None
        switch, addresses = self.switches.get(row["_uuid"][1], ""), _addresses(row)
        others = {other for part in _parts(addresses) for other in self.holders.get((switch, part), ())} - {name}
        security = tuple(map(str, atoms(row["port_security"])))
        return LogicalPortView(addresses, one(row["enabled"]) is not False, switch, security, tuple(sorted(others)))


def _network(world: World) -> _Network | None:
    """Ask the northbound database, which a mere chassis may be unable to reach."""
    columns = ("_uuid", "name", "addresses", "dynamic_addresses", "port_security", "enabled", "external_ids")
    selects = [select("Logical_Switch_Port", columns=columns), select("Logical_Switch", columns=("name", "ports"))]
    try:
        rows, switches = world.nb.rows(selects)
    except (OvsdbMissing, OvsdbRefused):
        return None
    switch_of = {uuid: str(row["name"]) for row in switches for uuid in uuids(row["ports"])}
    holders, made = defaultdict[tuple[str, str], list[str]](list), {}
    for row in rows:
        for part in _parts(_addresses(row)):
            holders[switch_of.get(row["_uuid"][1], ""), part].append(str(row["name"]))
        record = record_in(row)
        if record.is_ours:
            made[record.full_id, record.interface] = str(row["name"])
    return _Network({str(row["name"]): row for row in rows}, switch_of, holders, made)


def _addresses(row: Row) -> tuple[str, ...]:
    return tuple(map(str, [*atoms(row["addresses"]), *atoms(row["dynamic_addresses"])]))


def _parts(addresses: Iterable[str]) -> set[str]:
    """Return the MAC and IP addresses in the column `addresses`, each once."""
    return {plain(part) for words in addresses for part in words.split() if ":" in part or "." in part}


def _named(db: Ovsdb, table: str, column: str, columns: Iterable[str], names: list[str]) -> list[Row]:
    if len(names) > MANY:
        asked = set(names)
        return [row for row in db.rows([select(table, columns=columns)])[0] if row[column] in asked]
    answers = db.rows([select(table, [column, "==", name], columns=columns) for name in names])
    return [row for rows in answers for row in rows]
