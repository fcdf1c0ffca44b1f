"""Reads Docker, the kernel and OVSDB into Facts for attaching. Reads only; what follows from them is plan.py's.

The order hides latencies: Docker works on its answer while pyroute2's message classes are loaded.
"""

from typing import NamedTuple

from ovs_docker import find, names
from ovs_docker.backends import netlink, nic
from ovs_docker.backends.docker import Engine
from ovs_docker.backends.netns import Netns, stopped
from ovs_docker.backends.rtnl import Rtnl
from ovs_docker.errors import BridgeUnfit, ContainerUnfit, at
from ovs_docker.model import Bridge, Container, DefaultRoute, PortRow, PortSpec
from ovs_docker.world import World


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


def for_attach(world: World, specs: list[PortSpec]) -> list[Facts]:
    """Look at everything that attaching these ports touches, holding the locks of their interfaces."""
    if len(specs) > _FEW:
        _allow_descriptors(len(specs))
    found = containers(world.docker, specs)
    for lock in sorted({names.lock_name(c.id, spec.interface) for c, spec in zip(found, specs)}):
        world.db.lock(lock)
    bridges = _bridges(world, specs)
    wanted = [_wanted(spec, container) for spec, container in zip(specs, found)]
    recorded = find.of_interfaces(world.db, wanted)
    facts: list[Facts] = []
    try:
        for one in zip(specs, found, wanted, recorded):
            facts.append(_facts(world, *one, bridges))
    except BaseException:
        for fact in facts:
            fact.netns.close()  # a watch lives on after this error
        raise
    return facts


def _bridges(world: World, specs: list[PortSpec]) -> dict[str, Bridge]:
    """Find the bridges that exist; a name that a port has cannot become a bridge."""
    bridges = find.bridges(world.db, [spec.bridge for spec in specs])
    for spec in specs:
        if spec.bridge not in bridges and (owner := find.bridge_of_port(world.db, spec.bridge)):
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


def _wanted(spec: PortSpec, container: Container) -> find.Wanted:
    ends = names.two_host_ends(container.id, spec.interface)
    return find.Wanted(container.forms(spec.container), spec.interface, ends)


def containers(docker: Engine, specs: list[PortSpec]) -> list[Container]:
    """Look all containers up; each must be running and have a network of its own."""
    questions = []
    for spec in specs:
        with at(spec.place):
            questions.append(docker.ask(spec.container))
    netlink.load()
    found = []
    for spec, question in zip(specs, questions):
        with at(spec.place):
            found.append(_fit(question.answer()))
    return found


def _fit(container: Container) -> Container:
    if not container.pid:
        raise stopped(container.name)
    if container.host_network:
        raise _on_host_network(container)
    return container


def _on_host_network(container: Container) -> ContainerUnfit:
    return ContainerUnfit(
        f"container {container.name} is on the host's network: its interfaces would be the host's own",
        "give it a network of its own, e.g. docker run --network none",
    )


def _facts(
    world: World,
    spec: PortSpec,
    container: Container,
    wanted: find.Wanted,
    rows: tuple[PortRow, ...],
    bridges: dict[str, Bridge],
) -> Facts:
    with at(spec.place):
        netns = _open_netns(world.docker, container)
    with netns.entered():
        inner = Rtnl()
        exists = nic.index_of(spec.interface) is not None
    defaults = {gateway.family: netlink.default_routes(inner, gateway.family) for gateway in spec.gateways}
    inner.close()
    possible = {*wanted.host_ends, *(row.name for row in rows)}
    links = {name: index for name in sorted(possible) if (index := nic.index_of(name)) is not None}
    return Facts(container, netns, bridges.get(spec.bridge), rows, links, exists, defaults)


def _open_netns(docker: Engine, container: Container) -> Netns:
    """Open the container's namespace and make sure that it is its own: process ids are reused."""
    netns = Netns(container.pid, container.name)
    if not netns.is_of(container.id) and docker.inspect(container.id).pid != container.pid:
        raise stopped(container.name)
    if netns.is_own():
        raise _on_host_network(container)
    return netns
