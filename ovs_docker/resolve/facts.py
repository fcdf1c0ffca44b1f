"""Reads Docker, the kernel and OVSDB into Facts for attaching. Reads only; plan/attach.py decides.

The order hides latencies: Docker works on its answer while pyroute2's message classes are loaded.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.backends.engine import Engine
from ovs_docker.backends.engine.process import check_fit, open_netns
from ovs_docker.backends.kernel import netlink, nic
from ovs_docker.backends.kernel.netns import Netns
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import Gathered
from ovs_docker.model import names
from ovs_docker.model.container import Container
from ovs_docker.model.port import DefaultRoute, PortRow, PortSpec
from ovs_docker.model.record import pairs_of
from ovs_docker.resolve.interfaces import PortFacts, PortQuery, port_facts
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.model.ovn import LogicalFacts
else:
    LogicalFacts = object  # strings cost a NamedTuple 0.1 ms each


class Facts(NamedTuple):
    """What exists for one PortSpec."""

    container: Container
    netns: Netns
    port: PortFacts
    interface_exists: bool
    default_routes: dict[int, list[DefaultRoute]]
    """By family (4, 6), for the families of the gateways."""
    logical: LogicalFacts | None = None
    """From OVN's northbound database, if the port concerns it."""


def concerns_ovn(spec: PortSpec, fact: Facts) -> bool:
    """Tell whether attaching this port changes OVN's northbound database."""
    return not fact.port.live and any([spec.logical_switch, *(row.record.logical_switch for row in fact.port.rows)])


@contextmanager
def for_attach(world: World, specs: list[PortSpec]) -> Iterator[list[Facts]]:
    """Read everything that attaching these ports depends on, with their interfaces locked.

    The containers' namespaces are open until the end of the context.
    """
    if len(specs) > _FEW:
        _allow_descriptors(len(specs))
    found = containers(world.docker, specs)
    ports = port_facts(world, list(map(_query, specs, found)))
    with ExitStack() as opened:
        facts, gathered = list[Facts](), Gathered()
        for spec, container, port in zip(specs, found, ports):
            with gathered.at(spec.place):
                facts.append(_facts(world, opened, spec, container, port))
        gathered.raise_first()
        yield facts


_FEW = 10


def _allow_descriptors(ports: int) -> None:
    """Raise the limit of open files, 1024 by default: each port needs a connection to Docker, then a namespace."""
    from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit

    soft, hard = getrlimit(RLIMIT_NOFILE)
    wanted = ports + 100
    if RLIM_INFINITY != soft < wanted:
        setrlimit(RLIMIT_NOFILE, (wanted if hard == RLIM_INFINITY else min(wanted, hard), hard))


def _query(spec: PortSpec, container: Container) -> PortQuery:
    marks = [pairs_of(typed=form, interface=spec.interface) for form in container.forms(spec.container)]
    owner = names.owner(container.id, spec.interface)
    return PortQuery(owner, marks, _iface_id(spec, container), spec.bridge, spec.place)


def _iface_id(spec: PortSpec, container: Container) -> str:
    return spec.iface_id or names.iface_id(container.name, spec.interface)


def containers(engine: Engine, specs: list[PortSpec]) -> list[Container]:
    """Inspect all containers; each must be running, with a network namespace of its own."""
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
    gathered.raise_first()
    return found


def _facts(world: World, opened: ExitStack, spec: PortSpec, container: Container, port: PortFacts) -> Facts:
    netns = opened.enter_context(closing(open_netns(world.docker, container)))
    families = (4, 6) if spec.dynamic else [gateway.version for gateway in spec.gateways]
    with netns.entered(), closing(Rtnl()) as inner:
        exists = nic.index_of(spec.interface) is not None
        defaults = {family: netlink.default_routes(inner, family) for family in families}
    theirs = [row for row in port.rows if _is_anothers(world, row, container, spec)]
    return Facts(container, netns, _without(port, theirs, _iface_id(spec, container)), exists, defaults)


def _without(port: PortFacts, theirs: list[PortRow], iface_id: str) -> PortFacts:
    """Drop the ports of other containers; those that have the iface-id are namesakes."""
    others = {row.name for row in theirs}
    return port._replace(
        rows=tuple(row for row in port.rows if row.name not in others),
        links={name: index for name, index in port.links.items() if name not in others},
        namesakes=port.namesakes | {row.name: True for row in theirs if row.record.iface_id == iface_id},
    )


def _is_anothers(world: World, row: PortRow, container: Container, spec: PortSpec) -> bool:
    """Tell whether a port belongs to a container that had this one's name before it was renamed, and works.

    A port recorded with exactly the words of this call counts as this container's: the script finds it by them.
    """
    return (
        not row.record.is_of(container.id)
        and row.record.typed != spec.container
        and world.host.index_of(row.name) is not None
    )
