"""Locks between concurrent calls (RFC 7047, section 4.1.8): their names, order, taking and releasing.

A lock ends with the session that took it. OVN's are taken first, so that whoever waits for one holds no other. All
are released between two pieces of work, so that none is held while the call waits for something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ovs_docker.model import names

if TYPE_CHECKING:
    from ovs_docker.backends.ovsdb.session import Ovsdb
    from ovs_docker.world import World

_RULES = "ovs_docker_rules"


def hold(world: World, owners: Iterable[str]) -> None:
    """Lock ports, by their owners (model/names.py): nobody else attaches them meanwhile."""
    for name in sorted(set(map(of_owner, owners))):
        world.db.lock(name)


def hold_logical_switches(nb: Ovsdb, switches: Iterable[str]) -> None:
    """Lock logical switches until the addresses requested there are in the database.

    Of two concurrent requests for one address, the second sees the first's.
    """
    for name in sorted(set(map(of_logical_switch, switches))):
        nb.lock(name)


def release_logical_switches(nb: Ovsdb, switches: Iterable[str]) -> None:
    nb.unlock(*map(of_logical_switch, switches))


def hold_rules(db: Ovsdb) -> None:
    """Lock the host's rules: whoever writes them has read all networks and endpoints before."""
    db.lock(_RULES)


def release_rules(db: Ovsdb) -> None:
    db.unlock(_RULES)


def release(world: World) -> None:
    for session in world.sessions:
        session.unlock(*session.granted)


def of_owner(owner: str) -> str:
    """Return the lock of an owner's port; an OVSDB id consists of letters, digits and _."""
    return "ovs_docker_" + names.host_end(owner)


def of_logical_switch(switch: str) -> str:
    return f"ovs_docker_{switch.encode('utf-8', 'surrogateescape').hex()}"
