"""What add-port decides about the bridge, its VLANs and datapath, and about routes."""

from typing import Any

import pytest

from ovs_docker.errors import BridgeUnfit
from ovs_docker.model.port import DefaultRoute
from tests.unit.planning import plan, refusal
from tests.unit.samples import BRIDGE, add_port, facts

FAKE = BRIDGE._replace(name="vlan10", tag=10)

# --- the bridge --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bridge", "options", "said"),
    [
        (BRIDGE, ["--datapath-type=system"], None),
        (BRIDGE._replace(datapath_type="netdev"), ["--datapath-type=netdev"], None),
        (BRIDGE._replace(datapath_type="netdev"), [], None),
        (None, ["--datapath-type=netdev"], None),
        (FAKE, [], None),
        (FAKE, ["--vlan=10"], None),
        (
            BRIDGE,
            ["--datapath-type=netdev"],
            "--datapath-type=netdev: bridge br-int already exists, with datapath type system",
        ),
        (
            BRIDGE._replace(datapath_type="netdev"),
            ["--datapath-type=system"],
            "--datapath-type=system: bridge br-int already exists, with datapath type netdev",
        ),
        (FAKE, ["--vlan=11"], "--vlan and --trunks: bridge br-int is VLAN 10 of bridge br-int"),
        (FAKE, ["--trunks=10"], "--vlan and --trunks: bridge br-int is VLAN 10 of bridge br-int"),
    ],
)
def test_a_bridge_that_is_not_as_the_options_want_it_is_refused(bridge: Any, options: list[str], said: Any) -> None:
    spec, fact = add_port(*options), facts(bridge=bridge)
    assert (refusal(BridgeUnfit, spec, fact) if said else plan(spec, fact) and None) == said


def test_a_port_of_a_fake_bridge_has_its_vlan() -> None:
    assert [plan(add_port(*options), facts(bridge=FAKE)).wires[0].port.tag for options in ([], ["--vlan=10"])] == [
        10,
        10,
    ]


@pytest.mark.parametrize(
    ("bridge", "options", "offload"),
    [
        (BRIDGE, [], True),
        (BRIDGE._replace(datapath_type="netdev"), [], False),
        (None, [], True),
        (None, ["--datapath-type=netdev"], False),
        (None, ["--datapath-type=system"], True),
    ],
)
def test_checksum_offload_stays_on_but_on_the_userspace_datapath(
    bridge: Any, options: list[str], offload: bool
) -> None:
    assert plan(add_port(*options), facts(bridge=bridge)).wires[0].pair.checksum_offload is offload


# --- routes ------------------------------------------------------------------------------------------------------

ETH9 = DefaultRoute("172.17.0.1", 9, 0)


def routes(*options: str, **there: list[DefaultRoute]) -> list[tuple[str, str | None, bool, int]]:
    fact = facts(default_routes={int(family[1]): found for family, found in there.items()})
    return [
        (str(route.destination), route.via and str(route.via), route.onlink, route.metric)
        for route in plan(add_port(*options), fact).wires[0].inside.routes
    ]


def test_a_gateway_is_a_default_route_after_the_routes() -> None:
    options = ["--ipaddress=10.0.0.2/24", "--gateway=10.0.0.1", "--route=10.1.0.0/16,10.0.0.9"]
    assert routes(*options, v4=[]) == [
        ("10.1.0.0/16", "10.0.0.9", False, 0),
        ("0.0.0.0/0", "10.0.0.1", False, 0),
    ]


def test_hops_of_a_single_address_are_on_link() -> None:
    options = ["--ipaddress=10.0.0.2/32,2001:db8::2", "--gateway=10.9.9.9,fe80::1", "--route=10.1.0.0/16,10.8.8.8"]
    assert routes(*options) == [
        ("10.1.0.0/16", "10.8.8.8", True, 0),
        ("0.0.0.0/0", "10.9.9.9", True, 0),
        ("::/0", "fe80::1", False, 0),
    ]


def test_a_second_default_route_stands_behind_the_first_and_a_warning_says_which_rules() -> None:
    spec = add_port("--ipaddress=10.0.0.2/24,2001:db8::2/64", "--gateway=10.0.0.1,2001:db8::1")
    there = {4: [ETH9, ETH9._replace(via="172.18.0.1", metric=100)], 6: [DefaultRoute("", 9, 1024)]}
    found = plan(spec, facts(default_routes=there))
    assert ([route.metric for route in found.wires[0].inside.routes], found.warnings) == (
        [101, 1025],
        [
            "--gateway=10.0.0.1: container netsho1 already has a default route via 172.17.0.1, which takes precedence; "
            "the new one has metric 101",
            "--gateway=2001:db8::1: container netsho1 already has a default route by another interface, "
            "which takes precedence; the new one has metric 1025",
        ],
    )


def test_a_default_route_of_the_other_family_does_not_matter() -> None:
    spec = add_port("--ipaddress=10.0.0.2/24", "--gateway=10.0.0.1")
    found = plan(spec, facts(default_routes={6: [ETH9]}))
    assert ([route.metric for route in found.wires[0].inside.routes], found.warnings) == ([0], [])


def test_a_warning_speaks_of_gateways_only() -> None:
    """A --route to everywhere says itself what it is."""
    options = ["--ipaddress=10.0.0.2/24", "--gateway=10.0.0.1", "--route=0.0.0.0/0,10.0.0.9"]
    said = plan(add_port(*options), facts(default_routes={4: [ETH9]})).warnings
    assert [line.split(":")[0] for line in said] == ["--gateway=10.0.0.1"]
