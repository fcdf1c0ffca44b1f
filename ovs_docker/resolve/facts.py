"""Reads Docker, the kernel and OVSDB into Facts for attaching. Reads only; plan/attach.py decides.

The order hides latencies: Docker works on its answer while pyroute2's message classes are loaded.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ovs_docker.backends.engine import Engine, Question
from ovs_docker.backends.engine.process import check_fit, check_runs, open_netns
from ovs_docker.backends.kernel import dumps, netlink, nic
from ovs_docker.backends.kernel.netns import Netns
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import Error, Gathered, alone
from ovs_docker.model import names
from ovs_docker.model.container import Container
from ovs_docker.model.port import DefaultRoute, PortRow, PortSpec
from ovs_docker.model.record import pairs_of
from ovs_docker.resolve.interfaces import PortFacts, PortQuery, is_kept, port_facts
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.model.ovn import LogicalFacts
else:
    LogicalFacts = object  # strings cost a NamedTuple 0.1 ms each


_Answer = TypeVar("_Answer")


class Facts(NamedTuple):
    """What exists for one PortSpec."""

    container: Container
    netns: Netns | None
    """None for a vhost-user port, which has nothing inside."""
    port: PortFacts
    interface_exists: bool
    default_routes: dict[int, list[DefaultRoute]]
    """By family (4, 6), for the families of the gateways."""
    renamed: str = ""
    """What the interface of an attached port is called in the container now, if it is there under another name."""
    logical: LogicalFacts | None = None
    """From OVN's northbound database, if the port concerns it."""

    @property
    def is_whole(self) -> bool:
        """Tell whether the port is live at both ends."""
        return self.port.live is not None and self.interface_exists

    @property
    def live(self) -> PortRow | None:
        """The row of the attached port, which is stale, too, if this container lacks the interface.

        After a restart, packets under way can keep the old namespace alive for seconds, and with it the old pair.
        """
        row = self.port.live
        gone = not self.interface_exists and not self.renamed
        lost = row and not row.socket and gone and row.record.full_id == self.container.id
        return None if lost and row and not row.is_strange(self.port.others) else row


def concerns_ovn(spec: PortSpec, fact: Facts) -> bool:
    """Tell whether attaching this port changes OVN's northbound database."""
    return not fact.live and any([spec.logical_switch, *(row.record.logical_switch for row in fact.port.rows)])


@contextmanager
def for_attach(world: World, specs: list[PortSpec]) -> Iterator[list[Facts]]:
    """Read everything that attaching these ports depends on, with their interfaces locked.

    The containers' namespaces are open until the end of the context.
    """
    if (count := len({spec.container for spec in specs})) > _FEW:
        _allow_descriptors(count)
    found = containers(world.docker, specs)
    ports = port_facts(world, list(map(_query, specs, found)))
    with ExitStack() as opened:
        namespaces = _namespaces(world.docker, opened, specs, found)
        facts, gathered = list[Facts](), Gathered()
        for spec, container, port in zip(specs, found, ports):
            with gathered.at(spec.place):
                netns = None if spec.socket else namespaces[container.id]
                facts.append(_facts(world, netns, spec, container, _own(world, spec, container, port)))
        gathered.raise_first()
        yield facts


_FEW = 10
_AT_ONCE = 32  # look-ups


def _allow_descriptors(containers: int) -> None:
    """Raise the limit of open files, 1024 by default: the namespace of each container is one."""
    from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit

    soft, hard = getrlimit(RLIMIT_NOFILE)
    wanted = containers + 100
    if RLIM_INFINITY != soft < wanted:
        setrlimit(RLIMIT_NOFILE, (wanted if hard == RLIM_INFINITY else min(wanted, hard), hard))


def _query(spec: PortSpec, container: Container) -> PortQuery:
    marks = [pairs_of(typed=form, interface=spec.interface) for form in container.forms(spec.container)]
    owner = names.owner(container.id, spec.interface)
    addresses = () if spec.logical_switch else tuple(map(str, spec.addresses))
    return PortQuery(owner, marks, spec.iface_id_in(container.name), spec.bridge, spec.place, addresses, spec.tag)


