"""Looks at the containers' ends of ports: which interfaces are there, and how they are configured. Reads only.

Host ends are backends/kernel/host_side.py's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ovs_docker.backends.engine.process import inside
from ovs_docker.backends.kernel import dumps, nic
from ovs_docker.backends.kernel.dumps import Link
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import Error
from ovs_docker.model.container import Container
from ovs_docker.model.port import PortRow
from ovs_docker.resolve.facts import answers
from ovs_docker.world import World


class Inside(NamedTuple):
    """The interface in the container; `routes` of table main are (destination, next hop), "" without one."""

    link: Link
    addresses: list[str]
    routes: list[tuple[str, str]]


def of(world: World, container: Container, interface: str) -> Inside | None:
    """Return an interface of a running container, None if it is not there; raise an error if one cannot look."""
    with inside(world.docker, container):
        return here(interface)


def here(interface: str) -> Inside | None:
    """Return an interface of the current namespace."""
    with Rtnl() as rtnl:
        ifindex = nic.index_of(interface)
        link = dumps.link_of(rtnl, ifindex) if ifindex else None
        if not link:
            return None
        return Inside(link, dumps.addresses_of(rtnl, link.ifindex), dumps.routes_of(rtnl, link.ifindex))


def of_ports(
    world: World, rows: Iterable[PortRow], known: Mapping[str, Container | Error] | None = None
) -> dict[str, Inside | None]:
    """Return the containers' ends of recorded ports by name; what one cannot look at is left out.

    `known` are the containers by full id, if they have been looked up.

    Only who has looked knows that an interface is gone: after a restart, packets under way can keep the old namespace,
    and with it the old pair, alive for seconds.
    """
    rows, found = list(rows), dict[str, Inside | None]()
    known = known or answers(world.docker.ask, (row.record.full_id for row in rows))
    for row in rows:
        container = known[row.record.full_id]
        try:
            if not isinstance(container, Error):
                found[row.name] = of(world, container, row.record.interface)
        except Error:
            continue
    return found
