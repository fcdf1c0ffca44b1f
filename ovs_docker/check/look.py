"""Reads the state of both ends of a port, in the container and on the host. check/port.py judges it."""

from __future__ import annotations

from typing import NamedTuple

from ovs_docker.backends.engine.process import inside
from ovs_docker.backends.kernel import dumps, nic
from ovs_docker.backends.kernel.dumps import Link
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import ContainerUnfit, Error, NoSuchContainer
from ovs_docker.model.container import Listed
from ovs_docker.model.port import PortRow
from ovs_docker.world import World


class Inside(NamedTuple):
    """The interface in the container, with its addresses and default gateways; `pid` is the first process there."""

    pid: int
    link: Link
    addresses: list[str]
    gateways: list[str]


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
        container = world.docker.inspect(owner.id)
        with inside(world.docker, container), Rtnl() as rtnl:
            ifindex = nic.index_of(row.record.interface)
            link = dumps.link_of(rtnl, ifindex) if ifindex else None
            return _interface(container.pid, rtnl, link) if link else None
    except (NoSuchContainer, ContainerUnfit):
        return None
    except Error as error:
        return error


def _interface(pid: int, rtnl: Rtnl, link: Link) -> Inside:
    routes = (route for family in (4, 6) for route in dumps.default_routes(rtnl, family))
    gateways = [route.via for route in routes if route.device == link.ifindex]
    return Inside(pid, link, dumps.addresses_of(rtnl, link.ifindex), gateways)
