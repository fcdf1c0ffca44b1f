"""Whether an interface of the host may become a port of a bridge: one in use would be cut off. Reads only."""

from ovs_docker.backends.kernel import dumps
from ovs_docker.errors import BadValue
from ovs_docker.resolve.bridges import bridge_of_port
from ovs_docker.world import World

_LINK_LOCAL = "fe80::/64"  # every interface that is up has it


def check(world: World, names: list[str], force: bool) -> None:
    """Raise BadValue for an uplink that is not there, is taken, or carries the host's own traffic unless `force`."""
    for name in names:
        index = world.host.index_of(name)
        if index is None:
            raise BadValue(f"ovs.uplink={name}: there is no such interface", "ip link shows them")
        if owner := bridge_of_port(world.db, name):
            raise BadValue(
                f"ovs.uplink={name}: is a port of bridge {owner} already", f"ovs.bridge={owner} uses that bridge"
            )
        if force:
            continue
        if there := [*_addresses(world, index), *_routes(world, index)]:
            said = f"ovs.uplink={name}: has {there[0]}, which would stop working"
            raise BadValue(said, "move it to the bridge, or say ovs.uplink-force=true")


def _addresses(world: World, index: int) -> list[str]:
    return [f"the address {address}" for address in dumps.addresses_of(world.host.rtnl, index)]


def _routes(world: World, index: int) -> list[str]:
    routes = dumps.routes(world.host.rtnl, {index})[index]
    return [f"the route {to}" for to, _ in routes if to != _LINK_LOCAL]
