"""Reads the state of both ends of a port, in the container and on the host. check/port.py judges it."""

from __future__ import annotations

from typing import NamedTuple

from ovs_docker.backends.kernel import dumps
from ovs_docker.backends.kernel.dumps import Link
from ovs_docker.errors import ContainerUnfit, Error, NoSuchContainer
from ovs_docker.model.container import Listed
from ovs_docker.model.port import PortRow
from ovs_docker.resolve import ends
from ovs_docker.resolve.ends import Inside
from ovs_docker.world import World


class View(NamedTuple):
    """Everything about one port; None for what does not exist.

    A bridge has a device if vswitchd runs it; otherwise what the database says about its ports may be out of date.
    """

    row: PortRow
    owner: Listed | None
    elsewhere: bool
    """Whether its container belongs to another engine than the one that was asked."""
    inside: Inside | Error | None
    """An error: why it cannot be looked at."""
    host_end: Link | None
    bridge: Link | None


def at_ports(world: World, pairs: list[tuple[PortRow, Listed | None]]) -> list[View]:
    links = dumps.links(world.host.rtnl) if pairs else {}
    return [
        View(
            row,
            owner,
            owner is None and row.record.engine not in world.docker.recorded_as(),
            _inside(world, row, owner),
            links.get(row.name),
            links.get(row.parent),
        )
        for row, owner in pairs
    ]


def _inside(world: World, row: PortRow, owner: Listed | None) -> Inside | Error | None:
    if owner is None or not owner.running:
        return None
    try:
        return ends.of(world, world.docker.inspect(owner.id), row.record.interface)
    except (NoSuchContainer, ContainerUnfit):
        return None
    except Error as error:
        return error
