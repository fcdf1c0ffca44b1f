"""What the firewall of Docker networks lets pass: masquerade, published ports, isolation, both families.

Which rules there are, and that they last, is in test_firewall_rules.py.
"""

from collections.abc import Iterator
from pathlib import Path
from socket import AF_INET, IPPROTO_SCTP, SOCK_DGRAM, SOCK_STREAM, socket

import pytest

from ovs_docker.driver.firewall import Fenced, Published, program
from tests.integration.support.commands import run
from tests.integration.support.fenced_host import FencedHost, Place, forwarding

A, B = "ovsbr-a", "ovsbr-b"
A1, A1_6 = "10.1.0.11", "fd00:1::11"
B1 = "10.2.0.11"
FAMILIES = pytest.mark.parametrize("version", [4, 6])


class Scene(FencedHost):
    """Networks a, with two containers, and b, with one."""

    def __init__(self) -> None:
        super().__init__()
        for number, name in ((1, A), (2, B)):
            self.bridge(name, number)
        self.a1, self.a2, self.b1 = (self.container(*words) for words in ((A, 1, 11), (A, 1, 12), (B, 2, 11)))

    def routes(self) -> None:
        """Let the host outside send directly to network a."""
        self.outside.ip(f"route add 10.1.0.0/24 via {self.ADDRESS}", f"route add fd00:1::/64 via {self.ADDRESS6}")


@pytest.fixture
def scene() -> Iterator[Scene]:
    with forwarding():
        made = Scene()
        try:
            yield made
        finally:
            made.close()


def network(bridge: str, *published: Published, mode: str = "nat", internal: bool = False) -> Fenced:
    number = 1 if bridge == A else 2
    return Fenced(bridge[-1] * 64, bridge, mode, internal, (f"10.{number}.0.0/24", f"fd00:{number}::/64"), published)


def addresses(scene: Scene, version: int) -> tuple[str, str, str, str]:
    """Return a1's address, its gateway, the host's address outside, and that of the host outside."""
    if version == 4:
        return A1, "10.1.0.1", Scene.ADDRESS, Scene.OUTSIDE
    scene.await_addresses()
    return A1_6, "fd00:1::1", Scene.ADDRESS6, Scene.OUTSIDE6


def require(proto: str) -> None:
    if proto == "sctp":
        try:
            socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP).close()
        except OSError:
            pytest.skip("this kernel has no SCTP")


@pytest.mark.parametrize("proto", ["tcp", "udp", "sctp"])
@FAMILIES
def test_a_published_port_answers_at_the_hosts_address_whoever_asks(scene: Scene, proto: str, version: int) -> None:
    require(proto)
    address, gateway, host, outside = addresses(scene, version)
    program([network(A, Published(proto, "", 8080, address, 80)), network(B)])
    askers = {"outside": scene.outside, "host": scene.host, "a1": scene.a1, "a2": scene.a2, "b1": scene.b1}
    with scene.a1.serving(proto, address, 80):
        assert {name: place.asks(proto, host, 8080) for name, place in askers.items()} == {
            "outside": outside,
            **dict.fromkeys(["host", "a1", "a2", "b1"], gateway),  # replies have to come by the host
        }


@pytest.mark.parametrize("proto", ["tcp", "udp"])
def test_the_host_reaches_a_published_port_at_its_loopback_address_but_not_at_ipv6s(scene: Scene, proto: str) -> None:
    program([network(A, Published(proto, "", 8080, A1, 80), Published(proto, "", 8080, A1_6, 80))])
    scene.await_addresses()
    with scene.a1.serving(proto, A1, 80), scene.a1.serving(proto, A1_6, 80):
        assert [scene.host.asks(proto, ip, 8080) for ip in ("127.0.0.1", "127.0.0.5", "::1")] == ["10.1.0.1"] * 2 + [
            None
        ]


def test_a_port_published_at_one_address_of_the_host_answers_at_no_other(scene: Scene) -> None:
    published = Published("tcp", Scene.ADDRESS, 8080, A1, 80), Published("tcp", "127.0.0.1", 8081, A1, 80)
    program([network(A, *published)])
    with scene.a1.serving("tcp", A1, 80):
        assert scene.outside.asks("tcp", Scene.ADDRESS, 8080)
        assert scene.host.asks("tcp", "127.0.0.1", 8081)
        assert scene.host.is_kept_from("tcp", "127.0.0.1", 8080)
        assert scene.outside.is_kept_from("tcp", Scene.ADDRESS, 8081)


