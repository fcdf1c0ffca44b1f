"""The locks that keep calls out of each other's way (RFC 7047, section 4.1.8): names, order, taking and releasing.

A lock ends with the session that took it, however that ends. OVN's are taken first, so that whoever waits for one holds
no other. Between two pieces of work all are released, so that none is held while something else is waited for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ovs_docker.model import names

if TYPE_CHECKING:
    from ovs_docker.backends.ovsdb.session import Ovsdb
    from ovs_docker.world import World


def hold(world: World, owners: Iterable[str]) -> None:
    """Hold the locks of ports, by their owners (names.py): nobody else attaches them meanwhile."""
    for name in sorted(set(map(of_owner, owners))):
        world.db.lock(name)


def hold_switches(nb: Ovsdb, switches: Iterable[str]) -> None:
    """Hold the locks of logical switches on which addresses are wanted, until these are in the database.

    So of two who want the same address at the same time the second sees the first's.
    """
    for name in sorted(set(map(of_switch, switches))):
        nb.lock(name)


def release_switches(nb: Ovsdb, switches: Iterable[str]) -> None:
    nb.unlock(*map(of_switch, switches))


def release(world: World) -> None:
    """Release all locks."""
    for session in world.sessions:
        session.unlock(*session.granted)


def of_owner(owner: str) -> str:
    """Name the lock that attaching this owner's port holds; an OVSDB id has letters, digits and _."""
    return "ovs_docker_" + names.host_end(owner)


def of_switch(switch: str) -> str:
    """Name the lock that giving addresses on a logical switch holds."""
    return f"ovs_docker_{switch.encode('utf-8', 'surrogateescape').hex()}"
