"""Looks at everything at once for sync: all recorded ports, all containers, all host ends. Reads only.

plan/sync.py decides what follows from it.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

from ovs_docker import locks
from ovs_docker.backends.engine.kinds import directory
from ovs_docker.backends.kernel import dumps
from ovs_docker.backends.kernel.netns import inhabited
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import NoSuchContainer
from ovs_docker.model import names
from ovs_docker.model.container import Listed
from ovs_docker.model.port import PortRow
from ovs_docker.resolve import ports
from ovs_docker.resolve.ends import Ends, of_ports
from ovs_docker.resolve.facts import answer_or_raise, answers
from ovs_docker.world import World


class Survey(NamedTuple):
    """What is there now."""

    rows: list[PortRow]
    """Ports that this tool or the old script attached."""
    listed: dict[str, Listed]
    """Containers by full id."""
    links: dict[str, int]
    """Host ends by name, with their ifindex."""
    stray: list[str]
    """Host ends that no Interface row names."""
    engines: tuple[str, ...] = ("",)
    """Whose containers these are, as Record.engine has it; empty where that need not be known."""
    kept: frozenset[str] = frozenset()
    """Ports of containers that the engine does not know, but that are on this host."""
    others: frozenset[str] = frozenset()
    """Names of devices and rows that are not ours."""
    ends: dict[str, Ends] = {}
    """The ends of ports by name, as far as one can look at them."""
    whole: bool = False
    """Whether this is about everything, not only about some containers."""


def everything(world: World) -> Survey:
    """Look at everything. The links are read before the rows: a port created in between is not a stray.

    A host end does not count if the interface is gone from its container (resolve/ends.py).
    """
    there = world.host.links()
    links = world.host.host_ends(there)
    world.check_here(at_work=True)
    rows = ports.everything(world.db)
    recorded = ports.interface_names(world.db) if links else set()
    listed = {container.id: container for container in world.docker.containers()}
    stray = [name for name in links if name not in recorded]
    others = frozenset(there).difference(links).union(row.name for row in rows if not row.takes_device)
    ends = of_ports(world, [row for row in rows if row.is_live(links) and _runs(row, listed)])
    links = {name: index for name, index in links.items() if name not in ends or not ends[name].lost}
    return _with_gone(world, Survey(rows, listed, links, stray, others=others, ends=ends, whole=True))


def _runs(row: PortRow, listed: dict[str, Listed]) -> bool:
    return row.record.is_ours and row.record.full_id in listed and listed[row.record.full_id].running


def of_containers(world: World, ids: list[str]) -> Survey:
    """Look at some containers only, by full id; stray links are not looked for.

    A host end counts only if the interface is in its container.
    """
    rows = ports.of_full_ids(world.db, ids)
    listed, answered = dict[str, Listed](), answers(world.docker.ask, ids)
    for full_id, answer in answered.items():
        if not isinstance(answer, NoSuchContainer):
            container = answer_or_raise(answer)
            running = container.pid > 0
            listed[full_id] = Listed(container.id, container.name, running, container.labels, container.image)
    ends = of_ports(world, [row for row in rows if _runs(row, listed)], answered)
    attached = [row for row in rows if row.name in ends and not ends[row.name].lost]
    links = world.host.host_ends([row.name for row in attached])
    others = frozenset(row.name for row in rows if ports.is_foreign(world.host, row))
    return _with_gone(world, Survey(rows, listed, links, [], others=others, ends=ends))


def _with_gone(world: World, survey: Survey) -> Survey:
    """Look closely at ports whose containers the engine does not know: another one may have them, or it is wrong."""
    gone = {row.name: row.record for row in survey.rows if row.record.full_id not in ("", *survey.listed)}
    if not gone:
        return survey._replace(engines=())
    stored = frozenset(
        name for name, record in gone.items() if os.path.lexists(directory(record.engine, record.full_id))
    )
    return survey._replace(engines=world.docker.recorded_as(), kept=stored.union(_other_ends(world, gone)))


def _other_ends(world: World, ends: Iterable[str]) -> dict[str, str]:
    """Return the interfaces at the other ends of these host ends, where a process runs in their namespaces."""
    indexes = {name: index for name in ends if (index := world.host.index_of(name))}
    if not indexes:
        return {}
    here, there = dumps.links(world.host.rtnl, {*indexes.values()}), dict[tuple[int | None, int | None], str]()
    peers = {link.peer for link in here.values() if link.peer is not None}
    for netns in inhabited():
        with closing(netns), netns.entered(), Rtnl() as rtnl:
            there.update(((link.ifindex, link.peer), name) for name, link in dumps.links(rtnl, peers).items())
    found = ((name, there.get((here[name].peer, index))) for name, index in indexes.items() if name in here)
    return {name: interface for name, interface in found if interface}


def leftovers(world: World, survey: Survey) -> dict[str, int]:
    """Return the stray host ends that are ours, with their ifindex."""
    found: dict[str, int] = {}
    for host_end, _, _ in _owned(world, survey):
        found |= world.host.host_ends([host_end])
    return found


def _owned(world: World, survey: Survey) -> Iterator[tuple[str, str, Listed]]:
    """Find the stray host ends, interfaces and containers whose names belong together, where the container runs.

    The interface's lock is held for each, so that none belongs to an add-port under way.
    """
    for host_end, interface in _other_ends(world, survey.stray).items():
        for container in (container for container in survey.listed.values() if container.running):
            owner = names.owner(container.id, interface)
            if host_end in names.two_host_ends(owner):
                locks.hold(world, [owner])
                if not ports.named(world.db, [host_end]):
                    yield host_end, interface, container


def portless(world: World) -> list[tuple[str, str, str]]:
    """Return host end, interface and container of the pairs of running containers that lost their port here.

    The links are read before the rows, as above, and pairs that never had a port do not count: a call may be under way.
    """
    links = world.host.host_ends(world.host.links())
    rows = ports.interface_names(world.db) if links else set()
    _, recorded = doubtful(world, [name for name in links if name not in rows])
    listed = {container.id: container for container in world.docker.containers()} if recorded else {}
    found = _owned(world, Survey([], listed, links, recorded))
    return [(end, interface, container.name) for end, interface, container in found if world.host.host_ends([end])]


def doubtful(world: World, ends: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return those host ends that were not created for this database, which may be a new one, and those that it had."""
    indexes = {index for name in ends if (index := world.host.index_of(name))}
    links = dumps.links(world.host.rtnl, indexes) if indexes else {}
    made, recorded = world.groups
    groups = {name: links[name].group for name in ends if name in links}
    strangers = [name for name, group in groups.items() if group not in (made, recorded)]
    return strangers, [name for name, group in groups.items() if group == recorded]
