"""Compares Docker, the database and the kernel: what Docker has forgotten goes, what the host has lost is put back.

Only what bears our marks goes, and only what nobody has just asked for. loop.py says when.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from ovs_docker.backends.kernel import dumps
from ovs_docker.driver import endpoints, gateway, networks, rules
from ovs_docker.errors import Error
from ovs_docker.model.names import is_host_end
from ovs_docker.model.network import Network
from ovs_docker.model.port import PortRow
from ovs_docker.report.text import sentence
from ovs_docker.resolve import networks as find
from ovs_docker.resolve import ports
from ovs_docker.world import World

Recent = Callable[[], Collection[str]]
"""Tells the ids that somebody has just asked about: Docker lists what it makes only when its call has ended."""


class Result(NamedTuple):
    """What was done; what was not and why; stray pairs, which go if the next look finds them again.

    `later`: something was left because it is recent.
    """

    done: list[str]
    warnings: list[str]
    strays: frozenset[str] = frozenset()
    later: bool = False


def put_back(world: World, driver: str, recent: Recent) -> Result:
    """Put back what the host has lost, of which Docker need not be asked: gateways' addresses, and the rules."""
    found = find.networks(world.db)
    done, warnings = list[str](), list[str]()
    for network in (network for network in found if network.driver == driver):
        if network.id in recent():
            continue  # it is being made
        try:
            done += gateway.bring_up(world.host, network)
        except Error as error:
            warnings.append(f"network {network.id[:12]}: {sentence(error)}")
    if any(network.device for network in found):
        rules.program(world)
    return Result(done, warnings)


def clean(world: World, driver: str, recent: Recent, strays: frozenset[str]) -> Result:
    """Remove what Docker does not know any more; the database is read first, then Docker, last what is recent."""
    links = _stray_links(world)
    ours = {network.id: network for network in find.networks(world.db) if network.driver == driver}
    rows = [row for row in find.endpoints(world.db) if row.record.network in ours]
    known = world.docker.endpoints(ours)
    unknown = [network for network in ours.values() if network.id not in known]
    unlisted, new = [row for row in rows if _is_lost(row, known)], recent()
    gone = [network for network in unknown if network.id not in new]
    lost = [row for row in unlisted if row.record.endpoint not in new]
    done = _remove_endpoints(world, lost)
    stay = [_remove_network(world, network, done) for network in gone]
    world.host.rtnl.delete_links([index for name, index in links.items() if name in strays])
    done += [f"removed veth pair {name}, which a killed call left" for name in links if name in strays]
    warnings = [*filter(None, stay), *rules.missing(world)]
    return Result(done, warnings, frozenset(links) - strays, (gone, lost) != (unknown, unlisted))


def _is_lost(row: PortRow, known: dict[str, dict[str, str]]) -> bool:
    return row.record.endpoint not in known.get(row.record.network, {})


def _remove_endpoints(world: World, rows: list[PortRow]) -> list[str]:
    if rows:
        endpoints.remove_ports(world, rows)
    return [f"removed endpoint {row.record.endpoint[:12]} ({row.name}), which Docker has forgotten" for row in rows]


def _remove_network(world: World, network: Network, done: list[str]) -> str:
    stays = networks.delete(world, network.id)
    done.append(f"removed network {network.id[:12]}, which Docker has forgotten")
    return stays


def _stray_links(world: World) -> dict[str, int]:
    """Return pairs with both ends on this host that never had a row: in a moment they may have one."""
    made, _ = world.groups
    there = dumps.links(world.host.rtnl)
    ends = {name for name, link in there.items() if is_host_end(name) and link.group == made}
    both = [name for name in ends if f"{name[:13]}_c" in there and there[f"{name[:13]}_c"].peer == there[name].ifindex]
    return world.host.host_ends(both if not both else set(both) - ports.interface_names(world.db))
