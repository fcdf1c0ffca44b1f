"""Steps that create and delete veth pairs. apply/inside.py configures the container's end."""

from ovs_docker.apply.runner import Step
from ovs_docker.backends.kernel import netlink, nic
from ovs_docker.errors import Gathered
from ovs_docker.model.wire import Pair, Wire
from ovs_docker.world import World


class RemoveLeftovers(Step):
    """Delete veth pairs that an interrupted call or a refused port left; that need not be undone."""

    def __init__(self, links: dict[str, int]) -> None:
        self.links = links

    def describe(self) -> list[str]:
        return [f"delete veth pair {name}, left over from an earlier add-port" for name in self.links]

    def do(self, world: World) -> None:
        world.host.rtnl.delete_links(list(self.links.values()))


class MakeVethPairs(Step):
    """Create the veth pairs, one end with vswitchd, the other in the container."""

    def __init__(self, wires: list[Wire]) -> None:
        self.wires = wires
        self.made: list[str] = []

    def describe(self) -> list[str]:
        return [line for wire in self.wires if wire.pair for line in _lines(wire, wire.pair)]

    def do(self, world: World) -> None:
        gathered = Gathered()
        for wire in self.wires:
            if wire.pair:
                with gathered.at(wire.place):
                    self._make(world, wire.pair)
            world.tick()
        gathered.raise_first()

    def _make(self, world: World, pair: Pair) -> None:
        netlink.make_veth(world.host.rtnl, pair, world.groups[0])
        self.made.append(pair.host_end)
        if not pair.checksum_offload:
            with (pair.netns or world.host).entered():
                nic.checksum_offload_off(pair.other_end)

    def undo(self, world: World) -> None:
        """Delete the pairs; they may already be gone with their container."""
        world.host.rtnl.delete_links(list(world.host.host_ends(self.made).values()))


class MarkRecorded(Step):
    """Have the kernel remember that the host ends are in the database.

    A pair that was in use and has lost its row may be in use still: only what never had a row is a killed call's.
    """

    def __init__(self, wires: list[Wire]) -> None:
        self.host_ends = [wire.pair.host_end for wire in wires if wire.pair]

    def do(self, world: World) -> None:
        for name in self.host_ends:
            world.host.rtnl.set_group(name, world.groups[1])


def _lines(wire: Wire, pair: Pair) -> list[str]:
    line = f"make veth pair {pair.host_end} - {wire}, MAC {pair.mac}"
    line += f", MTU {pair.mtu}" if pair.mtu else ""
    line += f", TX queue of {pair.tx_queue_len} packets" if pair.tx_queue_len else ""
    off = f"switch off TX checksum offload of {wire} (userspace datapath)"
    return [line] if pair.checksum_offload else [line, off]
