"""add-port and add-ports: any number of specs down the road. plan/ decides what attaching means."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ovs_docker.errors import Error, NorthboundMissing
from ovs_docker.model.addresses import random_mac
from ovs_docker.model.port import PortSpec
from ovs_docker.report.outcome import Outcome, SomeFailed
from ovs_docker.verbs.each import each, persist
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.apply.runner import Step
    from ovs_docker.model.wire import Wire
    from ovs_docker.ovn.resolve import Question
    from ovs_docker.resolve.facts import Facts

_MANY = 20  # ports; fewer never last long enough for a progress bar


def attach(world: World, specs: list[PortSpec], may_exist: bool = False) -> Outcome:
    """Attach all ports or none; start over where somebody else changed bridges or ports meanwhile."""
    return persist(lambda: _attach(world, specs, may_exist))


def attach_some(world: World, specs: list[PortSpec], unread: list[Error], may_exist: bool = False) -> Outcome:
    """Attach all ports that can be; raise SomeFailed about the others, with `unread`, the unreadable ones."""
    outcomes = [Outcome([])]
    _, failures = each(specs, lambda rest: outcomes.append(attach(world, rest, may_exist)))
    if failures := [*unread, *failures]:
        said = f"{len(failures)} of {len(specs) + len(unread)} ports not attached"
        raise SomeFailed(failures, said, outcomes[-1].data, warnings=outcomes[-1].warnings)
    return outcomes[-1]


@contextmanager
def _progress(world: World, ports: int) -> Iterator[None]:
    """Show the progress of a batch; each port counts twice: created, configured."""
    if ports < _MANY:
        yield
        return
    from ovs_docker.report.progress import Progress

    world.progress = Progress(2 * ports)
    try:
        yield
    finally:
        world.progress.close()
        world.progress = None


def _ask_ovn(world: World, specs: list[PortSpec]) -> Question | None:
    """Ask the northbound database now: it works while modules are loaded, and Docker and the kernel are asked."""
    if not any(spec.logical_switch for spec in specs):
        return None
    from ovs_docker import locks
    from ovs_docker.ovn.resolve import Question

    locks.release(world)  # those of an attempt before this one
    try:
        return Question(world, specs)
    except NorthboundMissing:
        return None  # reported when there is a port that needs it


def _attach(world: World, specs: list[PortSpec], may_exist: bool) -> Outcome:
    question = _ask_ovn(world, specs)
    from ovs_docker.apply import runner  # while OVN works on its answer
    from ovs_docker.plan import attach as plan
    from ovs_docker.resolve import facts as resolve

    with resolve.for_attach(world, specs) as facts:
        if any(map(resolve.concerns_ovn, specs, facts)):
            from ovs_docker.ovn.resolve import Question

            facts = (question or Question(world, specs)).answer(world, specs, facts)
        planned = plan.attach(specs, facts, [random_mac(os.urandom(6)) for _ in specs], may_exist, world.wait)
        steps = [*_repairs(world, specs, facts), *planned.steps] if planned.there else planned.steps
        with _progress(world, len(planned.wires)):
            runner.run(steps, world)
    done = [f"attached {wire} to bridge {wire.port.bridge.name}" for wire in planned.wires]
    names = [*(row.name for row in planned.there), *(wire.port.name for wire in planned.wires)]
    warnings = [*_created(world, planned.wires), *planned.warnings]
    return Outcome(_described(world, names) if world.reports else [], warnings=warnings, done=done)


def _repairs(world: World, specs: list[PortSpec], facts: list[Facts]) -> list[Step]:
    """Plan to make the ends of ports that exist as recorded: success says that they are."""
    from ovs_docker.plan import repair
    from ovs_docker.resolve import ends

    return repair.steps(repair.repairs(specs, facts, ends.of_facts(world, specs, facts)))


def _created(world: World, wires: list[Wire]) -> list[str]:
    """Say which bridges were created: one that is misspelt is created, too."""
    new = dict.fromkeys(wire.port.bridge.name for wire in wires if not wire.port.bridge.uuid)
    return [f"created bridge {name}" for name in new if not world.settings.dry_run]


def _described(world: World, names: list[str]) -> list[dict[str, Any]]:
    from ovs_docker.report.outcome import port_object
    from ovs_docker.resolve import state

    return [port_object(*port) for port in state.named(world, names)]
