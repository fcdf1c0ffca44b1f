"""The step that makes both ends of attached ports as recorded again. Which need it, plan/repair.py decides."""

from collections.abc import Iterator
from typing import NamedTuple

from ovs_docker.apply.inside import index_of
from ovs_docker.apply.runner import Step
from ovs_docker.backends.kernel import netlink, nic
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import Gathered
from ovs_docker.model.wire import Inside, Wire
from ovs_docker.resolve.ends import Amiss
from ovs_docker.world import World


class Repair(NamedTuple):
    """What is to be put right at the ends of a port."""

    wire: Wire
    """The whole port, as recorded."""
    missing: Inside
    """Of the addresses and routes only the missing ones."""
    wrong: Amiss

    def words(self) -> Iterator[str]:
        """Say in short what is put right."""
        wrong = self.wrong
        yield from ("up",) if wrong.down else ()
        yield from (f"MAC {wrong.mac}",) if wrong.mac else ()
        yield from (f"MTU {wrong.mtu}",) if wrong.mtu else ()
        yield from (f"TX queue of {wrong.tx_queue_len} packets",) if wrong.tx_queue_len else ()
        yield from (f"address {address}" for address in self.missing.addresses)
        yield from map(str, self.missing.routes)
        yield from ("host end up",) if wrong.host_down else ()
        yield from (f"MTU {wrong.host_mtu} of the host end",) if wrong.host_mtu else ()
        yield from ("TX checksum offload off",) if wrong.checksum_offload else ()


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
    if index and (repair.wrong.host_down or repair.wrong.host_mtu):
        netlink.configure(world.host.rtnl, index, mtu=repair.wrong.host_mtu)


def _inside(repair: Repair) -> None:
    missing, wrong = repair.missing, repair.wrong
    ifindex = index_of(repair.wire, missing)
    if wrong.checksum_offload:
        nic.checksum_offload_off(missing.interface)
    if missing.ipv6:
        nic.enable_ipv6(missing.interface)
    with Rtnl() as rtnl:
        netlink.configure(rtnl, ifindex, wrong.mac, wrong.mtu, wrong.tx_queue_len)
        for address in missing.addresses:
            netlink.add_address(rtnl, ifindex, address)
        for route in missing.routes:
            netlink.add_route(rtnl, ifindex, *route)
