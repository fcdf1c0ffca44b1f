"""Composes a port to attach, and the steps for it. plan/attach.py decides whether it is allowed. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovs_docker.apply.inside import Announce, ConfigureInterfaces, ConfirmRunning
from ovs_docker.apply.pairs import MakeVethPairs, MarkRecorded, RemoveLeftovers
from ovs_docker.apply.ports import AwaitEarlier, AwaitPorts, InsertPorts
from ovs_docker.apply.runner import Step
from ovs_docker.model import names
from ovs_docker.model.addresses import Ip, default_route
from ovs_docker.model.port import Bridge, DefaultRoute, PortRow, PortSpec
from ovs_docker.model.record import Record, pairs_of
from ovs_docker.model.wire import Inside, Pair, PlannedRoute, Port, Wire
from ovs_docker.parse.hops import on_link
from ovs_docker.parse.recorded import record_of
from ovs_docker.resolve.facts import Facts
from ovs_docker.resolve.interfaces import PortFacts

if TYPE_CHECKING:
    from ovs_docker.apply.devices import ReopenDevices
    from ovs_docker.model.pair_spec import PairSpec

_LAST_METRIC = (1 << 32) - 1
_DEFAULT = {version: default_route(version) for version in (4, 6)}


def wire_for(spec: PortSpec, fact: Facts, mac: str, row: PortRow | None = None) -> Wire:
    """Compose a container's port with this MAC; `row` is an existing port that gets new devices."""
    record = record_of(spec, fact.container, "" if spec.socket else mac)
    marks = pairs_of(typed=spec.container, interface=spec.interface)
    port = port_for(spec, fact.port, names.owner(fact.container.id, spec.interface), record, marks)
    port = port._replace(record=record.put_on(port.bridge.parent, port.tag, port.trunks))
    if row:
        port = port._replace(name=row.name, stale=(), tag=row.tag, record=row.record, former=row.number)
    called = f"{spec.interface} of container {fact.container.name}"
    if fact.netns is None:
        return Wire(spec.place, called, port._replace(socket=spec.socket))
    logical, offload = None, not port.bridge.in_userspace
    if fact.logical:
        from ovs_docker.ovn.plan import logical_port  # other ports load nothing of OVN

        logical = logical_port(spec, fact, mac, record.iface_id)
    pair = Pair(port.name, spec.interface, fact.netns, mac, spec.mtu, spec.tx_queue_len, offload)
    inside = Inside(
        fact.container, fact.netns, spec.interface, mac, spec.addresses, tuple(_routes(spec, fact)), spec.ipv6
    )
    return Wire(spec.place, called, port, pair, inside, logical)


def port_for(spec: PortSpec | PairSpec, fact: PortFacts, owner: str, record: Record, marks: dict[str, str]) -> Port:
    """Compose the port on its bridge; `marks` are the pairs of its `record` that no other port may have."""
    bridge = fact.bridge or Bridge("", spec.bridge, spec.bridge, spec.datapath_type or "", None)
    return Port(
        name=names.host_end(owner, {*(row.name for row in fact.rows), *fact.others}),
        bridge=bridge,
        tag=spec.tag if bridge.tag is None else bridge.tag,
        trunks=spec.trunks,
        ofport=spec.ofport,
        former=_former(bridge, fact.rows),
        record=record,
        marks=marks,
        stale=fact.rows,
        namesakes=tuple(fact.namesakes),
        strangers=fact.strangers,
    )


def _former(bridge: Bridge, rows: tuple[PortRow, ...]) -> int | None:
    return next((row.number for row in rows if row.number and row.bridge_uuid == bridge.uuid), None)


def mac_before(fact: Facts) -> str | None:
    """Return the MAC of the stale port of this container: neighbours and OVN know it."""
    for row in fact.port.rows:
        if row.record.full_id == fact.container.id:
            return row.record.mac or None
    return None


def _routes(spec: PortSpec, fact: Facts) -> list[PlannedRoute]:
    return [
        *(PlannedRoute(to, via, bool(via and on_link(via, spec)), 0) for to, via in spec.routes),
        *(PlannedRoute(_DEFAULT[hop.version], hop, on_link(hop, spec), _metric(hop, fact)) for hop in spec.gateways),
    ]


def after_routes_of(earlier: list[Wire], fact: Facts) -> Facts:
    """Add the default routes that earlier ports of a batch will have made in the same container."""
    routes = [(route.destination.version, route) for wire in earlier if wire.inside for route in wire.inside.routes]
    planned = [(family, route) for family, route in routes if route.via and route.destination == _DEFAULT[family]]
    found = {family: list(there) for family, there in fact.default_routes.items()}
    for family, route in planned:
        metric = route.metric or (1024 if family == 6 else 0)  # the kernel's choice (ip-route(8), metric)
        found.setdefault(family, []).append(DefaultRoute(str(route.via or ""), 0, metric))
    return fact._replace(default_routes=found)


def _metric(gateway: Ip, fact: Facts) -> int:
    """Rank after the default routes that the container has; 0 if it has none."""
    there = fact.default_routes.get(gateway.version, [])
    return min(max(default.metric for default in there) + 1, _LAST_METRIC) if there else 0


def attach_steps(wires: list[Wire], leftovers: dict[str, int], wait: bool) -> list[Step]:
    """Plan to create these wires as new ports; `leftovers` are pairs in their way."""
    if not wires:
        return []
    earlier: list[Step] = [AwaitEarlier()] if wait else []
    return [*earlier, *wiring_steps(wires, leftovers, InsertPorts(wires), wait)]


def wiring_steps(
    wires: list[Wire], leftovers: dict[str, int], plug: InsertPorts | ReopenDevices, wait: bool
) -> list[Step]:
    """Plan the pairs, what is inside the containers, and this step, which connects the ports."""
    inside = any(wire.inside for wire in wires)
    last: list[Step] = [ConfirmRunning(wires), Announce(wires)] if inside else []
    pairs = any(wire.pair for wire in wires)
    return [
        *([RemoveLeftovers(leftovers)] if leftovers else []),
        *([MakeVethPairs(wires)] if pairs else []),
        *([ConfigureInterfaces(wires)] if inside else []),
        plug,
        *([MarkRecorded(wires)] if pairs else []),
        *([AwaitPorts(plug), *_installed(wires)] if wait else []),
        *last,
    ]


def _installed(wires: list[Wire]) -> list[Step]:
    if not any(wire.port.record.logical_switch for wire in wires):
        return []
    from ovs_docker.ovn.steps import AwaitInstalled

    return [AwaitInstalled(wires)]
