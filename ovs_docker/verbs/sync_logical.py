"""What sync does about logical ports of OVN: strays go, and those that somebody has deleted are made again.

Where OVN serves this host, its northbound database is asked once; elsewhere nothing of it is loaded.
"""

from ovs_docker import plan_changes, plan_sync, resolve
from ovs_docker.errors import BadValue
from ovs_docker.model import PortRow, PortSpec
from ovs_docker.plan_restore import restore_logical
from ovs_docker.survey import Survey
from ovs_docker.verbs.each import each, persist
from ovs_docker.verbs.work import Work


def clear(work: Work) -> None:
    """Remove logical ports that killed calls left."""
    if not work.world.host_ids.get("ovn-remote"):
        return
    from ovs_docker import find_logical

    ports = find_logical.abandoned(work.world, find_logical.strays(work.world))
    work.do(plan_changes.remove_logical(ports), [f"removed stray logical port {port.name}" for port in ports])


def remake(work: Work, seen: Survey) -> int:
    """Make the logical ports of running containers' ports again, as recorded, where they are gone; count these."""
    rows = plan_sync.on_logical_switches(seen)
    if not rows:
        return 0
    from ovs_docker import find_logical

    specs, by_place = [], dict[str, PortRow]()
    for row in find_logical.lost(work.world, rows):
        try:
            specs.append(plan_sync.restored_spec(row, seen.listed)._replace(dynamic=False))
            by_place[specs[-1].place] = row
        except BadValue as error:
            work.failures.append(error)
    work.failures += each(specs, lambda some: persist(lambda: _remake(work, some, by_place)))[1]
    return len(by_place)


def _remake(work: Work, specs: list[PortSpec], rows: dict[str, PortRow]) -> None:
    """Make logical ports, all or none; the addresses are fixed from then on, also those that OVN had chosen."""
    from ovs_docker.find_logical import Question

    work.world.db.unlock_all()  # the locks of OVN's database come first: nobody may hold these meanwhile
    question = Question(work.world, specs)
    facts = resolve.for_attach(work.world, specs)
    try:
        facts = question.answer(work.world, specs, facts, live=True)
        steps = restore_logical(specs, facts, [rows[spec.place] for spec in specs], work.world.wait)
        made = ((rows[spec.place], spec.logical_switch) for spec in specs)
        work.do(steps, [f"restored logical port {row.ids['iface-id']} on logical switch {name}" for row, name in made])
    finally:
        for fact in facts:
            fact.netns.close()
