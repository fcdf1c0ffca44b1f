"""The rules that networks need, composed: as Docker's own bridge driver has them without its userland proxy. Pure.

They are written as iptables-save prints them, so that the two can be compared (saved.py).
"""

from collections.abc import Iterator, Sequence

from ovs_docker.driver.firewall.fenced import Fenced, Published, everywhere
from ovs_docker.model.addresses import parse_ip, parse_network

OURS = "OVS-DOCKER"
LEAVING, SOURCES = f"{OURS}-LEAVING", f"{OURS}-SOURCES"

Tables = dict[str, dict[str, list[str]]]
"""Table, chain, rules."""

_FLOWS = "-m conntrack --ctstate RELATED,ESTABLISHED"
_PUBLISHED = "-m conntrack --ctstate DNAT"  # asked for as an address of the host: nobody gets past publishing

_TO_HERE = "-m addrtype --dst-type LOCAL -j " + OURS
_ALIKE = (("nat", "PREROUTING", _TO_HERE), ("nat", "POSTROUTING", f"-j {SOURCES}"))
# IPv6 has no route_localnet: the kernel drops what comes back for ::1.
JUMPS = {
    4: (*_ALIKE, ("nat", "OUTPUT", _TO_HERE), ("raw", "PREROUTING", f"-j {OURS}")),
    6: (*_ALIKE, ("nat", "OUTPUT", f"! -d ::1/128 {_TO_HERE}")),
}
"""By family: table, chain that is not ours, the rule there that leads to ours. That of filter depends on Docker."""


def compose(networks: Sequence[Fenced], neighbours: Sequence[str], version: int) -> Tables:
    """Return the chains of one family; `neighbours` are Docker's own bridges, where Docker decides who may enter."""
    fenced = sorted(network for network in networks if network.has(version))
    if not fenced:
        return {}
    tables = {"filter": _filter(fenced, neighbours, version), "nat": _nat(fenced, version)}
    guards = [_guard(network) for network in fenced if network.on_loopback()] if version == 4 else []
    return {**tables, "raw": {OURS: guards}} if guards else tables


def _filter(fenced: Sequence[Fenced], neighbours: Sequence[str], version: int) -> dict[str, list[str]]:
    """Whoever passes a chain's end goes on to Docker's own rules, or the host's."""
    internal = [rule for network in fenced if network.internal for rule in _shut(network)]
    enter, within, leave, closed = [], [], [], []
    for network in (network for network in fenced if not network.internal):
        enter += list(_entrances(network, version))
        within.append(_rule(network, f"-i {network.bridge} -o {network.bridge}", "ACCEPT"))
        leave.append(_rule(network, f"-i {network.bridge}", LEAVING))
        closed += list(_closed(network, version))
    apart = [_rule(network, f"-o {network.bridge}", "DROP") for network in fenced]
    docker = [f"-o {bridge} -j RETURN" for bridge in sorted(neighbours)]
    return {OURS: [*internal, *enter, *within, *leave, *closed], LEAVING: [*apart, *docker, "-j ACCEPT"]}


def _shut(network: Fenced) -> Iterator[str]:
    yield _rule(network, f"-i {network.bridge} ! -o {network.bridge}", "DROP")
    yield _rule(network, f"! -i {network.bridge} -o {network.bridge}", "DROP")


def _entrances(network: Fenced, version: int) -> Iterator[str]:
    yield _rule(network, f"-o {network.bridge} {_FLOWS}", "ACCEPT")
    how = f" {_PUBLISHED}" if network.mode == "nat" else ""
    for port in network.ports(version):
        where = f"-d {_single(port.address)} -o {network.bridge}"
        yield _rule(network, f"{where} {_port(port.proto, port.port)}{how}", "ACCEPT")


def _closed(network: Fenced, version: int) -> Iterator[str]:
    if network.mode == "routed":  # as Docker's own routed networks, which answer pings from everywhere outside
        yield _rule(network, f"-o {network.bridge} -p {'icmp' if version == 4 else 'ipv6-icmp'}", "ACCEPT")
    yield _rule(network, f"-o {network.bridge}", "DROP")


def _nat(fenced: Sequence[Fenced], version: int) -> dict[str, list[str]]:
    nat = [network for network in fenced if network.mode == "nat" and not network.internal]
    return {
        OURS: [_destination(network, port) for network in nat for port in network.ports(version)],
        SOURCES: [rule for network in nat for rule in _sources(network, version)],
    }


def _destination(network: Fenced, port: Published) -> str:
    where = "" if everywhere(port) else f"-d {_single(port.host_ip)} "
    ip = parse_ip(port.address)
    to = f"{ip}:{port.port}" if ip.version == 4 else f"[{ip}]:{port.port}"
    return _rule(network, f"{where}{_port(port.proto, port.host_port)}", f"DNAT --to-destination {to}")


def _sources(network: Fenced, version: int) -> Iterator[str]:
    """Masquerade what leaves; also what enters from where replies would not come by the host: itself and its bridge."""
    for subnet in (subnet for subnet in map(parse_network, network.subnets) if subnet.version == version):
        yield _rule(network, f"-s {subnet} ! -o {network.bridge}", "MASQUERADE")
        yield _rule(network, f"-s {subnet} -o {network.bridge} {_PUBLISHED}", "MASQUERADE")
    yield _rule(network, f"-o {network.bridge} -m addrtype --src-type LOCAL {_PUBLISHED}", "MASQUERADE")


def _guard(network: Fenced) -> str:
    """With route_localnet, a container could send to what listens on the host's 127.0.0.1 alone."""
    return _rule(network, f"-d 127.0.0.0/8 -i {network.bridge}", "DROP")


def guarded(rule: str) -> str:
    """Return the bridge of such a rule."""
    words = rule.split()
    return words[words.index("-i") + 1]


def _port(proto: str, number: int) -> str:
    return f"-p {proto} -m {proto} --dport {number}"


def _single(address: str) -> str:
    ip = parse_ip(address)
    return f"{ip}/{ip.max_prefixlen}"


def _rule(network: Fenced, matches: str, target: str) -> str:
    return f"{matches} -m comment --comment {comment(network)} -j {target}"


def comment(network: Fenced) -> str:
    return f"ovs-docker-{network.network[:12]}"