@FAMILIES
def test_what_leaves_the_bridge_is_masqueraded(scene: Scene, version: int) -> None:
    _, _, host, outside = addresses(scene, version)
    program([network(A)])
    for proto in ("tcp", "udp"):
        with scene.outside.serving(proto, outside, 7000):
            assert scene.a1.asks(proto, outside, 7000) == host


@FAMILIES
def test_a_container_is_reached_directly_from_its_network_and_its_host_alone(scene: Scene, version: int) -> None:
    """Not even at a port that is published: that is for the host's addresses."""
    address, gateway, *_ = addresses(scene, version)
    scene.routes()
    program([network(A, Published("tcp", "", 8080, address, 80)), network(B)])
    with scene.a1.serving("tcp", address, 80):
        assert scene.a2.asks("tcp", address, 80) == address[:-1] + "2"
        assert scene.host.asks("tcp", address, 80) == gateway
        assert scene.b1.is_kept_from("tcp", address, 80)
        assert scene.outside.is_kept_from("tcp", address, 80)


@FAMILIES
def test_an_internal_network_ends_at_its_bridge(scene: Scene, version: int) -> None:
    address, _, host, outside = addresses(scene, version)
    scene.routes()
    other = Published("tcp", "", 8080, B1 if version == 4 else "fd00:2::11", 80)
    program([network(A, internal=True), network(B, other)])
    with scene.a1.serving("tcp", address, 80), scene.outside.serving("tcp", outside, 7000):
        assert scene.a2.asks("tcp", address, 80)
        assert scene.outside.is_kept_from("tcp", address, 80)
        assert scene.a1.is_kept_from("tcp", outside, 7000)
        assert scene.b1.is_kept_from("tcp", address, 80)
    with scene.b1.serving("tcp", other.address, 80):
        assert scene.outside.asks("tcp", host, 8080)
        assert scene.a1.is_kept_from("tcp", host, 8080)


@FAMILIES
def test_a_routed_network_is_reached_at_published_ports_and_nothing_is_masqueraded(scene: Scene, version: int) -> None:
    address, _, _, outside = addresses(scene, version)
    scene.routes()
    program([network(A, Published("tcp", "", 8080, address, 80), mode="routed"), network(B)])
    with (
        scene.a1.serving("tcp", address, 80),
        scene.a1.serving("tcp", address, 81),
        scene.outside.serving("tcp", outside, 7000),
    ):
        assert scene.a1.asks("tcp", outside, 7000) == address
        assert scene.outside.asks("tcp", address, 80) == outside
        assert scene.outside.is_kept_from("tcp", address, 81)
        assert scene.b1.is_kept_from("tcp", address, 81)


def test_a_container_does_not_reach_what_listens_on_the_hosts_loopback_alone(scene: Scene) -> None:
    """route_localnet, which 127.0.0.1 needs for published ports, would let it (CVE-2020-8558)."""
    networks = [network(A, Published("tcp", "", 8080, A1, 80))]
    program(networks)
    scene.a1.within(lambda: Path("/proc/sys/net/ipv4/conf/eth0/route_localnet").write_text("1"))
    scene.a1.ip("route flush table local dev lo", "route add 127.0.0.1 via 10.1.0.1 src 10.1.0.11")
    assert not _gets_to_loopback(scene.a1)
    run("iptables", "-t", "raw", "-F", "OVS-DOCKER", check=True)
    assert _gets_to_loopback(scene.a1)  # so it is the rule that keeps it out
    program(networks)
    assert not _gets_to_loopback(scene.a1)
    program([network(A)])
    assert Path(f"/proc/sys/net/ipv4/conf/{A}/route_localnet").read_text() == "0\n"


def _gets_to_loopback(place: Place) -> bool:
    """Say whether the host hears on 127.0.0.1 what is sent from there."""
    sender = place.within(lambda: socket(AF_INET, SOCK_DGRAM))
    with socket(AF_INET, SOCK_DGRAM) as listener, sender:
        listener.bind(("127.0.0.1", 7000))
        listener.settimeout(0.6)
        sender.sendto(b"anybody there?", ("127.0.0.1", 7000))
        try:
            return bool(listener.recv(64))
        except TimeoutError:
            return False
