"""CreateEndpoint to DeleteEndpoint: a pair and its port, whose other end Docker moves and sets up itself.

Published ports are in publishing.py.
"""

from typing import Any

from ovs_docker.apply import runner
from ovs_docker.driver import rules
from ovs_docker.driver.options import port_options
from ovs_docker.driver.protocol import Endpoint, NewEndpoint, joined
from ovs_docker.errors import Error
from ovs_docker.model import names
from ovs_docker.model.addresses import parse_address, random_mac
from ovs_docker.model.network import Network
from ovs_docker.model.pair_spec import PairSpec
from ovs_docker.model.port import PortRow
from ovs_docker.model.record import OURS, Record, pairs_of
from ovs_docker.plan.pairs import attach_pairs
from ovs_docker.resolve import interfaces, networks
from ovs_docker.verbs.change import remove
from ovs_docker.world import World


def create(world: World, wish: NewEndpoint) -> dict[str, Any]:
    """Make pair and port. What Docker gave must not be in the answer, not even the same."""
    spec = _spec(known(world, wish.network), wish)
    plan = attach_pairs([spec], interfaces.for_pairs(world, [spec]), world.wait)
    runner.run(plan.steps, world)
    return {"Interface": {} if wish.mac else {"MacAddress": spec.mac}}


def known(world: World, network: str) -> Network:
    """Find a network by id; raise Error if it is not in the database."""
    found = networks.bridge_of(world.db.rows([networks.SELECT_BRIDGES])[0], network)
    if not found:
        said = f"network {network[:12]} is not in the database of Open vSwitch"
        raise Error(said, "docker network rm, then docker network create makes it anew")
    return found[1]


def _spec(network: Network, wish: NewEndpoint) -> PairSpec:
    asked, owner = port_options(wish.options), _owner(wish.network, wish.endpoint)
    mac = wish.mac or _mac(wish)
    record = Record(
        iface_id=asked.iface_id,
        mac=mac,
        owner=OURS,
        addresses=",".join(wish.addresses),
        network=wish.network,
        endpoint=wish.endpoint,
        others=asked.external_ids,
    )
    return PairSpec(
        owner,
        network.bridge,
        _other_end(owner),
        mac,
        record,
        pairs_of(network=wish.network, endpoint=wish.endpoint),
        called=f"endpoint {wish.endpoint[:12]}",
        mtu=network.mtu,
        tag=network.vlan if asked.vlan is None else asked.vlan,
        trunks=asked.trunks,
        ofport=asked.ofport,
        answers_arp=False,
    )


def _owner(network: str, endpoint: str) -> str:
    return names.owner(network, endpoint)


def _other_end(owner: str) -> str:
    """Return the name of the end that Docker moves, which it gives another one there."""
    return f"{names.host_end(owner)[:13]}_c"


def _mac(wish: NewEndpoint) -> str:
    """Derive a MAC from the IPv4 address, as Docker's bridges have it: it stays the same when a container restarts."""
    for address in map(parse_address, wish.addresses):
        if address.version == 4:
            return (b"\x02\x42" + address.ip.packed).hex(":")
    return random_mac((int(wish.endpoint, 36) % (1 << 48)).to_bytes(6, "big"))


def join(world: World, wish: Endpoint) -> dict[str, Any]:
    """Tell Docker which device to move, and where the default routes go."""
    network, rows = known(world, wish.network), networks.endpoint(world.db, wish.network, wish.endpoint)
    if not rows:
        raise Error(
            f"endpoint {wish.endpoint[:12]} has no port", "docker network disconnect, then connect, makes it anew"
        )
    addresses = rows[0].record.addresses.split(",") if rows[0].record.addresses and not network.internal else []
    gateways: dict[int, str] = {parse_address(address).version: network.gateway_for(address) for address in addresses}
    return joined(_other_end(_owner(wish.network, wish.endpoint)), gateways)


def delete(world: World, wish: Endpoint) -> None:
    """Remove pair, port and rules of an endpoint, as far as they are there."""
    rows = networks.endpoint(world.db, wish.network, wish.endpoint)
    if rows:
        remove_ports(world, rows)
    ends = world.host.host_ends(names.two_host_ends(_owner(wish.network, wish.endpoint)))
    world.host.rtnl.delete_links(list(ends.values()))  # those of a killed call have no row


def remove_ports(world: World, rows: list[PortRow]) -> None:
    """Remove the ports of endpoints with their pairs, and their rules; vswitchd is not waited for."""
    world.wait = False
    remove(world, rows)
    if any(row.record.ports for row in rows):
        rules.program(world)
