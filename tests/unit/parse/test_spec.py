"""add-port's options, each alone: what they read, and how a value that cannot be is named."""

from ipaddress import ip_interface
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.errors import BadValue
from ovs_docker.model.addresses import parse_address, parse_gateway, parse_network
from ovs_docker.model.port import PortSpec, Route
from ovs_docker.model.record import RESERVED
from ovs_docker.parse.vlans import number, or_none, tag, trunks
from tests.unit.samples import SINGLE, add_port

BARE = PortSpec("br-int", "eth0", "netsho1")
V4, V6 = parse_address("10.0.0.2/24"), parse_address("2001:db8::2/64")
HOP4, HOP6 = parse_gateway("10.0.0.1"), parse_gateway("2001:db8::1")


def given_fields(*options: str) -> dict[str, Any]:
    """Return the fields of the spec that are not as without options."""
    spec = add_port(*options)
    return {field: value for field, value in spec._asdict().items() if value != getattr(BARE, field)}


def refusal(*options: str) -> str:
    with pytest.raises(BadValue) as refused:
        add_port(*options)
    return refused.value.message


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ([], {}),
        (["--ipaddress=10.0.0.2/24"], {"addresses": (V4,)}),
        (["--ipaddress=10.0.0.2"], {"addresses": (parse_address("10.0.0.2/32"),)}),
        (["--ipaddress=2001:db8::2"], {"addresses": (parse_address("2001:db8::2/128"),)}),
        (["--ipaddress=10.0.0.2/255.255.255.0"], {"addresses": (V4,)}),
        (["--ipaddress=172.21.0.0/16"], {"addresses": (parse_address("172.21.0.0/16"),)}),
        (["--ipaddress=10.0.0.2/24,2001:db8::2/64"], {"addresses": (V4, V6)}),
        (
            ["--ipaddress=10.0.0.2/24,2001:db8::2/64", "--gateway=10.0.0.1,2001:db8::1"],
            {"addresses": (V4, V6), "gateways": (HOP4, HOP6)},
        ),
        (
            ["--ipaddress=10.0.0.2/24", "--route=10.1.0.0/16,10.0.0.1", "--route=10.2.0.0/16"],
            {
                "addresses": (V4,),
                "routes": (
                    Route(parse_network("10.1.0.0/16"), HOP4),
                    Route(parse_network("10.2.0.0/16"), None),
                ),
            },
        ),
        (["--macaddress=02-00-00-00-01-0A"], {"mac": "02:00:00:00:01:0a"}),
        (["--mtu=68"], {"mtu": 68}),
        (["--mtu=65535"], {"mtu": 65535}),
        (["--tx-queue-len=500"], {"tx_queue_len": 500}),
        (["--vlan=0"], {"tag": 0}),
        (["--vlan=4095"], {"tag": 4095}),
        (["--trunks=20-22,10"], {"trunks": (10, 20, 21, 22)}),
        (["--iface-id=lsp 1"], {"iface_id": "lsp 1"}),
        (["--ofport=1"], {"ofport": 1}),
        (["--ofport=65279"], {"ofport": 65279}),
        (["--external-id=a=b=c", "--external-id=d="], {"external_ids": (("a", "b=c"), ("d", ""))}),
        (["--datapath-type=netdev"], {"datapath_type": "netdev"}),
        (["--datapath-type=system"], {"datapath_type": "system"}),
    ],
)
def test_an_option_is_read(options: list[str], fields: dict[str, Any]) -> None:
    assert given_fields(*options) == fields


@pytest.mark.parametrize("option", [*SINGLE, "route", "external-id"])
def test_an_empty_value_means_not_given(option: str) -> None:
    assert given_fields(f"--{option}=") == {}


@pytest.mark.parametrize(("option", "value"), SINGLE.items())
def test_given_twice_the_last_wins(option: str, value: str) -> None:
    assert add_port(f"--{option}=no such value", f"--{option}={value}") == add_port(f"--{option}={value}")


