"""What attaching to a logical switch of OVN comes to, beside the port itself. Pure, as plan.py, which calls it.

They stand apart because other ports load nothing of OVN.
"""

from collections.abc import Callable

from ovs_docker.apply.runner import Step
from ovs_docker.errors import OvnUnfit
from ovs_docker.model.addresses import Address, Ip
from ovs_docker.model.ovn import Logical, LogicalPort, LogicalSwitch, WantedPort
from ovs_docker.model.port import PortSpec
from ovs_docker.model.record import logical_port_marks, made_on
from ovs_docker.model.wire import Wire
from ovs_docker.ovn.steps import AwaitAddresses, CreateLogicalPorts
from ovs_docker.parse.hops import check_hops
from ovs_docker.resolve.facts import Facts


def fitted(spec: PortSpec, fact: Facts, wait: bool) -> PortSpec:
    """Return the spec with an MTU that leaves room for the tunnel; raise OvnUnfit where OVN cannot serve the port."""
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


def _check_host(bridge: str, logical: Logical) -> None:
    """Refuse what OVN would never notice (ovn-controller(8), Configuration) instead of waiting for it in vain."""
    host = logical.host
    if not any(key.startswith("ovn-remote") and ":" in value for key, value in host.items()):
        raise OvnUnfit(
            "--logical-switch: no ovn-controller serves this Open vSwitch: it has no ovn-remote",
            "ovs-vsctl set Open_vSwitch . external_ids:ovn-remote=URI, and start ovn-controller",
        )
    integration = host.get("ovn-bridge", "br-int")
    if bridge != integration and bridge not in (value for key, value in host.items() if key.startswith("ovn-bridge-")):
        raise OvnUnfit(f"BRIDGE {bridge}: OVN's integration bridge here is {integration}", f"attach to {integration}")


def wanted(spec: PortSpec, fact: Facts, mac: str, iface_id: str) -> WantedPort | None:
    """Say what the logical port is to be; None where no logical switch is asked for."""
    logical = fact.logical
    if logical is None or logical.switch is None:
        return None
    marks = logical_port_marks(fact.container.id, spec.interface)
    if chassis := logical.host.get("system-id"):
        marks |= made_on(chassis)
    before = next((port for port in logical.ours if _is(port, iface_id, logical.switch)), None)
    return WantedPort(iface_id, logical.switch, mac, spec.addresses, spec.dynamic, spec.port_security, marks, before)


def _is(port: LogicalPort, iface_id: str, switch: LogicalSwitch) -> bool:
    return (port.name, port.switch) == (iface_id, switch.uuid)


def obsolete(wire: Wire, fact: Facts) -> list[LogicalPort]:
    """Return the logical ports that an earlier add-port of this interface made and this one has no use for."""
    kept = wire.logical.before if wire.logical else None
    return [port for port in fact.logical.ours if port != kept] if fact.logical else []


def settled(spec: PortSpec, addresses: tuple[Address, ...], switch: LogicalSwitch) -> PortSpec:
    """Return the spec with the addresses that OVN chose and, unless others are given, the router's as gateways."""
    with_addresses = spec._replace(addresses=addresses)
    if not spec.gateways:
        with_addresses = with_addresses._replace(gateways=tuple(_gateways(addresses, switch)))
    check_hops(with_addresses)
    return with_addresses


def _gateways(addresses: tuple[Address, ...], switch: LogicalSwitch) -> list[Ip]:
    """Take for each family the first router that is in an address's network."""
    found: dict[int, Ip] = {}
    for router in switch.routers:
        if any(router.ip in address.network for address in addresses):
            found.setdefault(router.version, router.ip)
    return list(found.values())


def before(
    wires: list[Wire], leftovers: list[LogicalPort], settle: Callable[[int, tuple[Address, ...]], Wire]
) -> list[Step]:
    """Plan what comes before the port: OVN works on the logical port while the veth pair is made."""
    steps: list[Step] = [CreateLogicalPorts(wires, leftovers)]
    dynamic = any(wire.logical and wire.logical.dynamic for wire in wires)
    return [*steps, AwaitAddresses(wires, settle)] if dynamic else steps
