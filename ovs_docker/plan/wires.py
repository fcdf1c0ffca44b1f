"""What a port is to be, worked out, and the steps that make it so. Whether it may be, plan.py decides. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovs_docker.apply.inside import Announce, ConfigureInterfaces, ConfirmRunning
from ovs_docker.apply.pairs import MakeVethPairs, RemoveLeftovers
from ovs_docker.apply.ports import AwaitPorts, InsertPorts
from ovs_docker.apply.runner import Step
from ovs_docker.model import names
from ovs_docker.model.addresses import Ip, default_route
from ovs_docker.model.port import DefaultRoute, PortSpec
from ovs_docker.model.wire import PlannedRoute, Wire
from ovs_docker.parse.hops import on_link
from ovs_docker.parse.recorded import record_of
from ovs_docker.resolve.facts import Facts

if TYPE_CHECKING:
    from ovs_docker.apply.devices import ReopenDevices
    from ovs_docker.model.ovn import WantedPort

_DEFAULT = {version: default_route(version) for version in (4, 6)}


def wire_for(spec: PortSpec, fact: Facts, mac: str) -> Wire:
    """Work out pair, port, record and routes of a wish; `mac` is the one to take."""
    bridge = fact.bridge
    datapath = bridge.datapath_type if bridge else spec.datapath_type
    record = record_of(spec, fact.container, mac)
    return Wire(
        spec=spec,
        container=fact.container,
        netns=fact.netns,
        bridge=bridge,
        host_end=names.host_end(fact.container.id, spec.interface, {row.name for row in fact.rows}),
        mac=mac,
        record=record,
        tag=bridge.tag if bridge and bridge.tag is not None else spec.tag,
        routes=tuple(_routes(spec, fact)),
        checksum_offload=datapath != "netdev",
        stale=fact.rows,
        namesakes=tuple(fact.namesakes),
        logical=_wanted_logical(spec, fact, mac, record.iface_id) if fact.logical else None,
    )


def _wanted_logical(spec: PortSpec, fact: Facts, mac: str, iface_id: str) -> WantedPort | None:
    from ovs_docker.ovn.plan import wanted

    return wanted(spec, fact, mac, iface_id)


def mac_before(fact: Facts) -> str | None:
    """Return the MAC that the stale port of this same container had: neighbours and OVN know it."""
    for row in fact.rows:
        if row.record.full_id == fact.container.id:
            return row.record.mac or None
    return None


def _routes(spec: PortSpec, fact: Facts) -> list[PlannedRoute]:
    planned = [
        PlannedRoute(route.destination, route.via, bool(route.via and on_link(route.via, spec)), 0)
        for route in spec.routes
    ]
    return planned + [
        PlannedRoute(_DEFAULT[hop.version], hop, on_link(hop, spec), _metric(hop, fact)) for hop in spec.gateways
    ]


def behind(fact: Facts, earlier: list[Wire]) -> Facts:
    """Count in the default routes that earlier ones of a batch will have made in the same container."""
    routes = [(route.destination.version, route) for wire in earlier for route in wire.routes]
    planned = [(family, route) for family, route in routes if route.via and route.destination == _DEFAULT[family]]
    found = {family: list(there) for family, there in fact.default_routes.items()}
    for family, route in planned:
        metric = route.metric or (1024 if family == 6 else 0)  # the kernel's choice (ip-route(8), metric)
        found.setdefault(family, []).append(DefaultRoute(str(route.via or ""), 0, metric))
    return fact._replace(default_routes=found)


def _metric(gateway: Ip, fact: Facts) -> int:
    """Step behind the default routes that the container has; 0 where it has none."""
    there = fact.default_routes.get(gateway.version, [])
    return max(default.metric for default in there) + 1 if there else 0


def wiring_steps(
    wires: list[Wire], leftovers: dict[str, int], plug: InsertPorts | ReopenDevices, wait: bool
) -> list[Step]:
    """Make the pairs, set the containers' ends up, and have the ports plugged in by this step."""
    clearing: list[Step] = [RemoveLeftovers(leftovers)] if leftovers else []
    return [
        *clearing,
        MakeVethPairs(wires),
        ConfigureInterfaces(wires),
        plug,
        *([AwaitPorts(plug)] if wait else []),
        *(_installed(wires) if wait else []),
        ConfirmRunning(wires),
        Announce(wires),
    ]


def _installed(wires: list[Wire]) -> list[Step]:
    if not any(wire.record.logical_switch for wire in wires):
        return []
    from ovs_docker.ovn.plan import after

    return after(wires)
