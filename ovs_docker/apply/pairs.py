"""Steps on veth pairs: make them, delete them. What the container's end needs beyond that is interfaces.py's."""

from ovs_docker.backends.kernel import netlink
from ovs_docker.errors import at
from ovs_docker.model.wire import Wire
from ovs_docker.world import World


class RemoveLeftovers:
    """Delete veth pairs that an interrupted call or a refused port left; there is no way back, nor a reason for one."""

    interruptible = False

    def __init__(self, links: dict[str, int]) -> None:
        self.links = links

    def describe(self) -> list[str]:
        return [f"delete veth pair {name}, left over from an earlier add-port" for name in self.links]

    def do(self, world: World) -> None:
        world.host.rtnl.delete_links(list(self.links.values()))

    def undo(self, world: World) -> None:
        pass


class MakeVethPairs:
    """Make the veth pairs, one end on the host, one in the container."""

    interruptible = False

    def __init__(self, wires: list[Wire]) -> None:
        self.wires = wires
        self.made: list[str] = []

    def describe(self) -> list[str]:
        return [
            f"make veth pair {wire.host_end} - {wire}, MAC {wire.mac}"
            + (f", MTU {wire.spec.mtu}" if wire.spec.mtu else "")
            + (f", TX queue of {wire.spec.tx_queue_len} packets" if wire.spec.tx_queue_len else "")
            for wire in self.wires
        ]

    def do(self, world: World) -> None:
        for wire in self.wires:
            with at(wire.spec.place):
                netlink.make_veth(world.host.rtnl, _pair(wire))
            self.made.append(wire.host_end)
            world.tick()

    def undo(self, world: World) -> None:
        """Delete the pairs; they may be gone already, with their container."""
        there = [world.host.index_of(name) for name in self.made]
        world.host.rtnl.delete_links([ifindex for ifindex in there if ifindex])


def _pair(wire: Wire) -> netlink.VethPair:
    spec = wire.spec
    return netlink.VethPair(
        wire.host_end, spec.interface, wire.container.name, wire.netns.fd, wire.mac, spec.mtu, spec.tx_queue_len
    )
