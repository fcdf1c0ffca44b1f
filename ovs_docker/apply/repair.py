"""The step that makes both ends of attached ports as recorded again. Which need it, plan/repair.py decides."""

from collections.abc import Iterator
from typing import NamedTuple

from ovs_docker.apply.runner import Step
from ovs_docker.backends.kernel import netlink, nic
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import Gathered, KernelRefused
from ovs_docker.model.wire import Inside, Wire
from ovs_docker.world import World


class Repair(NamedTuple):
    """What is missing at the ends of a port; None and false: it is as recorded."""

    wire: Wire
    """The whole port, as recorded."""
    missing: Inside
    """Of the addresses and routes only the missing ones."""
    down: bool
    mac: str | None
    mtu: int | None
    tx_queue_len: int | None
    host_down: bool
    host_mtu: int | None
    checksum_offload: bool = False

    def words(self) -> Iterator[str]:
        """Say in short what is put right."""
        yield from ("up",) if self.down else ()
        yield from (f"MAC {self.mac}",) if self.mac else ()
        yield from (f"MTU {self.mtu}",) if self.mtu else ()
        yield from (f"TX queue of {self.tx_queue_len} packets",) if self.tx_queue_len else ()
        yield from (f"address {address}" for address in self.missing.addresses)
        for route in self.missing.routes:
            to = f"route to {route.destination}" if route.destination.prefixlen else "default route"
            yield to + (f" via {route.via}" if route.via else "")
        yield from ("host end up",) if self.host_down else ()
        yield from (f"MTU {self.host_mtu} of the host end",) if self.host_mtu else ()
        yield from ("TX checksum offload off",) if self.checksum_offload else ()


class MakeTrue(Step):
    """Set what differs from the record. What is as recorded then stays so: there is nothing to undo."""

    def __init__(self, repairs: list[Repair]) -> None:
        self.repairs = repairs

    def describe(self) -> list[str]:
        return [f"make {each.wire} as recorded: {', '.join(each.words())}" for each in self.repairs]

    def do(self, world: World) -> None:
        gathered = Gathered()
        for repair in self.repairs:
            with gathered.at(repair.wire.place):
                _host_end(world, repair)
                with repair.missing.netns.entered():
                    _inside(repair)
        gathered.raise_first()


def _host_end(world: World, repair: Repair) -> None:
    index = world.host.index_of(repair.wire.port.name)
    if index and (repair.host_down or repair.host_mtu):
        netlink.configure(world.host.rtnl, index, mtu=repair.host_mtu)


def _inside(repair: Repair) -> None:
    missing = repair.missing
    ifindex = nic.index_of(missing.interface)
    if ifindex is None:
        raise KernelRefused(f"{repair.wire} vanished while it was being set up")
    if repair.checksum_offload:
        nic.checksum_offload_off(missing.interface)
    if missing.ipv6:
        nic.enable_ipv6(missing.interface)
    with Rtnl() as rtnl:
        netlink.configure(rtnl, ifindex, repair.mac, repair.mtu, repair.tx_queue_len)
        for address in missing.addresses:
            netlink.add_address(rtnl, ifindex, address)
        for route in missing.routes:
            netlink.add_route(rtnl, ifindex, *route)
