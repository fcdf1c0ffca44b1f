"""(specs, facts) to steps: everything that is decided is decided here. No I/O, so its tests need no fake."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ovs_docker import names
from ovs_docker.addresses import Address, parse_address
from ovs_docker.apply import Step
from ovs_docker.errors import (
    AlreadyAttached,
    AttachedOtherwise,
    BridgeUnfit,
    Gathered,
    IfaceIdTaken,
    InterfaceExists,
    at,
)
from ovs_docker.model import Bridge, PortRow, PortSpec
from ovs_docker.record import differences, to_external_ids
from ovs_docker.resolve import Facts
from ovs_docker.sources.options import on_link
from ovs_docker.steps.interfaces import Announce, ConfigureInterfaces, ConfirmRunning
from ovs_docker.steps.links import MakeVethPairs, RemoveLeftovers
from ovs_docker.steps.ports import AwaitEarlier, AwaitPorts, InsertPorts
from ovs_docker.steps.wire import PlannedRoute, Wire

if TYPE_CHECKING:
    from ovs_docker.logical import WantedPort
    from ovs_docker.steps.devices import ReopenDevices

_DEFAULT = {4: parse_address("0.0.0.0/0"), 6: parse_address("::/0")}


class AttachPlan(NamedTuple):
    """What attaching comes to. `there` are the ports that --may-exist found attached as asked."""

    steps: list[Step]
    wires: list[Wire]
    there: list[PortRow]
    warnings: list[str]


def attach(specs: list[PortSpec], facts: list[Facts], macs: list[str], may_exist: bool, wait: bool) -> AttachPlan:
    """Plan the attachment of all specs.

    `macs` are random ones for the specs that name none; `wait` is whether vswitchd is waited for.
    """
    wires: list[Wire] = []
    there, warnings, leftovers, facts_of_wires = [], list[str](), {}, []
    gathered = Gathered()
    for spec, fact, mac in zip(specs, facts, macs):
        with gathered.at(spec.place):
            if row := fact.live:
                there.append(_accept(spec, row, may_exist))
                continue
            _check(spec, fact)
            if fact.logical:
                spec = _fitted(spec, fact, wait)
            wires.append(_wire(spec, fact, spec.mac or _mac_before(fact) or mac))
            _check_iface_id(wires, fact)
            leftovers.update(fact.links)
            facts_of_wires.append(fact)
            warnings += _warnings(fact, wires[-1])
    gathered.check()
    steps = _attach_steps(wires, leftovers, wait)
    return AttachPlan([*_logical_steps(wires, facts_of_wires, warnings), *steps], wires, there, warnings)


def _fitted(spec: PortSpec, fact: Facts, wait: bool) -> PortSpec:
    from ovs_docker.plan_logical import fitted  # no other port has a use for it

    return fitted(spec, fact, wait)


def _logical_steps(wires: list[Wire], facts: list[Facts], warnings: list[str]) -> list[Step]:
    """Plan what OVN's northbound database has to do with these ports; nothing for most."""
    if not any(fact.logical for fact in facts):
        return []
    from ovs_docker import plan_logical

    def settle(number: int, addresses: tuple[Address, ...]) -> Wire:
        wire, fact = wires[number], facts[number]
        assert wire.logical
        settled = _wire(plan_logical.settled(wire.spec, addresses, wire.logical.switch), fact, wire.mac)
        warnings.extend(_warnings(fact, settled))
        return settled

    leftovers = [port for wire, fact in zip(wires, facts) for port in plan_logical.obsolete(wire, fact)]
    return plan_logical.before(wires, leftovers, settle)


def _check_iface_id(wires: list[Wire], fact: Facts) -> None:
    """Refuse an iface-id that another interface has, or another wire before: OVN would serve the later one only."""
    *others, wire = wires
    iface_id = wire.ids[names.IFACE_ID]
    namesakes = [
        *(name for name, works in fact.namesakes.items() if works),
        *(other.host_end for other in others if other.ids[names.IFACE_ID] == iface_id),
    ]
    if namesakes:
        raise IfaceIdTaken(
            f"iface-id {iface_id} is that of port {namesakes[0]} already", "--iface-id=ID gives this one another"
        )


def restore(specs: list[PortSpec], facts: list[Facts], rows: list[PortRow], wait: bool) -> list[Step]:
    """Plan to make ports again that a container's restart has taken the links of, with the names they had.

    vswitchd has to let go of a port first: the userspace datapath would go on serving the vanished
    device under the same name (measured with Open vSwitch 3.1).
    """
    from ovs_docker.steps.changes import AwaitUpdate  # add-port has no use for these two modules
    from ovs_docker.steps.devices import ReleaseDevices, ReopenDevices

    wires, leftovers, gone = [], dict[str, int](), []
    for spec, fact, row in zip(specs, facts, rows):
        with at(spec.place):
            # The host end may outlive its container's namespace for a moment.
            if fact.live and fact.interface_exists:
                continue
            _check(spec._replace(tag=None), fact)
        leftovers.update(fact.links)
        gone.append(row)
        wires.append(_again(spec, fact, row))
    if not wires:
        return []
    release, reopen = ReleaseDevices(gone), ReopenDevices(wires, gone)
    return [release, *([AwaitUpdate(release)] if wait else []), *_wiring_steps(wires, leftovers, reopen, wait)]


