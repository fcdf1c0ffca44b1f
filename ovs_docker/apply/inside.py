"""Steps inside the container: addresses, routes, offloads, announcements. All of it goes when the veth pair goes."""

from ovs_docker.backends.engine.process import stopped
from ovs_docker.backends.kernel import netlink, nic
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import KernelRefused, about, at
from ovs_docker.model.port import Route
from ovs_docker.model.wire import PlannedRoute, Wire
from ovs_docker.world import World


class ConfigureInterfaces:
    """Set up the container ends: addresses, offloads, routes. Undone by undoing MakeVethPairs."""

    interruptible = False

    def __init__(self, wires: list[Wire]) -> None:
        self.wires = wires

    def describe(self) -> list[str]:
        return [line for wire in self.wires for line in self._describe(wire)]

    def _describe(self, wire: Wire) -> list[str]:
        lines = [f"switch on IPv6 on {wire}"] if wire.ipv6 else []
        lines += [f"add address {address} to {wire}" for address in wire.spec.addresses]
        if not wire.checksum_offload:
            lines.append(f"switch off TX checksum offload of {wire} (userspace datapath)")
        lines.append(f"bring up {wire}")
        return lines + [_route_line(route, wire) for route in wire.routes]

    def do(self, world: World) -> None:
        for wire in self.wires:
            with at(wire.spec.place), wire.netns.entered():
                _configure(wire)
            world.tick()

    def undo(self, world: World) -> None:
        pass


def _route_line(route: PlannedRoute, wire: Wire) -> str:
    to = f"route to {route.destination}" if route.destination.prefixlen else "default route"
    via = f" via {route.via}" if route.via else ""
    return f"add {to}{via} to {wire}" + (f" with metric {route.metric}" if route.metric else "")


def _configure(wire: Wire) -> None:
    ifindex, rtnl = _index_of(wire), Rtnl()
    if wire.ipv6:
        nic.enable_ipv6(wire.spec.interface)
    for address in wire.spec.addresses:
        with about("ipaddress", address):
            netlink.add_address(rtnl, ifindex, address)
    if not wire.checksum_offload:
        nic.checksum_offload_off(wire.spec.interface)
    netlink.set_up(rtnl, ifindex)
    for route in wire.routes:
        with about(*_option(route)):
            netlink.add_route(rtnl, ifindex, *route)
    rtnl.close()


def _option(route: PlannedRoute) -> tuple[str, object]:
    """Return the option that asked for a route, and its value."""
    if route.via and not route.destination.prefixlen:
        return "gateway", route.via
    return "route", Route(route.destination, route.via)


class ConfirmRunning:
    """Make sure that the containers still run: a restarted one has a new namespace, without our interface."""

    interruptible = False

    def __init__(self, wires: list[Wire]) -> None:
        self.wires = wires

    def describe(self) -> list[str]:
        return []

    def do(self, world: World) -> None:
        for wire in self.wires:
            if not wire.netns.still_runs():
                with at(wire.spec.place):
                    raise stopped(wire.container)

    def undo(self, world: World) -> None:
        pass


class Announce:
    """Tell the neighbours where the addresses are now; without it they keep an old MAC for minutes.

    The kernel does it when the MAC, the same one, is set again: gratuitous ARP and unsolicited
    neighbour advertisements. Sending them by a packet socket would cost 10 ms: closing one waits
    for an RCU grace period.
    """

    interruptible = False

    def __init__(self, wires: list[Wire]) -> None:
        self.wires = wires

    def describe(self) -> list[str]:
        return [f"announce {address.ip} from {wire}" for wire in self.wires for address in wire.spec.addresses]

    def do(self, world: World) -> None:
        for wire in self.wires:
            if not wire.spec.addresses:
                continue
            with at(wire.spec.place), wire.netns.entered():
                _announce(wire)

    def undo(self, world: World) -> None:
        pass


def _announce(wire: Wire) -> None:
    rtnl, ifindex = Rtnl(), _index_of(wire)
    with nic.announcing(wire.spec.interface, wire.ipv6, lambda value: netlink.set_arp_notify(rtnl, ifindex, value)):
        netlink.set_mac(rtnl, ifindex, wire.mac)
    rtnl.close()


def _index_of(wire: Wire) -> int:
    ifindex = nic.index_of(wire.spec.interface)
    if ifindex is None:
        raise KernelRefused(f"{wire} vanished while it was being set up")
    return ifindex
