"""The steps that make and remove a network. What they write is in operations.py, which network in networks.py."""

from typing import NamedTuple

from ovs_docker.apply.runner import Step
from ovs_docker.apply.takeover import Change, await_vswitchd, next_cfg
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb.session import one, pairs
from ovs_docker.driver import gateway, operations, rules
from ovs_docker.driver.operations import NetworkSpec
from ovs_docker.errors import VswitchdRefused
from ovs_docker.model.network import Network, networks_in
from ovs_docker.resolve import networks
from ovs_docker.world import World


class MakeNetwork(Change):
    """Write a network into the database: its bridge, its gateway's device, its uplinks."""

    interruptible = True

    def __init__(self, spec: NetworkSpec) -> None:
        self.spec = spec

    def describe(self) -> list[str]:
        network = self.spec.network
        return [f"make network {network.id[:12]} ({network.mode}) on bridge {network.bridge}"]

    def do(self, world: World) -> None:
        self.change(world, f"network {self.spec.network.id}", operations.make(self.spec))

    def undo(self, world: World) -> None:
        if self.sent:
            unmake(world, self.spec.network.id)


class AwaitNetwork(Step):
    """Wait until vswitchd has made the devices of a new network, as success means seen."""

    interruptible = True

    def __init__(self, made: MakeNetwork) -> None:
        self.made = made

    def describe(self) -> list[str]:
        return ["wait until ovs-vswitchd has made the bridge"]

    def do(self, world: World) -> None:
        names = self.made.spec.devices
        selects = [ops.select("Interface", ["name", "==", name], columns=("ofport", "error")) for name in names]
        for name, row in zip(names, await_vswitchd(world, self.made.next_cfg, selects)):
            error, ofport = (one(row["error"]), one(row["ofport"])) if row else ("it is gone", None)
            if error or not ofport or ofport < 0:
                why = error or "is its kernel module missing? ovs.datapath-type=netdev does without"
                raise VswitchdRefused(f"ovs-vswitchd cannot use device {name}: {why}", "see ovs-vswitchd's log")


class RaiseGateway(Step):
    """Bring the devices of a network up, and give the gateway's device its addresses."""

    def __init__(self, network: Network, uplinks: list[str]) -> None:
        self.network = network
        self.uplinks = uplinks

    def describe(self) -> list[str]:
        return [f"bring up {self.network.device or self.network.bridge}"]

    def do(self, world: World) -> None:
        gateway.bring_up(world.host, self.network, self.uplinks)

    def undo(self, world: World) -> None:
        gateway.take_down(world.host, self.network)


class ProgramRules(Step):
    """Bring the host's rules up to date with the networks and endpoints in the database."""

    def __init__(self, without: str = "") -> None:
        self.without = without

    def describe(self) -> list[str]:
        return ["write the rules of the networks"]

    def do(self, world: World) -> None:
        rules.program(world)

    def undo(self, world: World) -> None:
        rules.program(world, self.without, locked=True)


class Unmade(NamedTuple):
    """A network that was taken out of the database, and the cur_cfg of vswitchd once it knows."""

    network: Network
    next_cfg: int


def unmake(world: World, network: str) -> Unmade | None:
    """Take a network and what it added out of the database; None if it is not there.

    A bridge of ours goes with its last network, unless somebody else has put ports there: then it is left to them.
    """
    rows = world.db.rows([networks.SELECT_BRIDGES])[0]
    found = networks.bridge_of(rows, network)
    if not found:
        return None
    bridge, there = found
    uuid, added = bridge["_uuid"][1], networks.ports_of(world.db, network)
    own = [row.port_uuid for row in networks.endpoints(world.db, network)]
    others = [each for each in networks_in(bridge["name"], pairs(bridge["external_ids"])) if each.id != network]
    everything = networks.ports_on(bridge)
    strangers = len([port for port in everything if port not in added and port not in own]) > 1  # one is its local port
    goes = networks.is_ours(bridge) and not others and not strangers
    wanted = operations.remove(network, uuid, [*added, *own], everything if goes else None)
    said = [ops.comment(f"remove network {network}"), *wanted, *ops.bump()]
    return Unmade(there, next_cfg(world.db.transact(said)))
