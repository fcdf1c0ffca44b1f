"""Options that have to fit one another: gateways and routes the addresses, the MTU IPv6."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.errors import BadValue
from ovs_docker.model.addresses import Address, is_single
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.hops import on_link
from tests.unit.samples import add_port
from tests.unit.strategies import Ip, gateways, hosts, network, usable_ips


def said(*options: str) -> str | None:
    """Return what is wrong, hint and all, or None."""
    try:
        add_port(*options)
    except BadValue as error:
        return f"{error.message} ({error.hint})" if error.hint else error.message
    return None


@pytest.mark.parametrize(
    ("addresses", "gateway"),
    [
        ("10.0.0.2/24", "10.0.0.1"),
        ("10.0.0.2/24", "10.0.0.254"),
        ("10.0.0.0/31", "10.0.0.1"),
        ("10.0.0.2/32", "192.168.0.1"),
        ("10.0.0.2/32,10.1.0.2/24", "192.168.0.1"),
        ("10.0.0.2/24,2001:db8::2/64", "10.0.0.1,2001:db8::1"),
        ("2001:db8::2/128", "2001:db8:1::1"),
        ("2001:db8::2/64", "fe80::1"),
        ("2001:db8::2/64", "2001:db8::ffff:ffff:ffff:ffff"),
        ("10.0.0.2/24,10.1.0.2/24", "10.1.0.1"),
    ],
)
def test_a_gateway_that_the_addresses_reach_is_accepted(addresses: str, gateway: str) -> None:
    assert said(f"--ipaddress={addresses}", f"--gateway={gateway}") is None


def test_a_link_local_gateway_needs_no_address() -> None:
    assert said("--gateway=fe80::1") is None


@pytest.mark.parametrize(
    ("addresses", "gateway", "reason"),
    [
        (
            "10.0.0.2/24",
            "10.0.1.1",
            "outside of --ipaddress=10.0.0.2/24 (10.0.0.0/24 holds 10.0.0.0 to 10.0.0.255)",
        ),
        (
            "10.0.0.2/24,10.1.0.2/30",
            "10.2.0.1",
            "outside of --ipaddress=10.0.0.2/24,10.1.0.2/30 "
            "(10.0.0.0/24 holds 10.0.0.0 to 10.0.0.255; 10.1.0.0/30 holds 10.1.0.0 to 10.1.0.3)",
        ),
        (
            "10.0.0.2/24,2001:db8::2/64",
            "2001:db8:1::1",
            "outside of --ipaddress=2001:db8::2/64 (2001:db8::/64 holds 2001:db8:: to 2001:db8::ffff:ffff:ffff:ffff)",
        ),
        ("10.0.0.2/24", "2001:db8::1", "needs an --ipaddress of its family, whose network holds it"),
        ("2001:db8::2/128", "10.0.0.1", "needs an --ipaddress of its family, whose network holds it"),
        ("", "10.0.0.1", "needs an --ipaddress of its family, whose network holds it"),
        ("10.0.0.2/24", "10.0.0.255", "is the broadcast address of 10.0.0.2/24"),
        ("10.0.0.2/24,10.9.0.1/32", "10.0.0.255", "is the broadcast address of 10.0.0.2/24"),
        ("10.0.0.2/24", "10.0.0.2", "is the container's own address"),
        ("10.0.0.2/32", "10.0.0.2", "is the container's own address"),
        ("fe80::1/64", "fe80::1", "is the container's own address"),
    ],
)
def test_a_gateway_that_cannot_be_is_refused(addresses: str, gateway: str, reason: str) -> None:
    assert said(f"--ipaddress={addresses}", f"--gateway={gateway}") == f"--gateway={gateway}: {reason}"


@given(hosts.filter(lambda address: not is_single(address)), usable_ips)
def test_a_gateway_outside_the_network_is_refused_and_one_inside_accepted(address: Address, hop: Ip) -> None:
    net = network(address)
    reached = hop in net or (hop.version == 6 and hop.is_link_local)
    fine = reached and hop != address.ip
    if hop.version == 4 and hop in net and net.prefixlen < 31:
        fine = fine and hop != net.broadcast_address
    assert (said(f"--ipaddress={address}", f"--gateway={hop}") is None) == fine


@given(hosts, st.data())
def test_every_other_host_of_the_network_can_be_the_gateway(address: Address, data: st.DataObject) -> None:
    net = network(address)
    last = net.num_addresses - 1 - (net.version == 4 and net.prefixlen < 31)
    hop = net[data.draw(st.integers(0, last))]
    nobodys = hop.is_multicast or hop.is_unspecified or (hop.version == 4 and hop.is_loopback)
    if hop == address.ip or nobodys or str(hop) == "255.255.255.255":
        return
    assert said(f"--ipaddress={address}", f"--gateway={hop}") is None


@pytest.mark.parametrize(
    ("address", "route", "reason"),
    [
        ("10.0.0.2/24", "10.1.0.0/16,10.0.0.1", None),
        ("10.0.0.2/24", "10.1.0.0/16", None),
        ("10.0.0.2/32", "10.1.0.0/16,192.168.0.1", None),
        ("2001:db8::2/64", "2001:db8:1::/48,fe80::1", None),
        ("10.0.0.2/24", "2001:db8:1::/48", "needs an --ipaddress of its family"),
        ("", "10.1.0.0/16", "needs an --ipaddress of its family"),
        (
            "10.0.0.2/24",
            "10.1.0.0/16,10.0.1.1",
            "outside of --ipaddress=10.0.0.2/24 (10.0.0.0/24 holds 10.0.0.0 to 10.0.0.255)",
        ),
        ("10.0.0.2/24", "10.1.0.0/16,10.0.0.2", "is the container's own address"),
        ("10.0.0.2/24", "10.1.0.0/16,10.0.0.255", "is the broadcast address of 10.0.0.2/24"),
    ],
)
def test_a_route_has_to_fit_the_addresses(address: str, route: str, reason: str | None) -> None:
    assert said(f"--ipaddress={address}", f"--route={route}") == (reason and f"--route={route}: {reason}")


MTU_TOO_SMALL = "--mtu=1279: IPv6 needs at least 1280"


def test_an_mtu_too_small_for_an_ipv6_address_is_refused() -> None:
    hint = " (leave out the IPv6 address or raise the MTU)"
    assert said("--mtu=1279", "--ipaddress=10.0.0.2/24,2001:db8::2/64") == MTU_TOO_SMALL + hint


def test_an_mtu_too_small_for_an_ipv6_gateway_is_refused() -> None:
    assert str(said("--mtu=1279", "--gateway=fe80::1")).startswith(MTU_TOO_SMALL)


def test_an_mtu_too_small_for_an_ipv6_route_is_refused() -> None:
    spec = ["--ipaddress=10.0.0.2/24", "--route=2001:db8::/64,fe80::1"]
    assert str(said("--mtu=1279", *spec)).startswith(MTU_TOO_SMALL)


def test_the_smallest_mtu_of_ipv6_is_accepted_and_ipv4_needs_none() -> None:
    fine = [("--mtu=1280", "--ipaddress=2001:db8::2/64"), ("--mtu=68", "--ipaddress=10.0.0.2/24")]
    assert [said(*options) for options in fine] == [None, None]


@given(gateways, st.lists(hosts, max_size=3))
def test_a_hop_is_on_link_where_no_network_holds_it(hop: Ip, addresses: list[Address]) -> None:
    spec = PortSpec("br", "eth0", "c1", addresses=tuple(addresses))
    held = any(hop in network(address) for address in addresses)
    link_local = hop.version == 6 and hop.is_link_local
    assert on_link(hop, spec) == (not held and not link_local)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--ipaddress=dynamic"], "--ipaddress=dynamic: needs --logical-switch (OVN does it)"),
        (["--port-security"], "--port-security: needs --logical-switch (OVN does it)"),
        (["--logical-switch=ls0", "--port-security", "--ipaddress=dynamic", "--gateway=10.0.0.1"], None),
        (
            ["--logical-switch=ls0", "--ipaddress=dynamic,10.0.0.2"],
            "--ipaddress=dynamic,10.0.0.2: dynamic is not an IP address",
        ),
    ],
)
def test_what_ovn_does_needs_a_logical_switch(options: list[str], reason: str | None) -> None:
    assert said(*options) == reason


LONG = "/run/" + "x" * 92


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--vhost-user=/run/vhost", "--vlan=5", "--ofport=7", "--datapath-type=netdev", "--iface-id=lsp1"], None),
        (["--vhost-user=/run/vhost", "--mtu=1400"], "--mtu: cannot be given with --vhost-user"),
        (["--vhost-user=/run/vhost", "--ipaddress=10.0.0.1"], "--ipaddress: cannot be given with --vhost-user"),
        (["--vhost-user=/run/vhost", "--ipaddress=dynamic"], "--ipaddress: cannot be given with --vhost-user"),
        (["--vhost-user=/run/vhost", "--logical-switch=ls0"], "--logical-switch: cannot be given with --vhost-user"),
        (["--vhost-user=/run/vhost", "--datapath-type=system"], "--datapath-type=system: cannot be given"),
        ([f"--vhost-user={LONG}x"], f"--vhost-user={LONG}x: the socket {LONG}x/eth0.sock would have a path longer"),
        ([f"--vhost-user={LONG}"], None),
        (["--vhost-user=run"], "--vhost-user=run: needs the absolute path of a directory"),
        (["--vhost-user=/run/../etc"], "--vhost-user=/run/../etc: needs the absolute path of a directory"),
        (["--vhost-user=/"], "--vhost-user=/: needs the absolute path of a directory"),
    ],
)
def test_a_vhost_user_port_has_nothing_inside(options: list[str], reason: str | None) -> None:
    assert (said(*options) or "None").startswith(str(reason))