def _again(spec: PortSpec, fact: Facts, row: PortRow) -> Wire:
    """Wire a port as its row says."""
    return _wire(spec, fact, spec.mac or "")._replace(host_end=row.name, stale=(), tag=row.tag, ids=row.ids)


def _attach_steps(wires: list[Wire], leftovers: dict[str, int], wait: bool) -> list[Step]:
    if not wires:
        return []
    earlier: list[Step] = [AwaitEarlier()] if wait else []
    return [*earlier, *_wiring_steps(wires, leftovers, InsertPorts(wires), wait)]


def _wiring_steps(
    wires: list[Wire], leftovers: dict[str, int], plug: InsertPorts | ReopenDevices, wait: bool
) -> list[Step]:
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
    if not any(names.LOGICAL_SWITCH in wire.ids for wire in wires):
        return []
    from ovs_docker.plan_logical import after

    return after(wires)


def _accept(spec: PortSpec, row: PortRow, may_exist: bool) -> PortRow:
    if not may_exist:
        raise AlreadyAttached(spec.container, spec.interface)
    if different := differences(spec, row):
        raise AttachedOtherwise(
            f"Port already attached for CONTAINER={spec.container} and INTERFACE={spec.interface}, "
            f"but not as asked: {', '.join(different)}",
            "del-port first, then add-port",
        )
    return row


def _check(spec: PortSpec, fact: Facts) -> None:
    _check_bridge(spec, fact.bridge)
    if fact.interface_exists and not fact.links:
        raise InterfaceExists(fact.container.name, spec.interface)


def _check_bridge(spec: PortSpec, bridge: Bridge | None) -> None:
    if bridge is None:
        return
    if spec.datapath_type and spec.datapath_type != (bridge.datapath_type or "system"):
        raise BridgeUnfit(
            f"--datapath-type={spec.datapath_type}: bridge {spec.bridge} exists already, "
            f"with datapath type {bridge.datapath_type or 'system'}"
        )
    if bridge.tag is not None and (spec.trunks or spec.tag not in (None, bridge.tag)):
        raise BridgeUnfit(
            f"--vlan and --trunks: bridge {spec.bridge} is VLAN {bridge.tag} of bridge {bridge.parent}",
            f"attach to {bridge.parent} instead",
        )


def _wire(spec: PortSpec, fact: Facts, mac: str) -> Wire:
    bridge = fact.bridge
    datapath = bridge.datapath_type if bridge else spec.datapath_type
    ids = to_external_ids(spec, fact.container, mac)
    return Wire(
        spec=spec,
        container=fact.container,
        netns=fact.netns,
        bridge=bridge,
        host_end=names.host_end(fact.container.id, spec.interface, {row.name for row in fact.rows}),
        mac=mac,
        ids=ids,
        tag=bridge.tag if bridge and bridge.tag is not None else spec.tag,
        routes=tuple(_routes(spec, fact)),
        checksum_offload=datapath != "netdev",
        stale=fact.rows,
        namesakes=tuple(fact.namesakes),
        logical=_wanted_logical(spec, fact, mac, ids[names.IFACE_ID]) if fact.logical else None,
    )


def _wanted_logical(spec: PortSpec, fact: Facts, mac: str, iface_id: str) -> WantedPort | None:
    from ovs_docker.plan_logical import wanted

    return wanted(spec, fact, mac, iface_id)


def _mac_before(fact: Facts) -> str | None:
    """Return the MAC that the stale port of this same container had: neighbours and OVN know it."""
    for row in fact.rows:
        if row.ids.get(names.FULL_ID) == fact.container.id:
            return row.ids.get(names.ATTACHED_MAC)
    return None


def _routes(spec: PortSpec, fact: Facts) -> list[PlannedRoute]:
    planned = [
        PlannedRoute(route.destination, route.via, bool(route.via and on_link(route.via, spec)), 0)
        for route in spec.routes
    ]
    return planned + [
        PlannedRoute(_DEFAULT[hop.family], hop, on_link(hop, spec), _metric(hop, fact)) for hop in spec.gateways
    ]


def _metric(gateway: Address, fact: Facts) -> int:
    """Step behind the default routes that the container has; 0 where it has none."""
    there = fact.default_routes.get(gateway.family, [])
    return max(default.metric for default in there) + 1 if there else 0


def _warnings(fact: Facts, wire: Wire) -> list[str]:
    said = []
    for route in wire.routes:
        there = fact.default_routes.get(route.destination.family, [])
        if route.via and route.metric:
            ruling = f"via {there[0].via}" if there[0].via else "by another interface"
            said.append(
                f"--gateway={route.via.ip}: container {fact.container.name} has a default route {ruling} already, "
                f"which rules; the new one has metric {route.metric}"
            )
    return said
