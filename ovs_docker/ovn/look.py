"""Reads what OVN's databases say about ports on the integration bridge. ovn/check.py judges it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ovs_docker.backends.ovsdb import southbound
from ovs_docker.backends.ovsdb.operations import select
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, atoms, one
from ovs_docker.check.look import View
from ovs_docker.errors import OvsdbMissing, OvsdbRefused
from ovs_docker.resolve.rows import MANY
from ovs_docker.world import World


class LogicalPortView(NamedTuple):
    """A logical switch port of the northbound database; `addresses` include dynamic_addresses."""

    addresses: tuple[str, ...]
    enabled: bool


class OvnView(NamedTuple):
    """A port as OVN knows it. `known` is False if the northbound database cannot be reached from here."""

    known: bool
    port: LogicalPortView | None
    claimed_by: str | None
    """The chassis that claims the port binding, "" for none; None if the southbound database has no binding."""
    chassis: str
    """This host's own name."""


def concerns(world: World, view: View) -> bool:
    """Tell whether a port is on the integration bridge of a chassis."""
    chassis = world.chassis
    return bool(chassis.remote) and view.row.parent == chassis.bridge


def at_ports(world: World, views: list[View]) -> dict[str, OvnView]:
    """Return what OVN says about the ports that it serves, by iface-id; raise OvsdbMissing if it cannot be reached."""
    names = [view.row.record.iface_id for view in views if concerns(world, view)]
    if not names:
        return {}
    own = world.chassis
    sb = southbound.connect_any(own.remote, world.settings.tls, world.deadline)
    chassis, ports = _chassis_of(sb, names), _ports(world, names)
    return {name: OvnView(ports is not None, (ports or {}).get(name), chassis.get(name), own.name) for name in names}


def _chassis_of(sb: Ovsdb, names: list[str]) -> dict[str, str]:
    chassis = {row["_uuid"][1]: str(row["name"]) for row in sb.rows([select("Chassis", columns=("_uuid", "name"))])[0]}
    rows = _named(sb, "Port_Binding", "logical_port", ("logical_port", "chassis"), names)
    claimed = ((str(row["logical_port"]), one(row["chassis"])) for row in rows)
    return {name: chassis.get(claim[1], "") if claim else "" for name, claim in claimed}


def _ports(world: World, names: list[str]) -> dict[str, LogicalPortView] | None:
    """Ask the northbound database, which a mere chassis may be unable to reach."""
    try:
        columns = ("name", "addresses", "dynamic_addresses", "enabled")
        rows = _named(world.nb, "Logical_Switch_Port", "name", columns, names)
    except (OvsdbMissing, OvsdbRefused):
        return None
    return {str(row["name"]): _port(row) for row in rows}


def _port(row: Row) -> LogicalPortView:
    addresses = [*atoms(row["addresses"]), *atoms(row["dynamic_addresses"])]
    return LogicalPortView(tuple(map(str, addresses)), one(row["enabled"]) is not False)


def _named(db: Ovsdb, table: str, column: str, columns: Iterable[str], names: list[str]) -> list[Row]:
    if len(names) > MANY:
        asked = set(names)
        return [row for row in db.rows([select(table, columns=columns)])[0] if row[column] in asked]
    answers = db.rows([select(table, [column, "==", name], columns=columns) for name in names])
    return [row for rows in answers for row in rows]
