"""Plans to restore the devices that a restart took from a port, and a deleted logical port. No I/O.

Which ports need it, plan/sync.py decides.
"""

from ovs_docker.apply.changes import AwaitUpdate
from ovs_docker.apply.devices import ReleaseDevices, ReopenDevices
from ovs_docker.apply.runner import Step
from ovs_docker.errors import Gathered
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.model.wire import Wire
from ovs_docker.plan.attach import check_allowed, check_iface_id
from ovs_docker.plan.wires import after_routes_of, wire_for, wiring_steps
from ovs_docker.resolve.facts import Facts


def restore(specs: list[PortSpec], facts: list[Facts], rows: list[PortRow], wait: bool) -> list[Step]:
    """Plan to recreate the veth pairs that a container's restart has taken from its ports, under the same names.

    vswitchd has to release a port first: the userspace datapath would keep serving the vanished device under that
    name (measured with Open vSwitch 3.1).
    """
    wires, leftovers, gone, bearers, gathered = [], dict[str, int](), [], dict[str, str](), Gathered()
    by_container: dict[str, list[Wire]] = {}
    for spec, fact, row in zip(specs, facts, rows):
        with gathered.at(spec.place):
            if fact.is_whole:
                continue
            check_allowed(spec._replace(tag=None, trunks=()), fact)
            mine = by_container.setdefault(fact.container.id, [])
            wire = wire_for(spec, after_routes_of(mine, fact), spec.mac or "", row)
            check_iface_id(wire.port, fact.port, bearers)
            leftovers.update(fact.port.links)
            gone.append(row)
            mine.append(wire)
            wires.append(wire)
    gathered.raise_first()
    if not wires:
        return []
    release, reopen = ReleaseDevices(gone), ReopenDevices(wires, gone)
    return [release, *([AwaitUpdate(release)] if wait else []), *wiring_steps(wires, leftovers, reopen, wait)]


def restore_logical(ports: list[tuple[PortSpec, Facts, PortRow]], wait: bool) -> list[Step]:
    """Plan to recreate deleted logical ports, and to wait for OVN if the interface exists."""
    from ovs_docker.ovn.steps import AwaitInstalled, CreateLogicalPorts  # other ports load nothing of OVN

    wires = [wire_for(spec, fact, spec.mac or "", row) for spec, fact, row in ports]
    if not wires:
        return []
    live = [wire for wire, (_, fact, _) in zip(wires, ports) if fact.is_whole]
    return [CreateLogicalPorts(wires, []), *([AwaitInstalled(live)] if wait and live else [])]
