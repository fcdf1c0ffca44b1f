"""Plans the attachment of ports: (specs, facts) to steps. No I/O; plan/wires.py composes the single port."""

from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.apply.runner import Step
from ovs_docker.errors import (
    AddressTaken,
    AlreadyAttached,
    AttachedOtherwise,
    BadValue,
    BridgeUnfit,
    Gathered,
    IfaceIdTaken,
    InterfaceExists,
)
from ovs_docker.model.addresses import Address
from ovs_docker.model.port import Bridge, PortRow, PortSpec
from ovs_docker.model.wire import Port, Wire
from ovs_docker.parse.recorded import check_owner, differences
from ovs_docker.plan.wires import after_routes_of, attach_steps, mac_before, wire_for
from ovs_docker.resolve.facts import Facts
from ovs_docker.resolve.interfaces import PortFacts

if TYPE_CHECKING:
    from ovs_docker.model.pair_spec import PairSpec


class AttachPlan(NamedTuple):
    """`there` are the ports that --may-exist found attached as asked."""

    steps: list[Step]
    wires: list[Wire]
    there: list[PortRow]
    warnings: list[str]


def attach(specs: list[PortSpec], facts: list[Facts], macs: list[str], may_exist: bool, wait: bool) -> AttachPlan:
    """Plan the attachment of all specs.

    `macs` are random ones for specs without a MAC; `wait`: wait for vswitchd.
    """
    there, batch, gathered = list[PortRow](), _Batch(wait), Gathered()
    for spec, fact, mac in zip(specs, facts, macs):
        with gathered.at(spec.place):
            if row := fact.live:
                there.append(_accept(spec, fact, row, may_exist))
            else:
                check_allowed(spec, fact)
                batch.warnings += _held(spec, fact)
                batch.add(spec, fact, mac)
    gathered.raise_first()
    steps = attach_steps(batch.wires, batch.leftovers, wait)
    logical = _logical_steps(batch.wires, batch.planned, batch.warnings)
    return AttachPlan([*logical, *steps], batch.wires, there, batch.warnings)


def _held(spec: PortSpec, fact: Facts) -> list[str]:
    """Refuse an address that another port of the bridge and VLAN has; warn if it is asked for by a single add-port.

    The script's callers do that on purpose, for a moment.
    """
    said = [
        f"--ipaddress={address}: {row.record.interface} of container {row.record.container} already has it "
        f"on bridge {row.bridge}" + (f", VLAN {row.tag}" if row.tag else "")
        for address in spec.addresses
        if (row := fact.port.holders.get(str(address.ip)))
    ]
    if said and spec.place:
        raise AddressTaken(said[0])
    return said


class _Batch:
    """The ports planned so far: each comes after the earlier ones, in the same container above all."""

    def __init__(self, wait: bool) -> None:
        self.wait = wait
        self.wires: list[Wire] = []
        self.planned: list[tuple[PortSpec, Facts]] = []
        self.leftovers: dict[str, int] = {}
        self.warnings: list[str] = []
        self._by_container: dict[str, list[Wire]] = {}
        self._bearers: dict[str, str] = {}

    def add(self, spec: PortSpec, fact: Facts, random_mac: str) -> None:
        """Plan a port; raise an error about one that cannot be together with the earlier ones."""
        if fact.logical:
            from ovs_docker.ovn.plan import with_tunnel_mtu  # other ports load nothing of OVN

            spec = with_tunnel_mtu(spec, fact, self.wait)
        earlier = self._by_container.setdefault(fact.container.id, [])
        fact = after_routes_of(earlier, fact)
        wire = wire_for(spec, fact, spec.mac or mac_before(fact) or random_mac)
        _check_twice(wire, earlier)
        check_iface_id(wire.port, fact.port, self._bearers)
        earlier.append(wire)
        self.leftovers.update(fact.port.links)
        self.wires.append(wire)
        self.planned.append((spec, fact))
        self.warnings += _warnings(fact, wire)


def _logical_steps(wires: list[Wire], planned: list[tuple[PortSpec, Facts]], warnings: list[str]) -> list[Step]:
    """Plan the changes of OVN's northbound database; none for most ports."""
    if not any(fact.logical for _, fact in planned):
        return []
    from ovs_docker.ovn import plan as ovn

    def rewire(number: int, addresses: tuple[Address, ...]) -> Wire:
        wire, (spec, fact) = wires[number], planned[number]
        assert wire.logical
        earlier = [wire for wire, (_, there) in zip(wires[:number], planned) if there.container == fact.container]
        fact = after_routes_of(earlier, fact)
        complete = wire_for(ovn.with_addresses(spec, addresses, wire.logical.switch), fact, wire.logical.mac)
        warnings.extend(_warnings(fact, complete))
        return complete

    leftovers = [port for wire, (_, fact) in zip(wires, planned) for port in ovn.obsolete(wire, fact)]
    return ovn.first_steps(wires, leftovers, rewire)


