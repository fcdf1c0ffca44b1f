"""What is read as an IP address, with ipaddress and netaddr as oracles."""

from ipaddress import ip_address, ip_interface, ip_network

import netaddr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.model import addresses
from ovs_docker.model.addresses import Address, is_single, parse_address, parse_gateway, parse_host, parse_network
from tests.unit.strategies import Ip, hosts, ips, network


def refusal(read: object, text: str) -> str:
    assert callable(read)
    with pytest.raises(ValueError) as refused:
        read(text)
    return str(refused.value)


@given(hosts)
def test_an_address_reads_back_as_it_prints(address: Address) -> None:
    assert parse_address(str(address)) == address


@given(ips)
def test_an_address_without_a_prefix_is_a_single_one(ip: Ip) -> None:
    address = parse_address(str(ip))
    assert (address.ip, address.network.prefixlen, is_single(address)) == (ip, ip.max_prefixlen, True)


@given(hosts)
def test_only_a_full_prefix_is_single(address: Address) -> None:
    assert is_single(address) == (network(address).num_addresses == 1)


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_a_prefix_may_be_a_netmask(ip: Ip, prefix: int) -> None:
    assert parse_address(f"{ip}/{ip_network((0, prefix)).netmask}") == ip_interface((ip, prefix))


@given(st.ip_addresses(v=4))
def test_a_dotted_prefix_is_a_netmask_or_refused(mask: Ip) -> None:
    oracle = netaddr.IPAddress(str(mask))
    if oracle.is_netmask():
        assert parse_address(f"10.0.0.1/{mask}").network.prefixlen == oracle.netmask_bits()
    else:
        assert refusal(parse_address, f"10.0.0.1/{mask}") == "has a netmask with holes"


def first(found: object) -> object:
    """Return the address of an interface, the first one of a network, or the address itself."""
    return getattr(found, "ip", getattr(found, "network_address", found))


@given(st.text(alphabet="0123456789abcdef.:/ ", max_size=24) | st.text(max_size=12))
def test_text_is_refused_by_a_value_error_or_means_what_ipaddress_says(text: str) -> None:
    for read in (parse_address, parse_host, parse_gateway, parse_network):
        try:
            found = read(text)
        except ValueError:
            continue
        assert first(found) == ip_address(text.partition("/")[0])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not an IP address"),
        ("c1", "is not an IP address"),
        ("10.0.0", "is not an IP address"),
        ("10.0.0.256", "is not an IP address"),
        ("10.0.0.1 ", "is not an IP address"),
        ("fe80::1%eth0", "is not an IP address"),
        ("10.0.0.1/", "needs a prefix length from 0 to 32"),
        ("10.0.0.1/33", "needs a prefix length from 0 to 32"),
        ("10.0.0.1/-1", "needs a prefix length from 0 to 32"),
        ("10.0.0.1/+8", "needs a prefix length from 0 to 32"),
        ("10.0.0.1/²", "needs a prefix length from 0 to 32"),
        ("2001:db8::1/129", "needs a prefix length from 0 to 128"),
        ("2001:db8::1/255.255.0.0", "needs a prefix length from 0 to 128"),
        ("10.0.0.1/255.0.255.0", "has a netmask with holes"),
        ("0.0.0.0/8", "is the unspecified address"),
        ("::", "is the unspecified address"),
        ("255.255.255.255", "is the broadcast address"),
        ("224.0.0.1/24", "is a multicast address"),
        ("239.255.255.255", "is a multicast address"),
        ("ff02::1", "is a multicast address"),
        ("127.0.0.1/8", "is a loopback address"),
        ("10.0.0.255/24", "is the broadcast address of 10.0.0.0/24"),
    ],
)
def test_an_address_that_no_interface_can_have_is_refused(text: str, reason: str) -> None:
    assert refusal(parse_host, text) == reason


@given(ips)
def test_a_host_address_is_refused_where_ipaddress_knows_it_unusable(ip: Ip) -> None:
    unusable = ip.is_multicast or ip.is_unspecified or ip in ip_network("127.0.0.0/8") or str(ip) == "255.255.255.255"
    assert unusable == (_reads(parse_host, str(ip)) is None) == (_reads(parse_gateway, str(ip)) is None)


def _reads(read: object, text: str) -> object:
    assert callable(read)
    try:
        return read(text)
    except ValueError:
        return None


def test_a_gateway_has_no_prefix() -> None:
    assert refusal(parse_gateway, "10.0.0.1/24") == "is not an IP address"


@given(hosts)
def test_a_destination_with_host_bits_is_refused_and_its_network_named(address: Address) -> None:
    net = network(address)
    if net.network_address == address.ip:
        assert parse_network(str(address)) == net
    else:
        said = f"has host bits set: its network is {net}"
        assert refusal(parse_network, str(address)) == said


def test_a_span_says_first_and_last_address() -> None:
    said = [addresses.span(parse_address(text)) for text in ("10.1.2.3/16", "2001:db8::5/64")]
    assert said == [
        "10.1.0.0/16 holds 10.1.0.0 to 10.1.255.255",
        "2001:db8::/64 holds 2001:db8:: to 2001:db8::ffff:ffff:ffff:ffff",
    ]


@given(ips)
def test_link_local_is_what_ipaddress_calls_so_of_ipv6(ip: Ip) -> None:
    assert addresses.is_link_local(ip) == (ip.version == 6 and ip.is_link_local)


@pytest.mark.parametrize(
    ("text", "link_local"), [("fe80::1", True), ("febf::1", True), ("fec0::1", False), ("169.254.1.1", False)]
)
def test_link_local_ends_where_fe80_10_ends(text: str, link_local: bool) -> None:
    assert addresses.is_link_local(ip_address(text)) is link_local
