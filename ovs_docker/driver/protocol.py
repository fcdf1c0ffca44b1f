"""Docker's remote driver protocol: JSON bodies to typed requests, and the answers' shapes. Pure.

See Docker's docs/plugins_network.md and libnetwork's docs/remote.md; app.py speaks HTTP.
"""

from collections.abc import Mapping
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any, NamedTuple

from ovs_docker.errors import BadValue
from ovs_docker.model.addresses import parse_mac
from ovs_docker.model.network import Subnet

Body = Mapping[str, Any]
_ID = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
_PROTOCOLS = {6: "tcp", 17: "udp", 132: "sctp"}
_GENERIC = "com.docker.network.generic"
_INTERNAL = "com.docker.network.internal"
_PORTMAP = "com.docker.network.portmap"
_NO_POOL = ("0.0.0.0/0", "::/0")  # of --ipam-driver null


class NewNetwork(NamedTuple):
    """CreateNetwork: `options` are the words of -o."""

    network: str
    options: dict[str, str]
    subnets: tuple[Subnet, ...]
    internal: bool


class NewEndpoint(NamedTuple):
    """CreateEndpoint: `options` are the words of --driver-opt; what is empty was not given."""

    network: str
    endpoint: str
    addresses: tuple[str, ...]
    mac: str
    options: dict[str, str]


class Endpoint(NamedTuple):
    """Which endpoint a request is about."""

    network: str
    endpoint: str


class PortMap(NamedTuple):
    """A port to publish at the first free one of host ports `first` to `last`; 0: at any."""

    proto: str
    port: int
    host_ip: str
    first: int
    last: int


class External(NamedTuple):
    """ProgramExternalConnectivity."""

    network: str
    endpoint: str
    maps: tuple[PortMap, ...]


def new_network(body: Body) -> NewNetwork:
    """Read CreateNetwork; raise BadValue."""
    options = _object(body, "Options")
    pools = [*_objects(body, "IPv4Data"), *_objects(body, "IPv6Data")]
    subnets = [_subnet(pool) for pool in pools if pool.get("Pool") not in (None, "", *_NO_POOL)]
    words = {name: _word(name, value) for name, value in _object(options, _GENERIC).items()}
    return NewNetwork(network_id(body), words, tuple(subnets), options.get(_INTERNAL) is True)


def _subnet(pool: Body) -> Subnet:
    return Subnet(_cidr(pool, "Pool", ip_network), _cidr(pool, "Gateway", ip_interface))


def _cidr(body: Body, name: str, read: Any) -> str:
    text = _text(body, name)
    try:
        return str(read(text)) if text else ""
    except ValueError as error:
        raise BadValue(f"{name} {text}: {error}") from None


def new_endpoint(body: Body) -> NewEndpoint:
    """Read CreateEndpoint; raise BadValue."""
    interface, options = _object(body, "Interface"), _object(body, "Options")
    addresses = [_cidr(interface, name, ip_interface) for name in ("Address", "AddressIPv6")]
    mac = _text(interface, "MacAddress")
    try:
        mac = parse_mac(mac) if mac else ""
    except ValueError as error:
        raise BadValue(f"MacAddress {mac}: {error}") from None
    words = {name: _word(name, value) for name, value in options.items() if not name.startswith("com.docker.")}
    return NewEndpoint(*endpoint(body), tuple(filter(None, addresses)), mac, words)


def endpoint(body: Body) -> Endpoint:
    """Read which endpoint it is; raise BadValue."""
    return Endpoint(network_id(body), _id(body, "EndpointID"))


def network_id(body: Body) -> str:
    return _id(body, "NetworkID")


def external(body: Body) -> External:
    """Read ProgramExternalConnectivity; raise BadValue."""
    return External(*endpoint(body), tuple(map(_port_map, _objects(_object(body, "Options"), _PORTMAP))))


def _port_map(entry: Body) -> PortMap:
    proto, port = entry.get("Proto"), _number(entry, "Port")
    if type(proto) is not int or proto not in _PROTOCOLS or not port:
        raise BadValue(f"port {port}, protocol {proto}: only tcp, udp and sctp are published")
    host_ip, first, last = _text(entry, "HostIP"), _number(entry, "HostPort"), _number(entry, "HostPortEnd")
    try:
        host_ip = str(ip_address(host_ip)) if host_ip else ""
    except ValueError:
        raise BadValue(f"HostIP {host_ip}: is not an IP address") from None
    return PortMap(_PROTOCOLS[proto], port, host_ip, first, max(first, last))


def nothing(body: Body) -> None:
    """Read a request whose body does not matter."""


def joined(source: str, gateways: Mapping[int, str]) -> dict[str, Any]:
    """Compose the answer to Join: the device to move, and the next hop of each family.

    Without any, Docker would add an interface on docker_gwbridge, unless DisableGatewayService is set.
    """
    answer: dict[str, Any] = {"InterfaceName": {"SrcName": source, "DstPrefix": "eth"}}
    found = {name: gateways[version] for version, name in ((4, "Gateway"), (6, "GatewayIPv6")) if gateways.get(version)}
    return {**answer, **(found or {"DisableGatewayService": True})}


def _object(body: Body, name: str) -> Body:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise BadValue(f"{name} is not a JSON object")
    return value or {}


def _objects(body: Body, name: str) -> list[Body]:
    value = body.get(name)
    if value is not None and not (isinstance(value, list) and all(isinstance(each, dict) for each in value)):
        raise BadValue(f"{name} is not a list of JSON objects")
    return value or []


def _text(body: Body, name: str) -> str:
    return _word(name, body.get(name) or "")


def _word(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadValue(f"{name} is not a string")
    return value


def _number(body: Body, name: str) -> int:
    value = body.get(name) or 0
    if type(value) is not int or not 0 <= value < 65536:
        raise BadValue(f"{name} is not a port number")
    return value


def _id(body: Body, name: str) -> str:
    text = _text(body, name)
    if not text or len(text) > 64 or not _ID.issuperset(text):
        raise BadValue(f"{name} is missing or is not an id")
    return text
