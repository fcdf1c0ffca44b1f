"""Looks at both ends of attached ports, in their containers and with vswitchd, and compares them with the records.

Reads only; plan/repair.py decides what follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import NamedTuple

from ovs_docker.backends.engine.process import inside
from ovs_docker.backends.kernel import dumps, nic
from ovs_docker.backends.kernel.dumps import Link
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import Error, Gathered
from ovs_docker.model.addresses import Address, Ip, default_route
from ovs_docker.model.container import Container
from ovs_docker.model.port import PortRow, PortSpec, Route
from ovs_docker.parse.recorded import spec_of
from ovs_docker.resolve.facts import Facts, answers
from ovs_docker.world import World

_MTU = 1500  # bytes; the kernel's choice for a new pair


class ContainerEnd(NamedTuple):
    """The interface in the container, as it is; `routes` of table main are (destination, next hop), "" without one."""

    link: Link
    addresses: list[str]
    routes: list[tuple[str, str]]
    checksum_offload: bool = False


class Ends(NamedTuple):
    """Both ends of a port; None for what is not there."""

    inside: ContainerEnd | None
    host_end: Link | None
    renamed: str = ""
    """What the interface is called in its container now, if it is there under another name."""

    @property
    def lost(self) -> bool:
        """Tell whether the container has no end of the pair.

        Only who has looked knows: after a restart, packets under way can keep the old namespace, and with it the old
        pair, alive for seconds.
        """
        return not self.inside and not self.renamed


class Amiss(NamedTuple):
    """What is not as recorded at the ends of a port, each with the recorded value; false: it is as recorded."""

    down: bool = False
    mac: str | None = None
    mtu: int | None = None
    tx_queue_len: int | None = None
    addresses: tuple[Address, ...] = ()
    gateways: tuple[Ip, ...] = ()
    routes: tuple[Route, ...] = ()
    host_down: bool = False
    host_mtu: int | None = None
    """Where it is below the recorded one, or that of the container's end: packets do not fit.

    A container may give its own end any MTU: without a recorded one the host end gets no more than it began with.
    """
    checksum_offload: bool = False
    """Whether it is on where ovs-vswitchd forwards, which computes none; the old script leaves it on."""


def amiss(row: PortRow, inside: ContainerEnd, host_end: Link | None) -> Amiss:
    """Compare the ends of a port with its record, which may be unreadable; the old script recorded the MAC at most."""
    spec = spec_of(row)
    link, there = inside.link, inside.routes
    mtu = spec.mtu or min(link.mtu, _MTU)
    return Amiss(
        not link.up,
        spec.mac if spec.mac != link.mac else None,
        spec.mtu if spec.mtu != link.mtu else None,
        spec.tx_queue_len if spec.tx_queue_len != link.tx_queue_len else None,
        tuple(each for each in spec.addresses if str(each) not in inside.addresses),
        tuple(each for each in spec.gateways if (str(default_route(each.version)), str(each)) not in there),
        tuple(each for each in spec.routes if (str(each.destination), str(each.via or "")) not in there),
        bool(host_end and not host_end.up),
        mtu if host_end and host_end.mtu < mtu else None,
        inside.checksum_offload and row.in_userspace and row.record.is_ours,
    )


def of(world: World, container: Container, rows: list[PortRow], links: Mapping[str, Link]) -> dict[str, Ends]:
    """Return the ends of a running container's ports by name; raise an error if one cannot look.

    `links` are the host ends.
    """
    with inside(world.docker, container):
        return _here(rows, links)


def _here(rows: list[PortRow], links: Mapping[str, Link]) -> dict[str, Ends]:
    """Look at the interfaces of these ports in the current namespace."""
    with Rtnl() as rtnl:
        indexes = {row.name: nic.index_of(row.record.interface) for row in rows}
        inner = {name: link for name, index in indexes.items() if index and (link := dumps.link_of(rtnl, index))}
        only = {link.ifindex for link in inner.values()}
        addresses, routes = (dumps.addresses(rtnl, only), dumps.routes(rtnl, only)) if only else ({}, {})
        found = dict[str, Ends]()
        for row in rows:
            link, host_end = inner.get(row.name), links.get(row.name)
            if link:
                offload = nic.checksum_offload(row.record.interface)
                there = ContainerEnd(link, addresses[link.ifindex], routes[link.ifindex], offload)
                found[row.name] = Ends(there, host_end)
            else:
                found[row.name] = Ends(None, host_end, dumps.other_end(rtnl, host_end) if host_end else "")
        return found


def of_ports(
    world: World, rows: list[PortRow], known: Mapping[str, Container | Error] | None = None
) -> dict[str, Ends]:
    """Return the ends of recorded ports by name; what one cannot look at is left out, and what has none.

    `known` are the containers by full id, if they have been looked up.
    """
    rows = [row for row in rows if not row.socket]
    links, found, grouped = host_ends(world, rows), dict[str, Ends](), defaultdict[str, list[PortRow]](list)
    for row in rows:
        grouped[row.record.full_id].append(row)
    known = known or answers(world.docker.ask, grouped)
    for full_id, its in grouped.items():
        container = known[full_id]
        with suppress(Error):  # one cannot look at it
            found |= {} if isinstance(container, Error) else of(world, container, its, links)
    return found


def of_facts(world: World, specs: Iterable[PortSpec], facts: Iterable[Facts]) -> dict[str, Ends]:
    """Return the ends of attached ports by name, whose namespaces are open; devices that are not ours have none."""
    attached = [
        (spec.place, row, fact.netns)
        for spec, fact in zip(specs, facts)
        if fact.netns and (row := fact.live) and row.record.is_ours and not row.is_strange(fact.port.others)
    ]
    links, found, gathered = host_ends(world, [row for _, row, _ in attached]), dict[str, Ends](), Gathered()
    for place, row, netns in attached:
        with gathered.at(place), netns.entered():
            found |= _here([row], links)
    gathered.raise_first()
    return found


def host_ends(world: World, rows: Iterable[PortRow]) -> dict[str, Link]:
    """Return the devices of these ports by name."""
    indexes = {index for row in rows if (index := world.host.index_of(row.name))}
    return dumps.links(world.host.rtnl, indexes) if indexes else {}
