"""Published ports: which host port each gets, and the record of it. rules.py has the rules written.

Docker publishes nothing for a network driver.
"""

from collections.abc import Iterator
from contextlib import closing
from errno import EADDRINUSE
from ipaddress import ip_address
from socket import (
    AF_INET,
    AF_INET6,
    IPPROTO_IPV6,
    IPV6_V6ONLY,
    SO_REUSEADDR,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOL_SOCKET,
    socket,
)

from ovs_docker import locks
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.driver import operations, rules
from ovs_docker.driver.endpoints import known
from ovs_docker.driver.protocol import Endpoint, External, PortMap
from ovs_docker.errors import AddressTaken, Error
from ovs_docker.model.addresses import parse_address
from ovs_docker.model.network import FLAT, PublishedPort, ports_in, ports_written
from ovs_docker.model.port import PortRow
from ovs_docker.resolve import networks
from ovs_docker.world import World

_ANY = range(32768, 61000)  # ip_local_port_range, the kernel's default, as Docker takes it
_SOCKETS = {"tcp": SOCK_STREAM, "udp": SOCK_DGRAM}


def publish(world: World, wish: External) -> None:
    """Publish the ports of an endpoint; on a flat network somebody else is the gateway, and nothing is published."""
    network = known(world, wish.network)
    if network.mode == FLAT or not wish.maps:
        return
    locks.hold_rules(world.db)
    row = _row(world, wish)
    taken = [
        port for each in networks.endpoints(world.db) if each.name != row.name for port in ports_in(each.record.ports)
    ]
    chosen: list[PublishedPort] = []
    for each in wish.maps:
        chosen += _choose(each, row.record.addresses.split(","), [*taken, *chosen])
    _record(world, row, tuple(chosen))
    try:
        rules.program(world, locked=True)
    except Error:
        _record(world, row, ())
        rules.program(world, locked=True)
        raise


def _row(world: World, wish: Endpoint | External) -> PortRow:
    rows = networks.endpoint(world.db, wish.network, wish.endpoint)
    if not rows:
        raise Error(f"endpoint {wish.endpoint[:12]} has no port")
    return rows[0]


def _record(world: World, row: PortRow, ports: tuple[PublishedPort, ...]) -> None:
    world.db.transact(
        [ops.comment(f"publish {row.name}"), *operations.publish(row.interface_uuid, ports_written(ports))]
    )


def withdraw(world: World, wish: Endpoint) -> None:
    """Take back what is published for an endpoint; nothing there is success, too."""
    rows = [row for row in networks.endpoint(world.db, wish.network, wish.endpoint) if row.record.ports]
    for row in rows:
        _record(world, row, ())
    if rows:
        rules.program(world)


def _choose(wish: PortMap, addresses: list[str], taken: list[PublishedPort]) -> list[PublishedPort]:
    """Choose the first host port that is free in the families that the endpoint and the host address have."""
    hosts = [str(parse_address(address).ip) for address in addresses if address]
    families = [
        host for host in hosts if not wish.host_ip or ip_address(host).version == ip_address(wish.host_ip).version
    ]
    host_ip = "" if wish.host_ip in ("0.0.0.0", "::") else wish.host_ip
    for port in _candidates(wish):
        found = [PublishedPort(wish.proto, host_ip, port, address, wish.port) for address in families]
        if all(_is_free(each, taken) for each in found):
            return found
    span = f"{wish.first}" + (f"-{wish.last}" if wish.last != wish.first else "")
    said = f"port {wish.host_ip or '0.0.0.0'}:{span}/{wish.proto} is already allocated"
    raise AddressTaken(said, "another container, or a program of the host, has it")


def _candidates(wish: PortMap) -> Iterator[int]:
    yield from range(wish.first, wish.last + 1) if wish.first else _ANY


def _is_free(port: PublishedPort, taken: list[PublishedPort]) -> bool:
    for other in taken:
        same = (other.proto, other.host_port) == (port.proto, port.host_port)
        family = ip_address(other.address).version == ip_address(port.address).version
        if same and family and (other.host_ip == port.host_ip or not (other.host_ip and port.host_ip)):
            return False
    return _is_bindable(port)


def _is_bindable(port: PublishedPort) -> bool:
    """Tell whether no program of the host has it; an address that is not the host's yet is nobody's."""
    kind = _SOCKETS.get(port.proto)
    if kind is None:
        return True
    ipv6 = ip_address(port.address).version == 6
    with closing(socket(AF_INET6 if ipv6 else AF_INET, kind)) as probe:
        if ipv6:
            probe.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 1)
        if kind == SOCK_STREAM:
            probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind((port.host_ip or ("::" if ipv6 else "0.0.0.0"), port.host_port))
        except OSError as error:
            return error.errno != EADDRINUSE
    return True
