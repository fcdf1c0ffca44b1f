"""CreateNetwork and DeleteNetwork: what a request comes to, and its steps. options.py reads the words."""

from time import monotonic, sleep
from typing import NamedTuple

from ovs_docker.apply import runner
from ovs_docker.apply.runner import Step
from ovs_docker.apply.takeover import await_vswitchd
from ovs_docker.backends.kernel import dumps
from ovs_docker.backends.ovsdb.operations import select
from ovs_docker.backends.ovsdb.session import Row, atoms, pairs, uuids
from ovs_docker.driver import gateway, rules, uplinks
from ovs_docker.driver.operations import NetworkSpec
from ovs_docker.driver.options import NetworkOptions, network_options
from ovs_docker.driver.protocol import NewNetwork
from ovs_docker.driver.steps import AwaitNetwork, MakeNetwork, ProgramRules, RaiseGateway, unmake
from ovs_docker.errors import BadValue, BridgeUnfit, TimedOut
from ovs_docker.model.addresses import parse_address
from ovs_docker.model.network import FLAT, Network, networks_in
from ovs_docker.resolve import bridges, networks
from ovs_docker.world import World

_GONE_SOON = 2.0  # seconds; a removed bridge's device outlives its row for a moment


class Defaults(NamedTuple):
    """What the driver was started with: its name, and what a network gets that does not say."""

    driver: str = "ovs"
    mode: str = "nat"
    mtu: int | None = None


def create(world: World, defaults: Defaults, wish: NewNetwork) -> None:
    """Make a network, or leave no trace; a network that is there as asked is success, too."""
    options = network_options(wish.options)
    rows = world.db.rows([networks.SELECT_BRIDGES])[0]
    if there := networks.bridge_of(rows, wish.network):
        _check_same(there[1], wish)
        return
    network = _network(defaults, wish, options)
    _check_gateways(world, network)
    spec = _spec(world, network, options, rows)
    uplinks.check(world, [uplink.name for uplink in options.uplinks], options.uplink_force)
    runner.run(_steps(spec), world)


def _check_same(there: Network, wish: NewNetwork) -> None:
    if (there.options, there.subnets) != (tuple(wish.options.items()), wish.subnets):
        raise BadValue(f"network {wish.network[:12]} exists already, made with other options")


def _network(defaults: Defaults, wish: NewNetwork, options: NetworkOptions) -> Network:
    mode, bridge = options.mode or defaults.mode, options.bridge or f"ovsbr-{wish.network[:9]}"
    if mode != FLAT and not wish.subnets:
        raise BadValue(f"ovs.mode={mode} needs a subnet", "without addresses a network is flat: -o ovs.mode=flat")
    if lacking := [subnet.pool for subnet in wish.subnets if mode != FLAT and not subnet.gateway]:
        raise BadValue(f"ovs.mode={mode} needs a gateway for {lacking[0]}", "--gateway names it")
    given = tuple(wish.options.items())
    return Network(
        wish.network,
        bridge,
        defaults.driver,
        mode,
        wish.subnets,
        device="" if mode == FLAT else bridge,
        vlan=options.vlan,
        mtu=options.mtu or defaults.mtu,
        internal=wish.internal,
        options=given,
    )


def _check_gateways(world: World, network: Network) -> None:
    """Refuse a gateway's address that another device of the host has: half of the traffic would end there."""
    for subnet in network.subnets if network.device else ():
        if dumps.holder_of(world.host.rtnl, parse_address(subnet.gateway)):
            raise BadValue(
                f"gateway {subnet.next_hop}: is an address of this host already", "--subnet, --gateway: others"
            )


def _spec(world: World, network: Network, options: NetworkOptions, rows: list[Row]) -> NetworkSpec:
    """Decide which bridge it is, and which device the gateway's: the bridge's own only if that is this network's."""
    row = next((row for row in rows if row["name"] == network.bridge), None)
    if row is None:
        _check_new(world, network.bridge)
        datapath_type = options.datapath_type or _default_type(world)
        own = network.device and network.vlan is not None
        network = network._replace(device=f"ovsgw-{network.id[:9]}") if own else network
        return NetworkSpec(network, options, "", datapath_type)
    _check_existing(row, options)
    if network.device:
        network = network._replace(device=f"ovsgw-{network.id[:9]}")
    return NetworkSpec(network, options, row["_uuid"][1])


def _default_type(world: World) -> str:
    """Choose the userspace datapath only where vswitchd has no other."""
    answer = world.db.rows([select("Open_vSwitch", columns=("datapath_types",))])[0]
    kinds = [kind for row in answer for kind in atoms(row["datapath_types"])]
    return "netdev" if "netdev" in kinds and "system" not in kinds else ""


def _check_new(world: World, name: str) -> None:
    if owner := bridges.bridge_of_port(world.db, name):
        raise BridgeUnfit(
            f"ovs.bridge={name}: is a port of bridge {owner}", f"ovs.bridge={owner}, and ovs.vlan if need be"
        )
    until = monotonic() + _GONE_SOON
    while world.host.index_of(name) is not None and monotonic() < until:
        sleep(0.02)
    if world.host.index_of(name) is not None:
        raise BridgeUnfit(f"ovs.bridge={name}: there is a device of this name, which is no bridge of Open vSwitch")


def _check_existing(row: Row, options: NetworkOptions) -> None:
    """Refuse to change a bridge that others use: its own options are its owner's."""
    there = row["datapath_type"] or "system"
    if options.datapath_type and options.datapath_type != there:
        raise BridgeUnfit(f"ovs.datapath-type={options.datapath_type}: bridge {row['name']} exists, with type {there}")
    given = {
        "ovs.controller": options.controllers,
        "ovs.fail-mode": options.fail_mode,
        "ovs.datapath-id": options.datapath_id,
        "ovs.protocols": options.protocols,
        "ovs.bridge.ovs_local_mac": options.hwaddr,
    }
    for word in (word for word, value in given.items() if value):
        raise BridgeUnfit(f"{word}: bridge {row['name']} exists already, and keeps what it has", "ovs-vsctl changes it")


def _steps(spec: NetworkSpec) -> list[Step]:
    made, network = MakeNetwork(spec), spec.network
    steps: list[Step] = [made, AwaitNetwork(made), RaiseGateway(network, [each.name for each in spec.options.uplinks])]
    return [*steps, *([ProgramRules(network.id)] if network.device else [])]


def delete(world: World, network: str) -> str:
    """Remove a network and what it added; one that is not there is success. Return what stays, if anything."""
    world.check_here()
    unmade = unmake(world, network)
    if unmade is None:
        return ""
    there = unmade.network
    try:
        gateway.take_down(world.host, there)
    finally:
        if there.device:
            rules.program(world)
    left = _left(world, there)
    try:
        await_vswitchd(world, unmade.next_cfg, [])
    except TimedOut as error:
        return left or f"network {network[:12]} is removed, but {error.message}"
    return left


def _left(world: World, network: Network) -> str:
    """Say why a bridge that was made for the network stays."""
    rows = [row for row in world.db.rows([networks.SELECT_BRIDGES])[0] if row["name"] == network.bridge]
    if not rows or not networks.is_ours(rows[0]) or networks_in(network.bridge, pairs(rows[0]["external_ids"])):
        return ""
    return f"bridge {network.bridge} stays: it has {len(uuids(rows[0]['ports'])) - 1} ports of others"
