"""OpenFlow numbers for the ports of one transaction, in the order in which they were asked for.

A single port's number is ovs-vswitchd's choice. It handles the ports of one transaction in the order of a hash.
"""

from collections.abc import Iterable
from itertools import filterfalse

from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb.session import one, uuids
from ovs_docker.model.port import LAST_NUMBER, Bridge
from ovs_docker.model.wire import Port
from ovs_docker.world import World


def in_order(world: World, ports: list[Port]) -> list[Port]:
    """Return the ports, each with a number to request: the lowest that are free on its bridge.

    Somebody else may take a number meanwhile: ovs-vswitchd then chooses another one.
    """
    taken = _taken(world, {port.bridge.parent: port.bridge for port in ports})
    free = {}
    for parent, numbers in taken.items():
        used = numbers | {port.ofport or port.former for port in ports if port.bridge.parent == parent}
        free[parent] = filterfalse(used.__contains__, range(1, LAST_NUMBER + 1))
    known = [port.ofport or port.former for port in ports]
    return [
        port if number else port._replace(ofport=next(free[port.bridge.parent], None))
        for port, number in zip(ports, known)
    ]


def _taken(world: World, bridges: dict[str, Bridge]) -> dict[str, set[int]]:
    """Return the numbers in use by bridge; a bridge that has to be created has none."""
    there = {parent: bridge.uuid for parent, bridge in bridges.items() if bridge.uuid}
    selects = [
        ops.select("Interface", columns=("_uuid", "ofport", "ofport_request")),
        ops.select("Port", columns=("_uuid", "interfaces")),
        *(ops.select("Bridge", ops.is_row(uuid), columns=("ports",)) for uuid in there.values()),
    ]
    interfaces, ports, *rows = world.db.rows(selects) if there else ([], [])
    numbers = {row["_uuid"][1]: {one(row["ofport"]), one(row["ofport_request"])} for row in interfaces}
    of_port = {row["_uuid"][1]: _of(uuids(row["interfaces"]), numbers) for row in ports}
    found = {
        name: _of((uuid for row in bridge for uuid in uuids(row["ports"])), of_port)
        for name, bridge in zip(there, rows)
    }
    return {
        name: {number for number in found.get(name, ()) if number and 0 < number <= LAST_NUMBER} for name in bridges
    }


def _of(keys: Iterable[str], sets: dict[str, set[int | None]]) -> set[int | None]:
    """Return the union of these sets; what somebody has removed meanwhile is in none."""
    return {number for key in keys for number in sets.get(key, ())}
