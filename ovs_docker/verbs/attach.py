"""add-port, for any number of specs. What attaching means step by step is plan.py's and steps.py's."""

import os

from ovs_docker import apply, plan, resolve
from ovs_docker.addresses import random_mac
from ovs_docker.errors import WorldChanged
from ovs_docker.model import PortSpec
from ovs_docker.outcome import Outcome, dry_run
from ovs_docker.verbs.tell import told
from ovs_docker.world import World

_ATTEMPTS = 5


def attach(world: World, specs: list[PortSpec], may_exist: bool = False, dry: bool = False) -> Outcome:
    """Attach all ports or none; start over where somebody else changed the bridge or port meanwhile."""
    for attempt in range(_ATTEMPTS):
        try:
            return _attach(world, specs, may_exist, dry)
        except WorldChanged:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _attach(world: World, specs: list[PortSpec], may_exist: bool, dry: bool) -> Outcome:
    facts = resolve.for_attach(world, specs)
    try:
        planned = plan.attach(specs, facts, [random_mac(os.urandom(6)) for _ in specs], may_exist, world.wait)
        if dry:
            return dry_run(planned.steps, planned.warnings)
        apply.run(planned.steps, world)
    finally:
        for fact in facts:
            fact.netns.close()
    names = [*(row.name for row in planned.there), *(wire.host_end for wire in planned.wires)]
    return Outcome(told(world, names), warnings=planned.warnings)