def check_iface_id(port: Port, fact: PortFacts, bearers: dict[str, str]) -> None:
    """Refuse the iface-id of another interface or an earlier port: OVN would serve only the later one."""
    iface_id = port.record.iface_id
    if not iface_id:
        return
    namesakes = [name for name, works in fact.namesakes.items() if works]
    namesakes += [bearers[iface_id]] if iface_id in bearers else []
    if namesakes:
        said = f"iface-id {iface_id} is already used by port {namesakes[0]}"
        raise IfaceIdTaken(said, "--iface-id=ID gives this port another one")
    bearers[iface_id] = port.name


def _check_twice(wire: Wire, others: list[Wire]) -> None:
    """Refuse the same interface under another name of its container."""
    for other in others:
        if other.port.name == wire.port.name:
            raise BadValue(f"interface {wire} is already used by {other.place}")


def _accept(spec: PortSpec, fact: Facts, row: PortRow, may_exist: bool) -> PortRow:
    if not may_exist:
        raise AlreadyAttached(spec.named, spec.interface)
    check_owner(row)
    if not row.record.is_of(fact.container.id):
        there = row.record.full_id[:12]
        raise _otherwise(spec, f"in the container that had this name then, {there}", "name this one by its id")
    compare(spec, row)
    return row


def compare(spec: PortSpec, row: PortRow) -> None:
    """Raise AttachedOtherwise if the record of an existing port is not as asked."""
    if different := differences(spec, row):
        hint = "del-port first, then add-port" if row.record.is_ours else "ovs-docker sync --adopt records what it has"
        raise _otherwise(spec, f"not as asked: {', '.join(different)}", hint)


def _otherwise(spec: PortSpec, how: str, hint: str) -> AttachedOtherwise:
    return AttachedOtherwise(f"{AlreadyAttached(spec.named, spec.interface).message}, but {how}", hint)


def check_allowed(spec: PortSpec, fact: Facts) -> None:
    """Refuse a port that bridge or container do not allow."""
    check_bridge(spec, fact.port.bridge)
    if spec.socket:
        _check_userspace(spec, fact.port.bridge)
    if fact.interface_exists and not fact.port.links:
        raise InterfaceExists(spec.interface, fact.container.name)


def _check_userspace(spec: PortSpec, bridge: Bridge | None) -> None:
    """Refuse a vhost-user port on the kernel's datapath, which cannot have one."""
    if not (bridge.in_userspace if bridge else spec.datapath_type == "netdev"):
        said = f"--vhost-user={spec.vhost_user}: bridge {spec.bridge} is not of datapath type netdev"
        raise BridgeUnfit(said, "--datapath-type=netdev for a new bridge")


def check_bridge(spec: "PortSpec | PairSpec", bridge: Bridge | None) -> None:
    """Raise BridgeUnfit for a port that its bridge, if it exists, does not allow."""
    if bridge is None:
        return
    if spec.datapath_type and spec.datapath_type != (bridge.datapath_type or "system"):
        raise BridgeUnfit(
            f"--datapath-type={spec.datapath_type}: bridge {spec.bridge} already exists, "
            f"with datapath type {bridge.datapath_type or 'system'}"
        )
    if bridge.tag is not None and (spec.trunks or spec.tag not in (None, bridge.tag)):
        raise BridgeUnfit(
            f"--vlan and --trunks: bridge {spec.bridge} is VLAN {bridge.tag} of bridge {bridge.parent}",
            f"attach to {bridge.parent} instead",
        )


def _warnings(fact: Facts, wire: Wire) -> list[str]:
    said = []
    for route in wire.inside.routes if wire.inside else ():
        there = fact.default_routes.get(route.destination.version, [])
        if route.via and route.metric:
            ruling = f"via {there[0].via}" if there[0].via else "by another interface"
            said.append(
                f"--gateway={route.via}: container {fact.container.name} already has a default route {ruling}, "
                f"which takes precedence; the new one has metric {route.metric}"
            )
    return said
