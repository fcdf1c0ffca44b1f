"""How a port gets devices back that a restart took, and a logical port that somebody deleted. No I/O.

When it has to, plan_sync.py decides.
"""

from ovs_docker.apply.changes import AwaitUpdate
from ovs_docker.apply.devices import ReleaseDevices, ReopenDevices
from ovs_docker.apply.runner import Step
from ovs_docker.errors import at
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.model.wire import Wire
from ovs_docker.plan.attach import check
from ovs_docker.plan.wires import behind, wire_for, wiring_steps
from ovs_docker.resolve.facts import Facts


def restore(specs: list[PortSpec], facts: list[Facts], rows: list[PortRow], wait: bool) -> list[Step]:
    """Plan to make ports again that a container's restart has taken the links of, with the names they had.

    vswitchd has to let go of a port first: the userspace datapath would go on serving the vanished
    device under the same name (measured with Open vSwitch 3.1).
    """
    wires, leftovers, gone = [], dict[str, int](), []
    by_container: dict[str, list[Wire]] = {}
    for spec, fact, row in zip(specs, facts, rows):
        with at(spec.place):
            # The host end may outlive its container's namespace for a moment.
            if fact.port.live and fact.interface_exists:
                continue
            check(spec._replace(tag=None, trunks=()), fact)
        leftovers.update(fact.port.links)
        gone.append(row)
        mine = by_container.setdefault(fact.container.id, [])
        mine.append(_again(spec, behind(fact, mine), row))
        wires.append(mine[-1])
    if not wires:
        return []
    release, reopen = ReleaseDevices(gone), ReopenDevices(wires, gone)
    return [release, *([AwaitUpdate(release)] if wait else []), *wiring_steps(wires, leftovers, reopen, wait)]


def restore_logical(ports: list[tuple[PortSpec, Facts, PortRow]], wait: bool) -> list[Step]:
    """Plan to make logical ports again that somebody has deleted; OVN is waited for where the interface is there."""
    from ovs_docker.ovn.steps import AwaitInstalled, CreateLogicalPorts  # other ports load nothing of OVN

    wires = [_again(*port) for port in ports]
    if not wires:
        return []
    live = [wire for wire, (_, fact, _) in zip(wires, ports) if fact.port.live and fact.interface_exists]
    return [CreateLogicalPorts(wires, []), *([AwaitInstalled(live)] if wait and live else [])]


def _again(spec: PortSpec, fact: Facts, row: PortRow) -> Wire:
    """Wire a port as its row says."""
    return wire_for(spec, fact, spec.mac or "", row)
