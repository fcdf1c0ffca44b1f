"""sync: make the ports match the records and what is asked for; one look, then one road for each kind of work.

plan/sync.py decides what is to be done; ovn/sync.py does OVN's part.
"""

from collections.abc import Sequence

from ovs_docker.errors import AttachedOtherwise, BadValue, Error, ManyStrays, at
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.ovn import sync as sync_logical
from ovs_docker.parse import together
from ovs_docker.plan import change as plan_changes
from ovs_docker.plan import repair as plan_repair
from ovs_docker.plan import sync as plan_sync
from ovs_docker.plan.attach import compare
from ovs_docker.plan.restore import restore
from ovs_docker.report.outcome import Outcome
from ovs_docker.resolve import adoption, ends, ports, state, survey
from ovs_docker.resolve import facts as resolve
from ovs_docker.verbs.attach import attach
from ovs_docker.verbs.each import each, persist
from ovs_docker.verbs.labelled import Labels, readable
from ovs_docker.verbs.work import Work
from ovs_docker.world import World

_FEW = 3  # veth pairs


def sync(
    world: World, wishes: list[PortSpec], adopt: bool = False, failures: Sequence[Error] = (), force: bool = False
) -> Outcome:
    """Remove ports of removed containers and stray veth pairs, restore ports after restarts, attach what is asked for.

    Many stray pairs, or pairs that were created for another database, are deleted only with `force`.
    If one port fails, the others continue. SomeFailed lists it at the end, with `failures`, the unreadable wishes.
    """
    work = Work(world, force)
    work.fail(*failures)
    return _sync(work, survey.everything(world), wishes, adopt)


def sync_all(world: World, labels: Labels | None) -> Outcome:
    """Sync everything, for watch; with `labels`, attach what they ask for. Unreadable ones do not stop the others."""
    seen, work = survey.everything(world), Work(world)
    return _sync(work, seen, _readable(work, seen, labels) if labels else [], adopt=False)


def sync_containers(world: World, ids: list[str], labels: Labels | None) -> Outcome:
    """Sync some containers, by full id, for watch; with `labels`, attach what theirs ask for, if they run."""
    seen, work = survey.of_containers(world, ids), Work(world)
    return _sync(work, seen, _readable(work, seen, labels) if labels else [], adopt=False)


def sync_ports(world: World, bridge: str | None, container: str | None) -> Outcome:
    """Sync the ports of a bridge or a container only, for check."""
    rows = [row for row, _ in state.selected(world, bridge, container) if row.record.is_ours]
    ids = list(dict.fromkeys(row.record.full_id for row in rows if row.record.full_id))
    seen, names = survey.of_containers(world, ids), {row.name for row in rows}
    seen = seen._replace(rows=[row for row in seen.rows if row.name in names])
    return _sync(Work(world), seen, [], adopt=False)


def _readable(work: Work, seen: survey.Survey, labels: Labels) -> list[PortSpec]:
    wishes, failures = together.sift(*readable(work.world, seen.listed.values(), labels))
    work.fail(*failures)
    work.warnings += work.world.notes
    return wishes


def _sync(work: Work, seen: survey.Survey, wishes: list[PortSpec], adopt: bool) -> Outcome:
    """Go through the kinds of work; OVN's come last: if it fails, the others are done."""
    decision = plan_sync.decide(seen, adopt)
    wanted = plan_sync.with_rows(wishes, decision, seen)
    _warn(work, seen)
    work.stage(lambda: _remove(work, _plain(decision.remove)))
    work.stage(lambda: _clear(work, seen))
    work.stage(lambda: _restore(work, seen, _plain(decision.restore)))
    work.stage(lambda: _repair(work, seen, decision.repair))
    work.stage(lambda: _attach(work, [wish for wish in wanted if not plan_sync.is_logical(wish)]))
    work.stage(lambda: work.do(plan_sync.numbers(plan_sync.unnumbered(seen)), ()))
    work.stage(lambda: _adopt(work, seen, decision.adopt))
    _sync_logical(work, seen, wanted, decision)
    return work.outcome()


def _warn(work: Work, seen: survey.Survey) -> None:
    """Report the ports that are left alone, and why."""
    work.fail(*plan_sync.nobodys(seen))
    work.warnings += map(ports.stays, plan_sync.strange(seen))
    for row in plan_sync.kept(seen):
        engine = work.world.docker.url
        work.warnings.append(f"port {row.name} of {_said(row)} stays: that is here, but not known to {engine}")


def _sync_logical(work: Work, seen: survey.Survey, wanted: list[plan_sync.Wish], decision: plan_sync.Decision) -> None:
    wishes = [spec for spec, _ in wanted]
    work.stage(lambda: _remove(work, _logical(decision.remove)))
    if seen.whole:
        work.stage(lambda: sync_logical.clear(work, plan_sync.owners(wishes, seen)))
    failed: set[str] = set()
    work.stage(lambda: failed.update(sync_logical.remake(work, seen)))
    work.stage(lambda: _restore(work, seen, [row for row in _logical(decision.restore) if row.name not in failed]))
    work.stage(lambda: _attach(work, list(filter(plan_sync.is_logical, wanted))))
    if work.world.settings.ovn_patience and (
        plan_sync.on_logical_switches(seen) or any(spec.logical_switch for spec in wishes)
    ):
        work.stage(lambda: sync_logical.look_again(work, seen))


