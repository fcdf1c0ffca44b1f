"""Gateways that the script could not reach or could not add: made on-link, or second, instead of failing.

Gateways that cannot be are in test_failures_values.py.
"""

from tests.integration.support.commands import Result, ours
from tests.integration.support.containers import Container
from tests.integration.support.refusal import ADD

RULES = "already has a default route via {}, which takes precedence; the new one has metric {}"


def routes(container: Container, family: str) -> list[tuple[object, ...]]:
    """Return destination, gateway, device, metric and flags of each route that somebody asked for."""
    return [
        (route["dst"], route.get("gateway"), route["dev"], route.get("metric", 0), route["flags"])
        for route in container.ip(family, "route")
        if "gateway" in route
    ]


def add(interface: str, *options: str) -> Result:
    return ours("add-port", "br-int", interface, "c1", *options)


def test_the_gateway_of_a_single_address_is_on_link(bridge: str, c1: Container) -> None:
    done = add("eth0", "--ipaddress=10.0.0.2/32,2001:db8::2", "--gateway=192.168.7.1,2001:db8:7::1")
    assert (done, routes(c1, "-4"), routes(c1, "-6")) == (
        Result(0, "", ""),
        [("default", "192.168.7.1", "eth0", 0, ["onlink"])],
        [("default", "2001:db8:7::1", "eth0", 1024, ["onlink"])],
    )


def test_a_link_local_gateway_needs_no_network(bridge: str, c1: Container) -> None:
    done = add("eth0", "--ipaddress=2001:db8::2/64", "--gateway=fe80::1")
    assert (done, routes(c1, "-6")) == (Result(0, "", ""), [("default", "fe80::1", "eth0", 1024, [])])


def test_a_second_default_route_comes_second_and_says_so(bridge: str, c1: Container) -> None:
    first = add("eth0", "--ipaddress=10.0.0.2/24", "--gateway=10.0.0.1")
    second = add("eth1", "--ipaddress=10.1.0.2/24", "--gateway=10.1.0.1")
    third = add("eth2", "--ipaddress=10.2.0.2/24", "--gateway=10.2.0.1")
    ruling = RULES.format("10.0.0.1", "{}")
    assert (first, second, third, routes(c1, "-4")) == (
        Result(0, "", ""),
        Result(0, "", f"ovs-docker: --gateway=10.1.0.1: container c1 {ruling.format(1)}\n"),
        Result(0, "", f"ovs-docker: --gateway=10.2.0.1: container c1 {ruling.format(2)}\n"),
        [
            ("default", "10.0.0.1", "eth0", 0, []),
            ("default", "10.1.0.1", "eth1", 1, []),
            ("default", "10.2.0.1", "eth2", 2, []),
        ],
    )


def test_the_families_have_default_routes_of_their_own(bridge: str, c1: Container) -> None:
    add("eth0", "--ipaddress=10.0.0.2/24", "--gateway=10.0.0.1")
    first = add("eth1", "--ipaddress=2001:db8:1::2/64", "--gateway=2001:db8:1::1")
    second = add("eth2", "--ipaddress=2001:db8:2::2/64", "--gateway=2001:db8:2::1")
    said = f"ovs-docker: --gateway=2001:db8:2::1: container c1 {RULES.format('2001:db8:1::1', 1025)}\n"
    assert (first, second, [route[3] for route in routes(c1, "-6")]) == (
        Result(0, "", ""),
        Result(0, "", said),
        [1024, 1025],
    )


def test_quiet_keeps_the_warning_to_itself(bridge: str, c1: Container) -> None:
    ours(*ADD, "--ipaddress=10.0.0.2/24", "--gateway=10.0.0.1", check=True)
    assert add("eth1", "--ipaddress=10.1.0.2/24", "--gateway=10.1.0.1", "--quiet") == Result(0, "", "")
