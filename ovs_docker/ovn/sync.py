"""The OVN part of sync: it removes stray logical ports and recreates those that somebody has deleted.

On hosts that OVN does not serve, nothing of it is loaded.
"""

from collections.abc import Iterable

from ovs_docker import locks
from ovs_docker.errors import BadValue, TimedOut
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.plan import change as plan_changes
from ovs_docker.plan import sync as plan_sync
from ovs_docker.plan.restore import restore_logical
from ovs_docker.resolve import facts as resolve
from ovs_docker.resolve import ports
from ovs_docker.resolve.survey import Survey
from ovs_docker.verbs.each import each, persist
from ovs_docker.verbs.work import Work

OVN = "OVN"
"""The place of the error that OVN has not installed a port: a moment after it was attached that is none."""


def clear(work: Work, asked: set[str]) -> None:
    """Remove the logical ports that killed calls left, but not those that these owners get again (model/names.py)."""
    if not work.world.chassis.remote:
        return
    from ovs_docker.ovn import resolve as find_logical

    strays = [port for port in find_logical.strays(work.world) if find_logical.owner(port) not in asked]
    ports = find_logical.abandoned(work.world, strays)
    work.do(plan_changes.remove_logical(ports), [f"removed stray logical port {port.name}" for port in ports])


def remake(work: Work, seen: Survey) -> set[str]:
    """Recreate the missing logical ports of running containers, as recorded.

    Return the names of the ports for which that failed: OVN would never serve them.
    """
    rows = plan_sync.on_logical_switches(seen)
    if not rows or not work.world.chassis.remote:
        return set()
    from ovs_docker.ovn import resolve as find_logical

    specs, by_place = [], dict[str, PortRow]()
    for row in find_logical.lost(work.world, rows):
        try:
            specs.append(plan_sync.restored_spec(row, seen.listed)._replace(dynamic=False))
            by_place[specs[-1].place] = row
        except BadValue as error:
            work.fail(error)
    made, failures = each(specs, lambda some: persist(lambda: _remake(work, some, by_place)))
    work.fail(*failures)
    return {by_place[spec.place].name for spec in specs if spec not in made}


def _remake(work: Work, specs: list[PortSpec], seen: dict[str, PortRow]) -> None:
    """Create logical ports, all or none; from now on their addresses are fixed, also those that OVN had chosen.

    Ports that changed before the locks were held are left alone.
    """
    from ovs_docker.ovn import resolve as find_logical

    locks.release(work.world)
    question = find_logical.Question(work.world, specs)
    with resolve.for_attach(work.world, specs) as facts:
        lost = {row.interface_uuid: row for row in find_logical.lost(work.world, _now(work, seen.values()))}
        answered = question.answer(work.world, specs, facts, live=True)
        whole = [(*each, lost.get(seen[each[0].place].interface_uuid)) for each in zip(specs, answered)]
        ports = [(spec, fact, row) for spec, fact, row in whole if row]
        lines = [f"{row.record.iface_id} on logical switch {spec.logical_switch}" for spec, _, row in ports]
        work.do(restore_logical(ports, work.world.wait), [f"restored logical port {line}" for line in lines])


def look_again(work: Work, seen: Survey) -> None:
    """Tell which ports OVN has not installed, where nobody has waited for it."""
    rows = ports.everything(work.world.db) if seen.whole else ports.of_full_ids(work.world.db, list(seen.listed))
    bound = [row for row in plan_sync.on_logical_switches(seen._replace(rows=rows)) if row.works]
    if late := [row.record.iface_id for row in bound if not row.record.is_installed]:
        said = f"logical port{'s' if len(late) > 1 else ''} {', '.join(late)} not installed yet"
        error = TimedOut(said, "do ovn-controller and ovn-northd run?")
        error.place = OVN
        work.fail(error)


def _now(work: Work, rows: Iterable[PortRow]) -> list[PortRow]:
    return ports.named(work.world.db, [row.name for row in rows])
