"""add-port's options about the inside of the container: addresses, gateways, routes, MAC, MTU, seen by the kernel.

What they do for traffic is tested in test_traffic.py, values that cannot be elsewhere.
"""

from typing import Any

import pytest

from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import Result, in_namespace, ours
from tests.integration.support.containers import Container
from tests.integration.support.ports import of
from tests.integration.support.snapshot import snapshot

DONE = Result(0, "", "")
BOTH = "--ipaddress=10.0.0.1/24,10.0.0.2/32,2001:db8::1/64,2001:db8::2"


def inside(container: str = "c1") -> dict[str, list[str]]:
    """Return the addresses and routes that the container has by our doing."""
    picture: dict[str, Any] = snapshot()["containers"][container]
    return {
        "addresses": [line.split(" brd ")[0] for line in picture["addresses"] if line.startswith("eth")],
        "routes": [line.replace(" dev eth0", "").replace("via None ", "") for line in picture["routes"]],
    }


def test_several_addresses_of_both_families_and_a_gateway_each(bridge: str, c1: Container) -> None:
    assert ours("add-port", bridge, "eth0", "c1", BOTH, "--gateway=10.0.0.254,2001:db8::ff") == DONE
    assert inside() == {
        "addresses": ["eth0 10.0.0.1/24", "eth0 10.0.0.2/32", "eth0 2001:db8::1/64", "eth0 2001:db8::2/128"],
        "routes": [
            "10.0.0.0/24 metric 0",
            "2001:db8::/64 metric 256",
            "2001:db8::2 metric 256",
            "default via 10.0.0.254 metric 0",
            "default via 2001:db8::ff metric 1024",
        ],
    }


def test_routes_with_a_next_hop_and_without(bridge: str, c1: Container) -> None:
    routes = ("192.168.7.0/24,10.0.0.9", "192.168.8.0/24", "2001:db8:7::/48,2001:db8::9", "2001:db8:8::/48")
    options = [f"--route={route}" for route in routes]
    assert ours("add-port", bridge, "eth0", "c1", BOTH, *options) == DONE
    assert [line for line in inside()["routes"] if line.startswith(("192.168", "2001:db8:"))] == [
        "192.168.7.0/24 via 10.0.0.9 metric 0",
        "192.168.8.0/24 metric 0",
        "2001:db8:7::/48 via 2001:db8::9 metric 1024",
        "2001:db8:8::/48 metric 1024",
        "2001:db8::/64 metric 256",
        "2001:db8::2 metric 256",
    ]


@pytest.mark.parametrize(
    ("options", "route"),
    [
        (("--ipaddress=10.0.0.1", "--gateway=10.9.9.9"), "10.9.9.9"),
        (("--ipaddress=2001:db8::1", "--gateway=2001:db8:9::9"), "2001:db8:9::9"),
        (("--ipaddress=2001:db8::1/64", "--gateway=fe80::1"), "fe80::1"),
    ],
    ids=["/32", "/128", "link-local"],
)
def test_a_gateway_beyond_all_networks_is_reached_on_link(
    options: tuple[str, ...], route: str, bridge: str, c1: Container
) -> None:
    assert ours("add-port", bridge, "eth0", "c1", *options) == DONE
    family = "-6" if ":" in route else "-4"
    found = [(entry["gateway"], entry["dev"]) for entry in c1.ip(family, "route", "show", "default")]
    assert found == [(route, "eth0")]


def test_a_second_default_route_steps_behind_the_first_and_says_which_one_rules(bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.1/24", "--gateway=10.0.0.254", check=True)
    result = ours("add-port", bridge, "eth1", "c1", "--ipaddress=10.0.1.1/24", "--gateway=10.0.1.254")
    assert (result, [line for line in inside()["routes"] if "default" in line]) == (
        Result(
            0,
            "",
            "ovs-docker: --gateway=10.0.1.254: container c1 already has a default route via 10.0.0.254, "
            "which takes precedence; the new one has metric 1\n",
        ),
        ["default via 10.0.0.254 metric 0", "default via 10.0.1.254 dev eth1 metric 1"],
    )


def test_ipv6_is_switched_on_for_the_interface_that_asks_and_for_no_other(
    bridge: str, container: ContainerFactory
) -> None:
    container("c1", "--sysctl=net.ipv6.conf.all.disable_ipv6=1")  # which Docker did by itself until 26
    ours("add-port", bridge, "eth0", "c1", "--ipaddress=2001:db8::1/64", check=True)
    ours("add-port", bridge, "eth1", "c1", "--ipaddress=10.0.0.1/24", check=True)
    assert snapshot()["containers"]["c1"]["disable_ipv6"] == {
        "all": "1",
        "default": "1",
        "eth0": "0",
        "eth1": "1",
        "lo": "1",
    }


def test_both_ends_have_the_mtu(bridge: str, c1: Container) -> None:
    assert ours("add-port", bridge, "eth0", "c1", "--mtu=1400") == DONE
    picture = snapshot()
    ends = picture["links"][of("c1")], picture["containers"]["c1"]["links"]["eth0"]
    assert [end["mtu"] for end in ends] == [1400, 1400]


def test_the_mac_is_there_before_the_interface_is_up(bridge: str, c1: Container) -> None:
    words = ("--macaddress=02:00:00:00:01:03", "--ipaddress=2001:db8::1/64")
    assert ours("add-port", bridge, "eth0", "c1", *words) == DONE
    found = in_namespace(c1.pid, "ip", "-6", "-oneline", "address", "show", "dev", "eth0", "scope", "link").out
    assert found.split()[3] == "fe80::ff:fe00:103/64"  # EUI-64 of the MAC that it had when it came up


def test_a_random_mac_is_local_unicast_and_new_each_time(bridge: str, c1: Container) -> None:
    macs = []
    for interface in ("eth0", "eth1"):
        ours("add-port", bridge, interface, "c1", check=True)
        macs.append(snapshot()["containers"]["c1"]["links"][interface]["mac"])
    assert ([int(mac[:2], 16) & 3 for mac in macs], macs[0] != macs[1]) == ([2, 2], True)
