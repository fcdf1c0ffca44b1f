"""What several ports must not share."""

import pytest

from ovs_docker.model.port import PortSpec
from ovs_docker.parse.together import sift
from tests.unit.samples import add_port

FIRST = ("--ipaddress=10.0.0.2/24,2001:db8::2/64", "--macaddress=02:00:00:00:01:03", "--vlan=5")


def port(container: str, *options: str, bridge: str = "br-int", interface: str = "eth0") -> PortSpec:
    spec = add_port(*options)
    return spec._replace(bridge=bridge, interface=interface, container=container, place=f"port of {container}")


def said(*specs: PortSpec) -> str | None:
    """Return what is wrong, with its place, or None."""
    fitting, failures = sift(list(specs), [])
    assert len(fitting) + len(failures) == len(specs)
    return f"{failures[0].place}: {failures[0].message}" if failures else None


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (port("c2", "--ipaddress=10.0.0.2/16", "--vlan=5"), "address 10.0.0.2"),
        (port("c2", "--ipaddress=10.0.0.3/24,2001:DB8:0::2", "--vlan=5"), "address 2001:db8::2"),
        (port("c2", "--macaddress=02-00-00-00-01-03", "--vlan=5"), "MAC 02:00:00:00:01:03"),
    ],
)
def test_an_address_or_mac_used_twice_in_one_network_is_refused(second: PortSpec, what: str) -> None:
    assert said(port("c1", *FIRST), second) == f"port of c2: {what} is already used by port of c1"


def test_a_vhost_user_socket_is_given_once_on_whatever_bridge() -> None:
    ports = [port("c1", "--vhost-user=/run/v"), port("c2", "--vhost-user=/run/v", bridge="br-ex")]
    assert said(*ports) == "port of c2: socket /run/v/eth0.sock is already used by port of c1"


def test_an_iface_id_is_given_once_on_whatever_bridge() -> None:
    ports = [port("c1", "--iface-id=lsp1"), port("c2", "--iface-id=lsp1", bridge="br-ex")]
    assert said(*ports) == "port of c2: iface-id lsp1 is already used by port of c1"


def test_a_network_of_ovn_is_its_logical_switch() -> None:
    ports = [port(f"c{n}", "--ipaddress=10.0.0.2/24", f"--logical-switch={ls}") for n, ls in enumerate(("a", "b", "a"))]
    assert said(*ports[:2]) is None
    assert said(*ports) == "port of c2: address 10.0.0.2 is already used by port of c0"


def test_an_interface_of_a_container_is_attached_once_only() -> None:
    ports = [port("c1"), port("c2"), port("c1", bridge="br-ex")]
    assert said(*ports) == "port of c1: interface eth0 of container c1 is already used by port of c1"


@pytest.mark.parametrize(
    "second",
    [
        port("c2", "--ipaddress=10.0.0.3/24", "--vlan=5"),
        port("c2", *FIRST, "--vlan=6"),
        port("c2", *FIRST, "--vlan="),
        port("c2", *FIRST, bridge="br-ex"),
        port("c1", "--vlan=5", interface="eth1"),
        port("c2", "--vlan=5"),
    ],
)
def test_on_another_bridge_or_vlan_or_with_another_value_all_is_fine(second: PortSpec) -> None:
    assert said(port("c1", *FIRST), second) is None


def test_nothing_is_fine() -> None:
    assert sift([], []) == ([], [])


def test_what_was_refused_keeps_nothing_from_others() -> None:
    ports = [
        port("c1", "--iface-id=a"),
        port("c2", "--iface-id=a", "--macaddress=02:00:00:00:00:09"),
        port("c3", "--iface-id=b"),
    ]
    fitting, failures = sift([*ports, port("c4", "--macaddress=02:00:00:00:00:09")], [])
    assert ([spec.container for spec in fitting], len(failures)) == (["c1", "c3", "c4"], 1)
