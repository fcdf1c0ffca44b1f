"""Finds attached ports in the database: by recorded words, by container, or all. Reads only.

What wanted ports meet is find_interfaces.py's; bridges are find_bridges.py's. What a container is, resolve.py asks.
"""

from ovs_docker.backends.ovsdb.operations import has_ids, select
from ovs_docker.backends.ovsdb.port_operations import select_recorded
from ovs_docker.backends.ovsdb.session import Ovsdb, pairs
from ovs_docker.model import names
from ovs_docker.model.port import Container, PortRow
from ovs_docker.resolve.rows import port_rows


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
