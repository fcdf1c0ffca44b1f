"""Finds attached ports in the database: by recorded words, by container, or all. Reads only.

resolve/interfaces.py finds what is in the way of a new port.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ovs_docker.backends.kernel.host_side import HostSide
from ovs_docker.backends.ovsdb.operations import has_record, select
from ovs_docker.backends.ovsdb.port_operations import select_recorded
from ovs_docker.backends.ovsdb.session import Ovsdb
from ovs_docker.errors import DockerMissing, NoSuchContainer, NotAttached
from ovs_docker.model.container import Container, is_short_id
from ovs_docker.model.names import is_host_end
from ovs_docker.model.port import PortRow
from ovs_docker.model.record import OURS
from ovs_docker.resolve.rows import port_rows, record_in
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.model.ovn import LogicalPort


def find(world: World, container: str, interface: str) -> list[PortRow]:
    """Find the interface's port by the words as recorded, else by any form of the container's name."""
    rows = _of_engine(world, container, recorded(world.db, container, interface))
    if not rows:
        known = container_called(world, container)
        rows = of_container(world.db, container, interface, known)
        rows = rows or (_by_docker(world, interface, known) if known else [])
    if not rows:
        raise _not_attached(world, container, interface)
    return rows


def _not_attached(world: World, container: str, interface: str) -> NotAttached:
    """Make the error; where there are ports of Docker networks, it says whose business they are."""
    error = NotAttached(container, interface)
    ours = world.db.rows([select("Interface", has_record(owner=OURS), columns=("external_ids",))])[0]
    if any(record_in(row).endpoint for row in ours):
        error.exact, error.hint = False, "docker network disconnect takes it off a Docker network"
    return error


def _of_engine(world: World, typed: str, rows: list[PortRow]) -> list[PortRow]:
    """Drop the ports of other engines' containers, if this one has a container of that name.

    It is asked only where there may be such ports: most calls get by without.
    """
    named = world.settings.docker_host or os.environ.get("DOCKER_HOST")
    doubtful = rows and (named or len(rows) > 1 or any(row.record.engine for row in rows))
    known = container_called(world, typed) if doubtful else None
    return [row for row in rows if known is None or row.record.is_called(typed, known)]


def _by_docker(world: World, interface: str, container: Container) -> list[PortRow]:
    """Find the script's ports recorded under a beginning of the id that only Docker can make out."""
    rows = beginning_of_id(world.db, container.id, interface)
    resolved = {row.name: container_called(world, row.record.typed) for row in rows}
    return [row for row in rows if (theirs := resolved[row.name]) and theirs.id == container.id]


def container_called(world: World, typed: str) -> Container | None:
    """Ask Docker for the other forms of a container's name; a container, or a Docker, that is gone has none."""
    try:
        return world.docker.inspect(typed)
    except (NoSuchContainer, DockerMissing):
        return None


def recorded(db: Ovsdb, container: str, interface: str) -> list[PortRow]:
    """Find the ports recorded with exactly these two words, as the old script does."""
    return port_rows(db, db.rows([select_recorded(container, interface)])[0])


def of_container(db: Ovsdb, typed: str, interface: str | None, container: Container | None) -> list[PortRow]:
    """Find a container's ports by any form of its name; `container` is None if Docker does not know it.

    Then the recorded full id and name are compared.
    """
    fixed = {"interface": interface} if interface else {}
    forms = container.forms(typed) if container else (typed,)
    ops = [select("Interface", has_record(typed=form, **fixed)) for form in forms]
    by_id = {"full_id": container.id} if container else {"name": typed}
    ops.append(select("Interface", has_record(**by_id, **fixed)))
    if not container and is_short_id(typed):
        ops.append(select("Interface", has_record(owner=OURS, **fixed)))
    found = {row["_uuid"][1]: row for rows in db.rows(ops) for row in rows}
    return port_rows(db, [row for row in found.values() if record_in(row).is_called(typed, container)])


def beginning_of_id(db: Ovsdb, full_id: str, interface: str) -> list[PortRow]:
    """Find ports of the script recorded under a prefix of this id, which may still mean another container."""
    rows = db.rows([select("Interface", has_record(interface=interface))])[0]
    recorded = ((row, record_in(row)) for row in rows)
    theirs = [
        row for row, record in recorded if record.typed and not record.full_id and full_id.startswith(record.typed)
    ]
    return port_rows(db, theirs)


def named(db: Ovsdb, ports: list[str]) -> list[PortRow]:
    """Find ports by the names of their interfaces."""
    answers = db.rows([select("Interface", ["name", "==", name]) for name in ports])
    return port_rows(db, [row for rows in answers for row in rows])


def logical(world: World, rows: list[PortRow]) -> tuple[list[LogicalPort], list[str]]:
    """Find the logical ports that go with ports, and warnings about others'; no database is asked where none was made.

    Raises NorthboundMissing before anything is touched.
    """
    if not any(row.record.logical_switch for row in rows):
        return [], []
    from ovs_docker.ovn.resolve import recorded

    return recorded(world, rows)


def is_foreign(host: HostSide, row: PortRow) -> bool:
    """Tell whether a port cannot be ours: by its name, its device or its type."""
    return not row.takes_device or host.is_foreign(row.name)


def stays(row: PortRow) -> str:
    """Warn of a port that is left alone."""
    return f"port {row.name} stays: it bears ovs-docker's mark, but its device is no host end of ours"


def of_full_ids(db: Ovsdb, ids: list[str]) -> list[PortRow]:
    """Find the ports that ovs-docker attached, by the full ids of their containers."""
    answers = db.rows([select("Interface", has_record(full_id=full_id, owner=OURS)) for full_id in ids])
    return port_rows(db, [row for rows in answers for row in rows])


def interface_names(db: Ovsdb) -> set[str]:
    """Return the names of all interfaces, whoever created them."""
    return {row["name"] for row in db.rows([select("Interface", columns=("name",))])[0]}


def iface_ids(db: Ovsdb) -> list[tuple[str, str]]:
    """Return name and iface-id of all interfaces that have one, whoever created them."""
    rows = db.rows([select("Interface", columns=("name", "external_ids"))])[0]
    return [(row["name"], iface_id) for row in rows if (iface_id := record_in(row).iface_id)]


def everything(db: Ovsdb) -> list[PortRow]:
    """Find all ports that ovs-docker or the old script attached."""
    interfaces = db.rows([select("Interface", columns=_INTERFACE)])[0]
    attached = [row for row in interfaces if (record := record_in(row)).typed or (record.is_ours and record.interface)]
    return port_rows(db, attached, _PORT)


def unrecorded(db: Ovsdb) -> list[PortRow]:
    """Find the ports that are called like ours, but have no record."""
    rows = db.rows([select("Interface", columns=_INTERFACE)])[0]
    found = (row for row in rows if is_host_end(row["name"]))
    return port_rows(db, [row for row in found if not (record_in(row).typed or record_in(row).is_ours)], _PORT)


# Enough for a list; a row that may be removed and restored is read whole.
_INTERFACE = (
    "_uuid",
    "name",
    "external_ids",
    "ofport",
    "error",
    "ifindex",
    "mac_in_use",
    "mtu",
    "type",
    "options",
    "link_state",
)

_PORT = "_uuid", "tag", "trunks", "vlan_mode", "interfaces"
