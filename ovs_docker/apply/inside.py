"""Steps inside the containers: addresses, routes, announcements. All of it vanishes with the veth pairs."""

from collections.abc import Iterator

from ovs_docker.apply.runner import Step
from ovs_docker.backends.engine.process import stopped
from ovs_docker.backends.kernel import netlink, nic
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import Gathered, KernelRefused, about
from ovs_docker.model.port import Route
from ovs_docker.model.wire import Inside, PlannedRoute, Wire
from ovs_docker.world import World


class _StepInside(Step):
    """A step on the inside parts of wires; an earlier step may still have changed their addresses."""

    def __init__(self, wires: list[Wire]) -> None:
        self.wires = wires

    def parts(self) -> Iterator[tuple[Wire, Inside]]:
        return ((wire, wire.inside) for wire in self.wires if wire.inside)


class ConfigureInterfaces(_StepInside):
    """Configure the container ends: addresses and routes. MakeVethPairs undoes it."""

    def describe(self) -> list[str]:
        return [line for wire, inside in self.parts() for line in _lines(wire, inside)]

    def do(self, world: World) -> None:
        gathered = Gathered()
        for wire, inside in self.parts():
            with gathered.at(wire.place), inside.netns.entered():
                _configure(wire, inside)
            world.tick()
        gathered.raise_first()


def _lines(wire: Wire, inside: Inside) -> list[str]:
    lines = [f"switch on IPv6 on {wire}"] if inside.ipv6 else []
    lines += [f"add address {address} to {wire}" for address in inside.addresses]
    return [*lines, f"bring up {wire}", *(_route_line(route, wire) for route in inside.routes)]


def _route_line(route: PlannedRoute, wire: Wire) -> str:
    return f"add {route} to {wire}" + (f" with metric {route.metric}" if route.metric else "")


def _configure(wire: Wire, inside: Inside) -> None:
    ifindex = index_of(wire, inside)
    if inside.ipv6:
        nic.enable_ipv6(inside.interface)
    with Rtnl() as rtnl:
        for address in inside.addresses:
            with about("ipaddress", address):
                netlink.add_address(rtnl, ifindex, address)
        netlink.set_up(rtnl, ifindex)
        for route in inside.routes:
            with about(*_option(route)):
                netlink.add_route(rtnl, ifindex, *route)


def _option(route: PlannedRoute) -> tuple[str, object]:
    """Return the option that a route comes from, and its value."""
    if route.via and not route.destination.prefixlen:
        return "gateway", route.via
    return "route", Route(route.destination, route.via)


class ConfirmRunning(_StepInside):
    """Check that the containers still run: a restarted one has a new namespace, without our interface."""

    def do(self, world: World) -> None:
        gathered = Gathered()
        for wire, inside in self.parts():
            if not inside.netns.still_runs():
                with gathered.at(wire.place):
                    raise stopped(inside.container)
        gathered.raise_first()


class Announce(_StepInside):
    """Announce the addresses to the neighbours, which would keep an old MAC for minutes.

    The kernel sends gratuitous ARP and unsolicited neighbour advertisements when the same MAC is set again. A packet
    socket would cost 10 ms: closing one waits for an RCU grace period.
    """

    def describe(self) -> list[str]:
        return [f"announce {address.ip} from {wire}" for wire, part in self.parts() for address in part.addresses]

    def do(self, world: World) -> None:
        gathered = Gathered()
        for wire, inside in self.parts():
            if inside.addresses:
                with gathered.at(wire.place), inside.netns.entered():
                    _announce(wire, inside)
        gathered.raise_first()


def _announce(wire: Wire, inside: Inside) -> None:
    ifindex = index_of(wire, inside)
    with (
        Rtnl() as rtnl,
        nic.announcing(inside.interface, inside.ipv6, lambda value: netlink.set_arp_notify(rtnl, ifindex, value)),
    ):
        netlink.set_mac(rtnl, ifindex, inside.mac)


def index_of(wire: Wire, inside: Inside) -> int:
    """Return the interface's ifindex in the current namespace; raise KernelRefused if it is gone."""
    ifindex = nic.index_of(inside.interface)
    if ifindex is None:
        raise KernelRefused(f"{wire} vanished while it was being set up")
    return ifindex
