"""del-port, del-ports, set-vlan, set-trunk: the verbs on ports that exist. attach.py creates them."""

from __future__ import annotations

from collections.abc import Callable

from ovs_docker.apply import runner
from ovs_docker.errors import Interrupted, NotAttached, WorldChanged
from ovs_docker.model.container import Container
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.plan import change as plan_changes
from ovs_docker.report.outcome import Outcome, port_object
from ovs_docker.resolve import ports
from ovs_docker.world import World


def detach(world: World, bridge: str, interface: str, container: str, if_exists: bool = False) -> Outcome:
    """Remove one port; NotAttached if there is none, unless `if_exists`."""
    try:
        rows = ports.find(world, container, interface)
    except NotAttached:
        if if_exists:
            return Outcome([])
        raise
    return remove(world, rows, bridge)


def detach_all(world: World, bridge: str, container: str) -> Outcome:
    """Remove all ports of a container, on whatever bridge; none is success too."""
    known = ports.container_called(world, container)
    rows = ports.of_container(world.db, container, None, known)
    theirs = [row for row in rows if known and _was_renamed(world, row, known)]
    outcome = _detach_some(world, bridge, [row for row in rows if row not in theirs])
    stay = [f"port {row.name} stays: it is in the container that had this name then" for row in theirs]
    return outcome._replace(warnings=[*outcome.warnings, *stay])


def _was_renamed(world: World, row: PortRow, container: Container) -> bool:
    """Tell whether a port recorded under this name belongs to a container that was renamed since."""
    return not row.record.is_of(container.id) and world.host.index_of(row.name) is not None


def detach_bridge(world: World, bridge: str) -> Outcome:
    """Remove all ports of a bridge that this tool attached; the old script's ports stay."""
    rows = [row for row in ports.everything(world.db) if row.record.is_ours and bridge in (row.bridge, row.parent)]
    found = ports.named(world.db, [row.name for row in rows])
    logical = [row for row in found if row.record.logical_switch]  # last: if OVN fails, the others are removed
    outcomes = [_detach_some(world, bridge, rows) for rows in ([r for r in found if r not in logical], logical)]
    return Outcome(
        [port for each in outcomes for port in each.data], warnings=[w for o in outcomes for w in o.warnings]
    )


def detach_specs(world: World, specs: list[PortSpec]) -> Outcome:
    """Remove the ports of these interfaces, whatever their options; interfaces without a port are skipped."""
    asked = {(spec.container, spec.interface) for spec in specs}
    lengths = {len(word) for word, _ in asked}
    called = {(spec.called, spec.interface) for spec in specs}  # labels name containers by ids, unlike the script
    everything = [(row, row.record) for row in ports.everything(world.db)]
    script = [row for row, it in everything if not it.full_id and (it.typed, it.interface) in called]
    named = (row for row, it in everything if any((word, it.interface) in asked for word in it.words(lengths)))
    rows = [*script, *named]
    return _detach_some(world, None, ports.named(world.db, list(dict.fromkeys(row.name for row in rows))))


def _detach_some(world: World, bridge: str | None, rows: list[PortRow]) -> Outcome:
    """Remove ports, except those that only bear our mark: del-port, which names the interface, removes them too."""
    strange = [row for row in rows if row.record.is_ours and ports.is_foreign(world.host, row)]
    ours = [row for row in rows if row not in strange]
    outcome = remove(world, ours, bridge) if ours else Outcome([])
    return outcome._replace(warnings=[*outcome.warnings, *map(ports.stays, strange)])


def remove(world: World, rows: list[PortRow], bridge: str | None = None) -> Outcome:
    """Remove ports with their pairs and logical ports; warn where they are not on `bridge`, if one is given."""
    links = world.host.host_ends([row.name for row in rows])
    stay = [row.name for row in rows if row.name not in links and world.host.index_of(row.name) is not None]
    logical, others = ports.logical(world, rows)
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
        return _change_rows(world, bridge, ports.find(world, container, interface), planned)
    except WorldChanged:  # removed meanwhile: say so
        return _change_rows(world, bridge, ports.find(world, container, interface), planned)


def _change_rows(
    world: World, bridge: str, rows: list[PortRow], planned: Callable[[PortRow], list[runner.Step]]
) -> Outcome:
    runner.run([step for row in rows for step in planned(row)], world)
    data = []
    if world.reports:
        from ovs_docker.resolve import state

        data = [port_object(*port) for port in state.named(world, [row.name for row in rows])]
    return Outcome(data, warnings=_elsewhere(bridge, rows))


def _elsewhere(bridge: str | None, rows: list[PortRow]) -> list[str]:
    """Warn of ports that are not on the bridge given, if one is: the script never checked."""
    return [
        f"warning: port {row.name} is on bridge {row.bridge}, not on {bridge}"
        for row in rows
        if bridge is not None and bridge not in (row.bridge, row.parent)
    ]
