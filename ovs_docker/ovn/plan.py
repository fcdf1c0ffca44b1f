"""The OVN part of plan/attach.py: logical ports on logical switches. Pure; ports without OVN never load it."""

from collections.abc import Callable

from ovs_docker.apply.runner import Step
from ovs_docker.errors import OvnUnfit
from ovs_docker.model.addresses import Address, Ip
from ovs_docker.model.ovn import LogicalFacts, LogicalPort, LogicalPortSpec, LogicalSwitch
from ovs_docker.model.port import PortSpec
from ovs_docker.model.record import logical_port_marks, made_on
from ovs_docker.model.wire import Wire
from ovs_docker.ovn.steps import AwaitAddresses, CreateLogicalPorts
from ovs_docker.parse.hops import check_hops
from ovs_docker.resolve.facts import Facts


def with_tunnel_mtu(spec: PortSpec, fact: Facts, wait: bool) -> PortSpec:
    """Return the spec with an MTU that leaves room for the tunnel; raise OvnUnfit if OVN cannot serve the port."""
    logical = fact.logical
    if logical is None or logical.switch is None:
        return spec
    if wait:
        _check_host(fact.port.bridge.parent if fact.port.bridge else spec.bridge, logical)
    if spec.dynamic and not logical.switch.subnets:
        raise OvnUnfit(
            f"--ipaddress=dynamic: logical switch {spec.logical_switch} has no subnet to choose from",
            f"ovn-nbctl set Logical_Switch {spec.logical_switch} other_config:subnet=NETWORK/LEN",
        )
    return spec._replace(mtu=spec.mtu or logical.mtu)


def _check_host(bridge: str, logical: LogicalFacts) -> None:
    """Refuse a bridge or host that OVN does not serve (ovn-controller(8), Configuration) instead of waiting in vain."""
    if not any(":" in chassis.remote for chassis in logical.chassis):
        raise OvnUnfit(
            "--logical-switch: no ovn-controller serves this Open vSwitch: it has no ovn-remote",
            "ovs-vsctl set Open_vSwitch . external_ids:ovn-remote=URI, and start ovn-controller",
        )
    integration = logical.chassis[0].bridge
    if bridge not in (chassis.bridge for chassis in logical.chassis):
        raise OvnUnfit(f"BRIDGE {bridge}: OVN's integration bridge here is {integration}", f"attach to {integration}")


def logical_port(spec: PortSpec, fact: Facts, mac: str, iface_id: str) -> LogicalPortSpec | None:
    """Describe the logical port to create; None if no logical switch is asked for."""
    logical = fact.logical
    if logical is None or logical.switch is None:
        return None
    marks = logical_port_marks(fact.container.id, spec.interface)
    if chassis := logical.chassis[0].name:
        marks |= made_on(chassis)
    earlier = next((p for p in logical.ours if (p.name, p.switch) == (iface_id, logical.switch.uuid)), None)
    asked = spec.addresses, spec.dynamic, spec.port_security
    return LogicalPortSpec(iface_id, logical.switch, mac, *asked, marks, earlier)


def obsolete(wire: Wire, fact: Facts) -> list[LogicalPort]:
    """Return the logical ports that an earlier add-port created for this interface and that this one does not reuse."""
    kept = wire.logical.before if wire.logical else None
    return [port for port in fact.logical.ours if port != kept] if fact.logical else []


def with_addresses(spec: PortSpec, addresses: tuple[Address, ...], switch: LogicalSwitch) -> PortSpec:
    """Return the spec with the addresses that OVN chose and, unless gateways are given, the router's addresses."""
    complete = spec._replace(addresses=addresses, gateways=spec.gateways or _gateways(addresses, switch))
    check_hops(complete)
    return complete


def _gateways(addresses: tuple[Address, ...], switch: LogicalSwitch) -> tuple[Ip, ...]:
    """Return, per family, the first router within the network of an address."""
    found: dict[int, Ip] = {}
    for router in switch.routers:
        if any(router.ip in address.network for address in addresses):
            found.setdefault(router.version, router.ip)
    return tuple(found.values())


def first_steps(
    wires: list[Wire], leftovers: list[LogicalPort], rewire: Callable[[int, tuple[Address, ...]], Wire]
) -> list[Step]:
    """Plan what comes before the port: OVN works on the logical port while the veth pair is created."""
    steps: list[Step] = [CreateLogicalPorts(wires, leftovers)]
    dynamic = any(wire.logical and wire.logical.dynamic for wire in wires)
    return [*steps, AwaitAddresses(wires, rewire)] if dynamic else steps
