"""The ports of Docker networks as list-ports and list-networks show them, with Docker's names. Reads only.

resolve/networks.py finds them in the database.
"""

from ovs_docker.errors import DockerMissing
from ovs_docker.model.network import Network
from ovs_docker.model.port import PortRow
from ovs_docker.resolve import networks
from ovs_docker.resolve.state import Described
from ovs_docker.world import World


def described(world: World, bridge: str | None, container: str | None) -> list[Described]:
    """Describe the ports of endpoints, all or those of a bridge or a container, by Docker's names."""
    rows = [row for row in networks.endpoints(world.db) if not bridge or bridge in (row.bridge, row.parent)]
    if not rows:
        return []
    containers = world.docker.endpoints({row.record.network for row in rows})
    named = {each.id: each.name for each in world.docker.containers()}
    found = [_described(world, row, containers.get(row.record.network, {}), named) for row in rows]
    theirs = (each for each in found if not container or _is_called(container, each))
    return sorted(theirs, key=lambda each: (each[0].bridge, each[2], each[0].name))


def _described(world: World, row: PortRow, containers: dict[str, str], named: dict[str, str]) -> Described:
    container = containers.get(row.record.endpoint, "")
    record = row.record
    read = {"network": record.network, "endpoint": record.endpoint}
    read |= {"container_id": container} if container in named else {}
    state = _state(world, row) if record.endpoint in containers else "gone"
    return row, state, named.get(container, ""), read


def _is_called(word: str, described: Described) -> bool:
    _, _, name, read = described
    return word == name or (len(word) >= 12 and str(read.get("container_id", "")).startswith(word))


def _state(world: World, row: PortRow) -> str:
    there = world.host.host_ends([row.name])
    return "up" if row.is_live(there) else "error" if there else "stale"


def named_networks(world: World) -> list[tuple[Network, str, int]]:
    """Return the networks of this host with Docker's names, empty where it has none, and the number of endpoints."""
    found = networks.networks(world.db)
    if not found:
        return []
    try:
        names = world.docker.networks()
    except DockerMissing:
        names = {}
    rows = networks.endpoints(world.db)
    counted = {each.id: sum(row.record.network == each.id for row in rows) for each in found}
    return sorted((each, names.get(each.id, ""), counted[each.id]) for each in found)
