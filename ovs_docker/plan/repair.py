"""Plans to make the ends of attached ports as recorded again. No I/O; resolve/ends.py has compared them."""

from ovs_docker.apply.inside import Announce
from ovs_docker.apply.repair import MakeTrue, Repair
from ovs_docker.apply.runner import Step
from ovs_docker.model.port import PortRow, PortSpec, Route
from ovs_docker.model.wire import PlannedRoute
from ovs_docker.parse.recorded import spec_of
from ovs_docker.plan.wires import wire_for
from ovs_docker.resolve.ends import Amiss, Ends, amiss
from ovs_docker.resolve.facts import Facts


def repairs(specs: list[PortSpec], facts: list[Facts], ends: dict[str, Ends]) -> list[Repair]:
    """Return what is to be put right at the ports that these specs name and that are attached."""
    found = []
    for spec, fact in zip(specs, facts):
        row = fact.live
        there = ends.get(row.name) if row else None
        if row and there and there.inside:
            recorded = spec_of(row)._replace(place=spec.place)
            wrong = amiss(row, there.inside, there.host_end)
            found += [_repair(recorded, fact, row, wrong)] if any(wrong) else []
    return found


def _repair(spec: PortSpec, fact: Facts, row: PortRow, wrong: Amiss) -> Repair:
    wire = wire_for(spec, fact, spec.mac or "", row)
    assert wire.inside
    routes = [route for route in wire.inside.routes if _is_missing(route, wrong)]
    missing = wire.inside._replace(addresses=wrong.addresses, routes=tuple(routes), ipv6=spec.ipv6)
    return Repair(wire, missing, wrong)


def _is_missing(route: PlannedRoute, wrong: Amiss) -> bool:
    default = not route.destination.prefixlen and route.via in wrong.gateways
    return default or Route(route.destination, route.via) in wrong.routes


def steps(found: list[Repair]) -> list[Step]:
    """Plan to put it right, and to announce the addresses: the MAC may have been another one."""
    return [MakeTrue(found), Announce([repair.wire for repair in found])] if found else []