@pytest.mark.parametrize(("option", "value"), SINGLE.items())
def test_given_twice_an_empty_last_one_takes_the_first_back(option: str, value: str) -> None:
    assert given_fields(f"--{option}={value}", f"--{option}=") == {}


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("--ipaddress=10.0.0.256/24", "is not an IP address"),
        ("--ipaddress=10.0.0.2/24,x", "x is not an IP address"),
        ("--ipaddress=10.0.0.2/33,2001:db8::1", "10.0.0.2/33 needs a prefix length from 0 to 32"),
        ("--gateway=10.0.0.1,x", "x is not an IP address"),
        ("--ipaddress=10.0.0.2/24,10.0.0.2/16", "names an address twice"),
        ("--ipaddress=2001:db8::1,2001:DB8:0::1", "names an address twice"),
        ("--ipaddress=0.0.0.0/0", "is the unspecified address"),
        ("--ipaddress=10.0.0.1/33", "needs a prefix length from 0 to 32"),
        ("--gateway=10.0.0.1/24", "is not an IP address"),
        ("--gateway=10.0.0.1,10.0.0.2", "names two gateways of one family"),
        ("--gateway=224.0.0.1", "is a multicast address"),
        ("--route=10.0.0.1/24", "has host bits set: its network is 10.0.0.0/24"),
        ("--route=10.0.0.0/24,", "is not an IP address"),
        ("--route=10.0.0.0/24,10.0.0.1,eth0", "is not an IP address"),
        ("--route=10.0.0.0/24,fe80::1", "mixes IPv4 and IPv6"),
        ("--macaddress=02:00", "is not a MAC address like 02:00:00:00:01:03"),
        ("--macaddress=01:00:00:00:00:01", "is a multicast (group) address; the first byte must be even"),
        ("--mtu=67", "needs a whole number from 68 to 65535"),
        ("--mtu=65536", "needs a whole number from 68 to 65535"),
        ("--mtu=1500.0", "needs a whole number from 68 to 65535"),
        ("--mtu=-1", "needs a whole number from 68 to 65535"),
        ("--mtu=٣٤٥", "needs a whole number from 68 to 65535"),
        ("--vlan=4096", "needs a whole number from 0 to 4095"),
        ("--vlan=none", "needs a whole number from 0 to 4095"),
        ("--trunks=10,", "needs a whole number from 0 to 4095"),
        ("--trunks=4095-4096", "needs a whole number from 0 to 4095"),
        ("--trunks=-10", "needs a whole number from 0 to 4095"),
        ("--trunks=10-", "needs a whole number from 0 to 4095"),
        ("--trunks=1,20-10", "the range 20-10 runs backwards"),
        ("--ofport=0", "needs a whole number from 1 to 65279"),
        ("--ofport=65280", "needs a whole number from 1 to 65279"),
        ("--external-id=key", "needs the form KEY=VALUE"),
        ("--external-id==value", "needs the form KEY=VALUE"),
        ("--datapath-type=dpdk", "needs system or netdev"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_option(option: str, reason: str) -> None:
    assert refusal(option) == f"{option}: {reason}"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--iface-id=a\nb", "--iface-id='a\\nb': has characters that cannot be printed"),
        ("--ipaddress=10.0.0.1/24\r", "--ipaddress='10.0.0.1/24\\r': needs a prefix length from 0 to 32"),
        ("--mtu=1400 ", "--mtu='1400 ': needs a whole number from 68 to 65535"),
    ],
)
def test_what_cannot_be_seen_in_a_value_is_made_visible(option: str, said: str) -> None:
    assert refusal(option) == said


def test_blanks_after_commas_are_harmless() -> None:
    assert add_port("--ipaddress=10.0.0.1/24, 10.0.0.2/24") == add_port("--ipaddress=10.0.0.1/24,10.0.0.2/24")


@pytest.mark.parametrize("key", sorted(RESERVED))
def test_a_key_of_our_own_record_cannot_be_given(key: str) -> None:
    assert refusal(f"--external-id={key}=x") == f"--external-id={key}=x: {key} is part of ovs-docker's own record"


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("ovs-docker-host=x", "ovs-docker-host is part of ovs-docker's own record"),
        ("ovn-installed=true", "ovn-installed is OVN's to write"),
        ("ovn-installed-ts=1", "ovn-installed-ts is OVN's to write"),
    ],
)
def test_a_key_that_somebody_else_relies_on_cannot_be_given(pair: str, said: str) -> None:
    assert refusal(f"--external-id={pair}") == f"--external-id={pair}: {said}"


def test_a_value_that_would_spoil_the_whole_transaction_is_refused() -> None:
    assert "has a NUL" in refusal("--external-id=a=\0")


@given(st.integers())
def test_a_number_is_read_if_it_is_in_range(value: int) -> None:
    read = number(68, 1500)
    try:
        assert (read(str(value)), 68 <= value <= 1500) == (value, True)
    except ValueError:
        assert not 68 <= value <= 1500


@given(st.lists(st.tuples(st.integers(0, 4095), st.integers(0, 40)), min_size=1, max_size=6))
def test_trunks_are_the_sorted_union_of_their_ranges(ranges: list[tuple[int, int]]) -> None:
    pairs = [(first, min(first + more, 4095)) for first, more in ranges]
    text = ",".join(str(first) if first == last else f"{first}-{last}" for first, last in pairs)
    assert trunks(text) == tuple(sorted({one for first, last in pairs for one in range(first, last + 1)}))


def test_none_takes_a_vlan_off() -> None:
    assert [or_none("VLAN", tag, text) for text in ("none", "0", "5")] == [None, 0, 5]


@pytest.mark.parametrize("text", ["", "4096", "None", "-1", "5 "])
def test_a_vlan_word_that_cannot_be_is_named(text: str) -> None:
    with pytest.raises(BadValue) as refused:
        or_none("VLAN", tag, text)
    assert refused.value.message == f"VLAN {text}: needs a whole number from 0 to 4095"


def test_an_address_stands_for_itself() -> None:
    assert add_port("--ipaddress=10.0.0.2/24").addresses == (ip_interface("10.0.0.2/24"),)
