"""Looks at what OVN's databases say of ports on the integration bridge. Reads only; logical.py judges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ovs_docker.backends.ovsdb import southbound
from ovs_docker.backends.ovsdb.operations import select
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, atoms, one
from ovs_docker.check.look import View
from ovs_docker.errors import OvsdbMissing, OvsdbRefused
from ovs_docker.world import World

_MANY = 20  # from here on one scan of all rows is cheaper than one for each


class Switch(NamedTuple):
    """A logical switch port of the northbound database; `addresses` are its addresses and dynamic_addresses."""

    addresses: tuple[str, ...]
    enabled: bool


class Binding(NamedTuple):
    """A port binding of the southbound database; `chassis` is the name of the one that claims it, "" for none."""

    chassis: str


class Logical(NamedTuple):
    """A port as OVN knows it. `known` is False where the northbound database cannot be asked from here."""

    known: bool
    port: Switch | None
    binding: Binding | None
    chassis: str
    """This host's own name."""


def concerns(world: World, view: View) -> bool:
    """Tell whether OVN serves a port: it is on the integration bridge of a host that is a chassis."""
    ids = world.host_ids
    return southbound.CONFIGURED in ids and view.row.parent == ids.get("ovn-bridge", "br-int")


def look(world: World, views: list[View]) -> dict[str, Logical]:
    """Return what OVN says of the ports that it serves, by iface-id; raise OvsdbMissing if it cannot be asked."""
    wanted = [view.row.record.iface_id for view in views if concerns(world, view)]
    if not wanted:
        return {}
    settings, own = world.settings, world.host_ids.get("system-id", "")
    sb = southbound.connect_any(world.host_ids[southbound.CONFIGURED], settings.tls, world.deadline)
    bindings, ports = _bindings(sb, wanted), _ports(world, wanted)
    return {
        iface_id: Logical(ports is not None, (ports or {}).get(iface_id), bindings.get(iface_id), own)
        for iface_id in wanted
    }


def _bindings(sb: Ovsdb, wanted: list[str]) -> dict[str, Binding]:
    chassis = {row["_uuid"][1]: str(row["name"]) for row in sb.rows([select("Chassis", columns=("_uuid", "name"))])[0]}
    rows = _named(sb, "Port_Binding", "logical_port", ("logical_port", "chassis"), wanted)
    claimed = ((str(row["logical_port"]), one(row["chassis"])) for row in rows)
    return {name: Binding(chassis.get(claim[1], "") if claim else "") for name, claim in claimed}


def _ports(world: World, wanted: list[str]) -> dict[str, Switch] | None:
    """Ask the northbound database; hosts that are chassis only may have no way to it."""
    try:
        columns = ("name", "addresses", "dynamic_addresses", "enabled")
        rows = _named(world.nb, "Logical_Switch_Port", "name", columns, wanted)
    except (OvsdbMissing, OvsdbRefused):
        return None
    return {str(row["name"]): _port(row) for row in rows}


def _port(row: Row) -> Switch:
    addresses = [*atoms(row["addresses"]), *atoms(row["dynamic_addresses"])]
    return Switch(tuple(map(str, addresses)), one(row["enabled"]) is not False)


def _named(db: Ovsdb, table: str, column: str, columns: Iterable[str], wanted: list[str]) -> list[Row]:
    if len(wanted) > _MANY:
        asked = set(wanted)
        return [row for row in db.rows([select(table, columns=columns)])[0] if row[column] in asked]
    answers = db.rows([select(table, [column, "==", name], columns=columns) for name in wanted])
    return [row for rows in answers for row in rows]
