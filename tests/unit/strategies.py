"""Hypothesis strategies for the values that specs are made of."""

from ipaddress import IPv4Address, ip_interface, ip_network

from hypothesis import strategies as st

from ovs_docker.model.addresses import Address, Ip, Network, random_mac
from ovs_docker.model.port import PortSpec, Route
from ovs_docker.model.record import RESERVED

LOOPBACK = ip_network("127.0.0.0/8")
ips: st.SearchStrategy[Ip] = st.ip_addresses()


def _host(ip: Ip, length: int) -> Address:
    return ip_interface((ip, length % (ip.max_prefixlen + 1)))


def _usable(ip: Ip) -> bool:
    return not (ip.is_multicast or ip.is_unspecified or ip in LOOPBACK or ip == IPv4Address("255.255.255.255"))


def _no_broadcast(address: Address) -> bool:
    found = address.network
    return found.version == 6 or found.prefixlen > 30 or address.ip != found.broadcast_address


usable_ips = ips.filter(_usable)
hosts = st.builds(_host, usable_ips, st.integers(0, 128)).filter(_no_broadcast)
gateways = usable_ips


def network(address: Address) -> Network:
    return ip_network(str(address), strict=False)


def _route(destination: Address, via: Ip | None) -> Route:
    fits = via is not None and via.version == destination.version
    return Route(network(destination), via if fits else None)


routes = st.builds(_route, hosts, st.none() | gateways)
macs = st.binary(min_size=6, max_size=6).map(random_mac)
vlans = st.integers(0, 4095)
vlan_sets = st.lists(vlans, unique=True, max_size=8).map(lambda found: tuple(sorted(found)))
words = st.text(min_size=1, max_size=12)
interfaces = st.from_regex(r"[a-zé][a-z0-9é._-]{0,6}[0-9]", fullmatch=True)
printable = words.filter(str.isprintable)
keys = words.filter(lambda key: key not in RESERVED)

specs = st.builds(
    PortSpec,
    bridge=st.just("br-int"),
    interface=interfaces,
    container=words,
    addresses=st.lists(hosts, max_size=4, unique_by=lambda address: address.ip).map(tuple),
    gateways=st.lists(gateways, max_size=2, unique_by=lambda address: address.version).map(tuple),
    routes=st.lists(routes, max_size=4).map(tuple),
    mac=macs,
    mtu=st.none() | st.integers(68, 65535),
    tx_queue_len=st.none() | st.integers(1, 1_000_000),
    tag=st.none() | vlans,
    trunks=vlan_sets,
    iface_id=printable,
    external_ids=st.dictionaries(keys, st.text(), max_size=4).map(lambda found: tuple(found.items())),
    ofport=st.none(),  # ofport_request and the bridge are not part of the record
    datapath_type=st.none(),
    vhost_user=st.none() | st.just("/run/vhost"),
    logical_switch=st.none() | printable,
    port_security=st.booleans(),
    dynamic=st.booleans(),
    place=st.just(""),
    called=st.just(""),
)
