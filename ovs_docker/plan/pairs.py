"""Plans for ports without a container: somebody else moves the other end of the pair. Pure.

plan/change.py removes them, like all ports.
"""

from ovs_docker.errors import Gathered
from ovs_docker.model.pair_spec import PairSpec
from ovs_docker.model.wire import Pair, Wire
from ovs_docker.plan.attach import AttachPlan, check_bridge, check_iface_id
from ovs_docker.plan.wires import attach_steps, port_for
from ovs_docker.resolve.interfaces import PortFacts


def attach_pairs(specs: list[PairSpec], facts: list[PortFacts], wait: bool) -> AttachPlan:
    """Plan to create the ports and their pairs, all or none; working ports of the same owners stay as they are."""
    wires, there, leftovers, bearers = list[Wire](), [], dict[str, int](), dict[str, str]()
    gathered = Gathered()
    for spec, fact in zip(specs, facts):
        with gathered.at(spec.place):
            if row := fact.live:
                there.append(row)
                continue
            check_bridge(spec, fact.bridge)
            wires.append(_wire(spec, fact))
            check_iface_id(wires[-1].port, fact, bearers)
            leftovers.update(fact.links)
    gathered.raise_first()
    return AttachPlan(attach_steps(wires, leftovers, wait), wires, there, [])


def _wire(spec: PairSpec, fact: PortFacts) -> Wire:
    port = port_for(spec, fact, spec.owner, spec.record, spec.marks)
    pair = Pair(
        port.name, spec.other_end, None, spec.mac, spec.mtu, None, not port.bridge.in_userspace, spec.answers_arp
    )
    return Wire(spec.place, spec.called or spec.other_end, port, pair)
