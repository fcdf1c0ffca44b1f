"""Reads the state of both ends of a port, in the container and on the host. check/port.py judges it."""

from __future__ import annotations

from typing import NamedTuple

from ovs_docker.backends.kernel import dumps
from ovs_docker.backends.kernel.dumps import Link
from ovs_docker.check.vhost_user import is_there
from ovs_docker.errors import ContainerUnfit, Error, NoSuchContainer
from ovs_docker.model.container import Listed
from ovs_docker.model.port import PortRow
from ovs_docker.resolve import ends
from ovs_docker.resolve.ends import ContainerEnd, Ends
from ovs_docker.world import World


class View(NamedTuple):
    """Everything about one port; None for what does not exist.

    A bridge has a device if vswitchd runs it; otherwise what the database says about its ports may be out of date.
    """

    row: PortRow
    owner: Listed | None
    elsewhere: bool
    """Whether its container belongs to another engine than the one that was asked."""
    inside: ContainerEnd | Error | None
    """An error: why it cannot be looked at."""
    host_end: Link | None
    bridge: Link | None
    has_socket: bool = False
    """Whether there is the socket of a vhost-user port, which has no ends."""
    renamed: str = ""
    """What the interface is called in the container now, if it is there under another name."""


def at_ports(world: World, pairs: list[tuple[PortRow, Listed | None]]) -> list[View]:
    links = dumps.links(world.host.rtnl) if pairs else {}
    return [_view(world, links, *pair) for pair in pairs]


def _view(world: World, links: dict[str, Link], row: PortRow, owner: Listed | None) -> View:
    host_end, bridge = links.get(row.name), links.get(row.parent)
    elsewhere = owner is None and row.record.engine not in world.docker.recorded_as()
    if row.socket:
        return View(row, owner, elsewhere, None, None, bridge, is_there(row.socket))
    found = _ends(world, row, owner, host_end)
    if isinstance(found, Error):
        return View(row, owner, elsewhere, found, host_end, bridge)
    return View(row, owner, elsewhere, found.inside, host_end, bridge, renamed=found.renamed)


def _ends(world: World, row: PortRow, owner: Listed | None, host_end: Link | None) -> Ends | Error:
    if owner is None or not owner.running:
        return Ends(None, host_end)
    try:
        links = {row.name: host_end} if host_end else {}
        return ends.of(world, world.docker.inspect(owner.id), [row], links)[row.name]
    except (NoSuchContainer, ContainerUnfit):
        return Ends(None, host_end)
    except Error as error:
        return error
