"""del-port, del-ports, set-vlan, set-trunk: the verbs on ports that exist. attach.py creates them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ovs_docker.apply import runner
from ovs_docker.errors import DockerMissing, Interrupted, NoSuchContainer, NotAttached, WorldChanged
from ovs_docker.model.container import Container
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.plan import change as plan_changes
from ovs_docker.report.outcome import Outcome, port_object
from ovs_docker.resolve import ports
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.model.ovn import LogicalPort


def detach(world: World, bridge: str, interface: str, container: str, if_exists: bool = False) -> Outcome:
    """Remove one port; NotAttached if there is none, unless `if_exists`."""
    try:
        rows = found(world, container, interface)
    except NotAttached:
        if if_exists:
            return Outcome([])
        raise
    return _detach(world, bridge, rows)


def detach_all(world: World, bridge: str, container: str) -> Outcome:
    """Remove all ports of a container, on whatever bridge; none is success too."""
    known = _container(world, container)
    rows = ports.of_container(world.db, container, None, known)
    theirs = [row for row in rows if known and _is_anothers(world, row, known)]
    outcome = _detach_some(world, bridge, [row for row in rows if row not in theirs])
    stay = [f"port {row.name} stays: it is in the container that had this name then" for row in theirs]
    return outcome._replace(warnings=[*outcome.warnings, *stay])


def _is_anothers(world: World, row: PortRow, container: Container) -> bool:
    """Tell whether a port that was recorded under this name is that of a container which was renamed since."""
    return not row.record.is_of(container.id) and world.host.index_of(row.name) is not None


def detach_bridge(world: World, bridge: str) -> Outcome:
    """Remove all ports of a bridge that this tool attached; the old script's ports stay."""
    rows = [row for row in ports.everything(world.db) if row.record.is_ours and bridge in (row.bridge, row.parent)]
    found = ports.named(world.db, [row.name for row in rows])
    logical = [row for row in found if row.record.logical_switch]  # last: OVN's troubles are nobody else's
    outcomes = [_detach_some(world, bridge, rows) for rows in ([r for r in found if r not in logical], logical)]
    return Outcome(
        [port for each in outcomes for port in each.data], warnings=[w for o in outcomes for w in o.warnings]
    )


def detach_specs(world: World, specs: list[PortSpec]) -> Outcome:
    """Remove the ports of these interfaces, whatever else is asked of them; ones not attached are passed over."""
    asked = {(spec.container, spec.interface) for spec in specs}
    lengths = {len(word) for word, _ in asked}
    called = {(spec.called, spec.interface) for spec in specs}  # labels go by ids, and the script records none
    everything = [(row, row.record) for row in ports.everything(world.db)]
    script = [row for row, it in everything if not it.full_id and (it.typed, it.interface) in called]
    named = (row for row, it in everything if any((word, it.interface) in asked for word in it.words(lengths)))
    rows = [*script, *named]
    return _detach_some(world, None, ports.named(world.db, list(dict.fromkeys(row.name for row in rows))))


def _detach_some(world: World, bridge: str | None, rows: list[PortRow]) -> Outcome:
    """Remove ports, but for those that only bear our mark: del-port, by all its words, takes them off their bridge."""
    strange = [row for row in rows if row.record.is_ours and world.host.is_anothers(row.name)]
    ours = [row for row in rows if row not in strange]
    outcome = _detach(world, bridge, ours) if ours else Outcome([])
    return outcome._replace(warnings=[*outcome.warnings, *map(ports.stays, strange)])


def _detach(world: World, bridge: str | None, rows: list[PortRow]) -> Outcome:
    links = world.host.host_ends([row.name for row in rows])
    stay = [row.name for row in rows if row.name not in links and world.host.index_of(row.name) is not None]
    logical, others = logical_ports(world, rows)
    removal, confirmation = plan_changes.detach(rows, links, world.wait, logical)
    warnings = [
        *_elsewhere(bridge, rows),
        *others,
        *(f"device {name} stays: it is no host end of ours" for name in stay),
    ]
    runner.run(removal, world)
    try:
        runner.run(confirmation, world)
    except Interrupted as error:
        removed = " ".join(row.name for row in rows)
        raise Interrupted(error.signum, f"interrupted, but {removed} is removed") from None
    return Outcome([port_object(row, "detached") for row in rows], warnings=warnings)


def logical_ports(world: World, rows: list[PortRow]) -> tuple[list[LogicalPort], list[str]]:
    """Find the logical ports that go with ports, and warnings about others'; no database is asked where none was made.

    Raises NorthboundMissing before anything is touched.
    """
    if not any(row.record.logical_switch for row in rows):
        return [], []
    from ovs_docker.ovn.resolve import recorded

    return recorded(world, rows)


def set_vlan(world: World, bridge: str, interface: str, container: str, tag: int | None) -> Outcome:
    """Make the port an access port of VLAN `tag`; None takes the tag off."""
    return _change(world, bridge, interface, container, lambda row: plan_changes.set_vlan(row, tag, world.wait))


def set_trunk(world: World, bridge: str, interface: str, container: str, trunks: tuple[int, ...]) -> Outcome:
    """Let the port carry these VLANs tagged; none: no longer limit them."""
    return _change(world, bridge, interface, container, lambda row: plan_changes.set_trunk(row, trunks, world.wait))


def _change(
    world: World, bridge: str, interface: str, container: str, planned: Callable[[PortRow], list[runner.Step]]
) -> Outcome:
    try:
        return _change_rows(world, bridge, found(world, container, interface), planned)
    except WorldChanged:  # removed meanwhile: say so
        return _change_rows(world, bridge, found(world, container, interface), planned)


def _change_rows(
    world: World, bridge: str, rows: list[PortRow], planned: Callable[[PortRow], list[runner.Step]]
) -> Outcome:
    runner.run([step for row in rows for step in planned(row)], world)
    data = []
    if world.reports:
        from ovs_docker.verbs.state import named

        data = named(world, [row.name for row in rows])
    return Outcome(data, warnings=_elsewhere(bridge, rows))


def found(world: World, container: str, interface: str) -> list[PortRow]:
    """Find the interface's port by the words as recorded, else by any form of the container's name."""
    rows = ports.recorded(world.db, container, interface)
    if not rows:
        known = _container(world, container)
        rows = ports.of_container(world.db, container, interface, known)
        rows = rows or (_by_docker(world, interface, known) if known else [])
    if not rows:
        raise NotAttached(container, interface)
    return rows


def _by_docker(world: World, interface: str, container: Container) -> list[PortRow]:
    """Find the script's ports recorded under a beginning of the id that only Docker can make out."""
    rows = ports.beginning_of_id(world.db, container.id, interface)
    resolved = {row.name: _container(world, row.record.typed) for row in rows}
    return [row for row in rows if (found := resolved[row.name]) and found.id == container.id]


def _container(world: World, typed: str) -> Container | None:
    """Ask Docker for the other forms of a container's name; a container, or a Docker, that is gone has none."""
    try:
        return world.docker.inspect(typed)
    except (NoSuchContainer, DockerMissing):
        return None


def _elsewhere(bridge: str | None, rows: list[PortRow]) -> list[str]:
    """Warn of ports on another bridge than the caller said, if he said one: the script never looked."""
    return [
        f"port {row.name} is on bridge {row.bridge}, not on {bridge}"
        for row in rows
        if bridge is not None and bridge not in (row.bridge, row.parent)
    ]