def containers(engine: Engine, specs: list[PortSpec]) -> list[Container]:
    """Inspect all containers, each once; each must be running, with a network namespace of its own if need be."""
    gathered, answered, found = Gathered(), answers(engine.ask, (spec.container for spec in specs)), []
    for spec in specs:
        with gathered.at(spec.place):
            found.append((check_runs if spec.socket else check_fit)(answer_or_raise(answered[spec.container])))
    gathered.raise_first()
    return found


def answers(ask: Callable[[str], Question[_Answer]], words: Iterable[str]) -> dict[str, _Answer | Error]:
    """Ask an engine about all these words, some at a time: it has to serve a connection for each."""
    questions = ((word, _tried(ask, word)) for word in dict.fromkeys(words))
    under_way, found = deque(islice(questions, _AT_ONCE)), dict[str, _Answer | Error]()
    while under_way:
        word, question = under_way.popleft()
        if isinstance(question, Error):
            found[word] = question
        else:
            netlink.load()
            found[word] = _tried(question.answer)
        under_way.extend(islice(questions, 1))
    return found


def _tried(work: Callable[..., _Answer], *words: str) -> _Answer | Error:
    try:
        return work(*words)
    except Error as error:
        return alone(error)


def answer_or_raise(answer: _Answer | Error) -> _Answer:
    """Return an answer; if it is an error, raise it."""
    if isinstance(answer, Error):
        raise answer.again()
    return answer


def _namespaces(engine: Engine, opened: ExitStack, specs: list[PortSpec], found: list[Container]) -> dict[str, Netns]:
    """Open the namespaces of containers, each once; by full id."""
    gathered, namespaces = Gathered(), dict[str, Netns]()
    for spec, container in zip(specs, found):
        with gathered.at(spec.place):
            if not spec.socket and container.id not in namespaces:
                namespaces[container.id] = opened.enter_context(closing(open_netns(engine, container)))
    gathered.raise_first()
    return namespaces


def _own(world: World, spec: PortSpec, container: Container, port: PortFacts) -> PortFacts:
    theirs = [row for row in port.rows if _is_anothers(world, row, container, spec)]
    return _without(port, theirs, spec, spec.iface_id_in(container.name))


def _facts(world: World, netns: Netns | None, spec: PortSpec, container: Container, port: PortFacts) -> Facts:
    if netns is None:
        from ovs_docker.resolve import vhost_user

        if not port.live:
            vhost_user.check(world, spec, container, port)
        return Facts(container, None, port, port.live is not None, {})
    families = (4, 6) if spec.dynamic else [gateway.version for gateway in spec.gateways]
    end = _host_end(world, port)
    with netns.entered(), Rtnl() as inner:
        index = nic.index_of(spec.interface)
        defaults = {family: dumps.default_routes(inner, family) for family in families}
        renamed = dumps.other_end(inner, end) if end and index is None else ""
    if index:  # it is either this port's or goes with the pair that the port replaces
        others = ((family, [each for each in found if each.device != index]) for family, found in defaults.items())
        defaults = dict(others)
    return Facts(container, netns, port, index is not None, defaults, renamed)


def _host_end(world: World, port: PortFacts) -> dumps.Link | None:
    """Return the host end of the attached port, if there is one."""
    index = world.host.index_of(port.live.name) if port.live else None
    return dumps.link_of(world.host.rtnl, index) if index else None


def _without(port: PortFacts, theirs: list[PortRow], spec: PortSpec, iface_id: str) -> PortFacts:
    """Drop the ports of other containers; those that have the iface-id are namesakes."""
    words = pairs_of(typed=spec.container, interface=spec.interface)
    others = {row.name for row in theirs}
    return port._replace(
        rows=tuple(row for row in port.rows if row.name not in others),
        links={name: index for name, index in port.links.items() if name not in others},
        namesakes=port.namesakes | {row.name: True for row in theirs if row.record.iface_id == iface_id},
        strangers=tuple(row.name for row in theirs if row.record.bears(words)),
    )


def _is_anothers(world: World, row: PortRow, container: Container, spec: PortSpec) -> bool:
    """Tell whether a port belongs to another container that had this one's name, and works or waits for that container.

    A port recorded with exactly the words of this call counts as this container's, as the script finds it by them,
    unless its container is another engine's.
    """
    if row.record.is_of(container.id):
        return False
    if row.record.engine != container.engine:
        return True
    there = world.host.index_of(row.name) is not None or is_kept(world, row.record)
    return row.record.typed != spec.container and there
