"""check: what is wrong with the surroundings or with ports, in plain words. check/ does the looking and the judging."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from ovs_docker.check import look, port, surroundings, unrecorded
from ovs_docker.check.finding import Checked, Finding
from ovs_docker.errors import OvsdbMissing
from ovs_docker.ovn import look as ovn
from ovs_docker.ovn.check import findings
from ovs_docker.report.outcome import Outcome, Unwell
from ovs_docker.resolve import ports, state
from ovs_docker.world import World


def check(
    world: World,
    bridge: str | None,
    container: str | None,
    strict: bool = False,
    networks: Callable[[], list[Checked]] = list,
) -> Outcome:
    """Check the surroundings, then each port end to end; raise Unwell if anything is wrong.

    That a container is stopped counts only if `strict`. `networks` checks what else there is: Docker's networks.
    """
    around = surroundings.look(world)
    if any(subject.findings for subject in around):
        return _outcome(around)
    pairs = state.selected(world, bridge, container)
    more = networks()
    if container and not pairs and not more:
        world.docker.inspect(container)  # raises NoSuchContainer: a mistyped name is not well
    lost = [] if container else unrecorded.look(world, bridge)
    lost += [] if bridge else unrecorded.portless(world, container)
    return _outcome([*_ports(world, pairs), *lost, *more] or around, strict)


def _ports(world: World, pairs: list[state.Pair]) -> list[Checked]:
    if not pairs:
        return []
    views, twice = look.at_ports(world, pairs), _ports_by_iface_id(world) | _ports_by_address(world)
    try:
        logical, unasked = ovn.at_ports(world, views), []
    except OvsdbMissing as error:
        logical, unasked = {}, [Checked("OVN", {}, [Finding(error.code, error.message, error.hint)])]
    if wrong := ovn.faults(world, [view for view in views if port.is_readable(view.row)]):
        unasked.append(Checked("OVN", {}, wrong))
    return unasked + [_port(view, twice, logical) for view in views]


def _port(view: look.View, twice: dict[port.Shared, list[str]], logical: dict[str, ovn.OvnView]) -> Checked:
    found = port.findings(view, twice)
    known = logical.get(view.row.record.iface_id)
    if known and not found:  # OVN can only follow where the port works
        found = list(findings(view, known))
    return Checked(port.subject(view), _facts(view), found)


def _facts(view: look.View) -> dict[str, str]:
    return {"bridge": view.row.bridge, "port": view.row.name}


def _ports_by_iface_id(world: World) -> dict[port.Shared, list[str]]:
    """Return the names of ports by iface-id, whoever made them."""
    found = defaultdict[port.Shared, list[str]](list)
    for name, iface_id in ports.iface_ids(world.db):
        found[iface_id].append(name)
    return found


def _ports_by_address(world: World) -> dict[port.Shared, list[str]]:
    """Return the names of recorded ports by network and IP address."""
    found = defaultdict[port.Shared, list[str]](list)
    chassis = world.chassis
    for row in ports.everything(world.db):
        # Rows without a device, as somebody may have copied them, disturb nobody. OVN's ports are on its networks.
        if row.works and not chassis.serves(row.parent):
            for key in port.addresses(row):
                found[key].append(row.name)
    return found


def _outcome(subjects: Iterable[Checked], strict: bool = False) -> Outcome:
    data = [subject.data() for subject in subjects]
    lines = [line for subject in subjects for line in subject.lines()]
    if wrong := sum(strict or not finding.stopped for subject in subjects for finding in subject.findings):
        raise Unwell(wrong, data, lines)
    return Outcome(data, lines)
