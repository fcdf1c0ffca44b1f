"""Reads Docker, the kernel and OVSDB into Facts for attaching. Reads only; what follows from them is plan.py's.

The order hides latencies: Docker works on its answer while pyroute2's message classes are loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from ovs_docker import locks
from ovs_docker.backends.engine import Engine
from ovs_docker.backends.engine.process import check_fit, open_netns
from ovs_docker.backends.kernel import netlink, nic
from ovs_docker.backends.kernel.netns import Netns
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import BridgeUnfit, Gathered, WorldChanged, at
from ovs_docker.model import names
from ovs_docker.model.container import Container
from ovs_docker.model.port import Bridge, DefaultRoute, PortRow, PortSpec
from ovs_docker.resolve import bridges as find_bridges
from ovs_docker.resolve.interfaces import Found, Wanted, of_interfaces
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.model.ovn import Logical


class Facts(NamedTuple):
    """What is there for one PortSpec."""

    container: Container
    netns: Netns
    bridge: Bridge | None
    rows: tuple[PortRow, ...]
    """Ports recorded for this interface of this container."""
    links: dict[str, int]
    """Host ends that exist now (name to ifindex), of `rows` and of interrupted calls."""
    interface_exists: bool
    default_routes: dict[int, list[DefaultRoute]]
    """By family (4, 6), for the families that a gateway is asked for."""
    namesakes: dict[str, bool] = {}
    """Other interfaces of this switch that have the iface-id, and whether they work."""
    logical: Logical | None = None
    """What OVN's northbound database has, where it has a part in it."""

    @property
    def live(self) -> PortRow | None:
        """The row by which the interface is attached now.

        A port is stale, and may be replaced, when its link is gone (the container was restarted) or
        vswitchd has never taken it (an interrupted call). A port that does not look like ours or the
        script's is never stale: it is somebody else's business.
        """
        for row in self.rows:
            if (row.works and row.name in self.links) or not names.is_host_end(row.name):
                return row
        return None


def concerns_ovn(spec: PortSpec, fact: Facts) -> bool:
    """Tell whether OVN's northbound database has a part in attaching this port."""
    return not fact.live and bool(spec.logical_switch or any(row.record.logical_switch for row in fact.rows))


@contextmanager
def for_attach(world: World, specs: list[PortSpec]) -> Iterator[list[Facts]]:
    """Look at everything that attaching these ports touches, holding the locks of their interfaces.

    The containers' namespaces are closed at the end, however that comes.
    """
    if len(specs) > _FEW:
        _allow_descriptors(len(specs))
    found = containers(world.docker, specs)
    locks.hold_interfaces(world, [(container.id, spec.interface) for container, spec in zip(found, specs)])
    bridges = _bridges(world, specs)
    wanted = [_wanted(spec, container) for spec, container in zip(specs, found)]
    recorded = of_interfaces(world.db, wanted)
    with ExitStack() as opened:
        yield [_facts(world, opened, *one, bridges) for one in zip(specs, found, wanted, recorded)]


def _bridges(world: World, specs: list[PortSpec]) -> dict[str, Bridge]:
    """Find the bridges that exist; a name that a port has cannot become a bridge."""
    bridges = find_bridges.bridges(world.db, [spec.bridge for spec in specs])
    for spec in specs:
        if spec.bridge not in bridges and (owner := find_bridges.bridge_of_port(world.db, spec.bridge)):
            if owner == spec.bridge:  # made between the two questions
                raise WorldChanged(f"bridge {owner} was made meanwhile", "try again")
            with at(spec.place):
                raise BridgeUnfit(f"BRIDGE {spec.bridge}: is a port of bridge {owner}", f"attach to {owner} instead")
    return bridges


_FEW = 10


def _allow_descriptors(ports: int) -> None:
    """Raise the limit of open files, 1024 by default: each port needs a connection to Docker, then a namespace."""
    from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit

    soft, hard = getrlimit(RLIMIT_NOFILE)
    wanted = ports + 100
    if RLIM_INFINITY != soft < wanted:
        setrlimit(RLIMIT_NOFILE, (wanted if hard == RLIM_INFINITY else min(wanted, hard), hard))


def _wanted(spec: PortSpec, container: Container) -> Wanted:
    ends = names.two_host_ends(container.id, spec.interface)
    iface_id = spec.iface_id or names.iface_id(container.name, spec.interface)
    return Wanted(container.forms(spec.container), spec.interface, ends, iface_id)


def containers(engine: Engine, specs: list[PortSpec]) -> list[Container]:
    """Look all containers up; each must be running and have a network of its own."""
    gathered = Gathered()
    questions, found = [], []
    for spec in specs:
        with gathered.at(spec.place):
            questions.append((spec.place, engine.ask(spec.container)))
    if questions:
        netlink.load()
    for place, question in questions:
        with gathered.at(place):
            found.append(check_fit(question.answer()))
    gathered.check()
    return found


def _facts(
    world: World,
    opened: ExitStack,
    spec: PortSpec,
    container: Container,
    wanted: Wanted,
    found: Found,
    bridges: dict[str, Bridge],
) -> Facts:
    with at(spec.place):
        netns = opened.enter_context(closing(open_netns(world.docker, container)))
    with netns.entered():
        inner = Rtnl()
        exists = nic.index_of(spec.interface) is not None
    families = (4, 6) if spec.dynamic else [gateway.version for gateway in spec.gateways]
    defaults = {family: netlink.default_routes(inner, family) for family in families}
    inner.close()
    theirs = [row for row in found.rows if _is_anothers(world, row, container, spec)]
    rows = tuple(row for row in found.rows if row not in theirs)
    possible = {*wanted.host_ends, *(row.name for row in rows)}
    links = {name: index for name in sorted(possible) if (index := world.host.index_of(name)) is not None}
    # A host end without its device belongs to a container that was restarted or removed.
    namesakes = {
        name: works and (not names.is_host_end(name) or world.host.index_of(name) is not None)
        for name, works in found.namesakes
    }
    namesakes |= {row.name: True for row in theirs if row.record.iface_id == wanted.iface_id}
    return Facts(container, netns, bridges.get(spec.bridge), rows, links, exists, defaults, namesakes)


def _is_anothers(world: World, row: PortRow, container: Container, spec: PortSpec) -> bool:
    """Tell whether a port is that of a container which had this one's name and was renamed; it is there and works.

    Recorded under the very words of this call it counts as this one's all the same: the script finds it by them.
    """
    return (
        not row.record.is_of(container.id)
        and row.record.typed != spec.container
        and world.host.index_of(row.name) is not None
    )