def _plain(rows: list[PortRow]) -> list[PortRow]:
    return [row for row in rows if not row.record.logical_switch]


def _logical(rows: list[PortRow]) -> list[PortRow]:
    return [row for row in rows if row.record.logical_switch]


def _remove(work: Work, rows: list[PortRow]) -> None:
    """Remove ports; they stay removed even if vswitchd does not confirm it."""
    rows = ports.named(work.world.db, [row.name for row in rows])
    if not rows:
        return
    links = work.world.host.host_ends([row.name for row in rows])
    with at(f"ports {' '.join(row.name for row in rows)}, whose containers are gone"):
        logical, _ = ports.logical(work.world, rows)
        steps, confirmation = plan_changes.detach(rows, links, work.world.wait, logical)
        work.do(steps, [f"removed port {row.name} of {_said(row)}, which is gone" for row in rows])
    work.do(confirmation, ())


def _said(row: PortRow) -> str:
    return f"{row.record.interface} of container {row.record.container}"


def _clear(work: Work, seen: survey.Survey) -> None:
    """Delete what killed calls left, unless the database seems to have lost its ports."""
    links = survey.leftovers(work.world, seen)
    strangers, recorded = survey.doubtful(work.world, links)
    if work.force or not (strangers or recorded or len(links) > _FEW):
        return work.do(plan_sync.clear(links), [f"deleted stray veth pair {name}" for name in links])
    why = f"{len(recorded)} had a port there" if recorded else "more than one call leaves"
    why = f"{len(strangers)} made for another one" if strangers else why
    with at("stray veth pairs"):
        raise ManyStrays(
            f"{len(links)} of running containers are in no port of this database, {why}: {' '.join(links)}",
            "if it is the right one, sync --force deletes them",
        )


def _restore(work: Work, seen: survey.Survey, rows: list[PortRow]) -> None:
    specs, by_place = _recorded(work, seen, rows)
    work.fail(*each(specs, lambda some: persist(lambda: _restore_some(work, some, by_place)))[1])


def _recorded(work: Work, seen: survey.Survey, rows: list[PortRow]) -> tuple[list[PortSpec], dict[str, str]]:
    """Return the specs that restore these ports, and the ports' names by the specs' places."""
    specs, by_place = [], {}
    for row in rows:
        try:
            specs.append(plan_sync.restored_spec(row, seen.listed))
            by_place[specs[-1].place] = row.name
        except BadValue as error:
            work.fail(error)
    return specs, by_place


def _repair(work: Work, seen: survey.Survey, rows: list[PortRow]) -> None:
    specs, _ = _recorded(work, seen, rows)
    work.fail(*each(specs, lambda some: persist(lambda: _repair_some(work, some)))[1])


def _repair_some(work: Work, specs: list[PortSpec]) -> None:
    """Make the ends of attached ports as recorded; look again, as nobody else may work on them now."""
    with resolve.for_attach(work.world, specs) as facts:
        found = plan_repair.repairs(specs, facts, ends.of_facts(work.world, specs, facts))
        names = (f"port {repair.wire.port.name} of {repair.wire}" for repair in found)
        lines = [f"repaired {name}: {', '.join(repair.words())}" for name, repair in zip(names, found)]
        work.do(plan_repair.steps(found), lines)


def _restore_some(work: Work, specs: list[PortSpec], by_place: dict[str, str]) -> None:
    """Restore ports, all or none; rows removed meanwhile are skipped."""
    with resolve.for_attach(work.world, specs) as facts:
        whole = {row.name: row for row in ports.named(work.world.db, [by_place[spec.place] for spec in specs])}
        known = [(spec, fact) for spec, fact in zip(specs, facts) if by_place[spec.place] in whole]
        rows = [whole[by_place[spec.place]] for spec, _ in known]
        steps = restore([spec for spec, _ in known], [fact for _, fact in known], rows, work.world.wait)
        work.do(steps, [f"restored port {row.name} of {_said(row)} on bridge {row.bridge}" for row in rows])
        work.restored.update(row.name for row in rows)


def _attach(work: Work, wishes: list[plan_sync.Wish]) -> None:
    """Attach what is asked for; a port restored just now is compared by its record, and by its ofport if known."""

    def some(specs: list[PortSpec]) -> None:
        outcome = attach(work.world, specs, may_exist=True)
        work.lines += outcome.done
        work.warnings += outcome.warnings

    todo = []
    for spec, row in wishes:
        if row is None or row.name not in work.restored:
            todo.append(spec)
            continue
        try:
            with at(spec.place):
                compare(spec if row.works else spec._replace(ofport=None), row)
        except AttachedOtherwise as error:
            work.fail(error)
    work.fail(*each(todo, some)[1])


def _adopt(work: Work, seen: survey.Survey, rows: list[PortRow]) -> None:
    """Record what can be read back from the old script's ports; the script leaves checksums to ovs-vswitchd."""
    adopted = []
    for row in ports.named(work.world.db, [row.name for row in rows]):
        try:
            record = adoption.compose_record(work.world, row, seen)
        except Error as error:
            work.fail(error)
            continue
        if record:
            lines = [f"adopted port {row.name} of {_said(row)} on bridge {row.bridge}"]
            work.do(plan_sync.write_record(row, record), lines)
            adopted.append(row._replace(record=record))
    _repair(work, seen, adopted)
