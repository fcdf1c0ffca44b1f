"""What check says of Docker networks: gateways, rules, the ports of endpoints. Reads only; it changes nothing."""

from ovs_docker.check.finding import Checked, Finding
from ovs_docker.driver import gateway, rules
from ovs_docker.errors import Error
from ovs_docker.model.network import Network
from ovs_docker.resolve import networks
from ovs_docker.resolve.endpoints import described
from ovs_docker.resolve.state import Described
from ovs_docker.world import World

_PUT_BACK = "ovs-docker driver puts it back when it starts"


def check_networks(world: World, bridge: str | None) -> list[Checked]:
    """Check each network and the ports of its endpoints, all or those of a bridge."""
    found = [network for network in networks.networks(world.db) if bridge in (None, network.bridge)]
    names, ports = world.docker.networks(), described(world, bridge, None)
    checked = [_network(world, network, names) for network in found]
    return [*checked, *_rules(world, found), *map(_port, ports)]


def _network(world: World, network: Network, names: dict[str, str]) -> Checked:
    subject = f"network {names.get(network.id, network.id[:12])}"
    facts = {"network": network.id, "bridge": network.bridge}
    findings = []
    if network.id not in names:
        findings.append(Finding("network-forgotten", "Docker has no such network", "the driver removes it"))
    if world.host.index_of(network.device or network.bridge) is None:
        said = f"device {network.device or network.bridge} is not there"
        findings.append(Finding("bridge-missing", said, "does ovs-vswitchd run?"))
    elif lacking := gateway.lacks(world.host, network):
        findings.append(Finding("gateway-missing", f"{network.device} lacks {', '.join(lacking)}", _PUT_BACK))
    return Checked(subject, facts, findings)


def _rules(world: World, found: list[Network]) -> list[Checked]:
    if not any(network.device for network in found):
        return []
    try:
        missing = rules.missing(world)
    except Error as error:
        missing = [error.message]
    return [Checked("rules of the networks", {}, [Finding("rules-missing", said, _PUT_BACK) for said in missing])]


def _port(port: Described) -> Checked:
    row, state, name, _ = port
    subject = f"{row.name} of {name or 'endpoint ' + row.record.endpoint[:12]}"
    facts = {"bridge": row.bridge, "port": row.name}
    said = {
        "stale": "its pair is gone: docker restart makes a new one",
        "error": row.error or "ovs-vswitchd does not serve it",
        "gone": "Docker has no such endpoint: the driver removes it",
    }
    return Checked(subject, facts, [Finding(f"endpoint-{state}", said[state])] if state in said else [])
