"""What the firewall of Docker networks lets pass: masquerade, published ports, isolation, both families.

Which rules there are, and that they last, is in test_firewall_rules.py.
"""

from collections.abc import Iterator
from pathlib import Path
from socket import AF_INET, IPPROTO_SCTP, SOCK_DGRAM, SOCK_STREAM, socket

import pytest

from ovs_docker.driver.firewall import Fenced, Published, program
from tests.host import DATAPATH
from tests.integration.support.commands import run
from tests.integration.support.fenced_host import FencedHost, Place, forwarding, programs, reached

A, B = "ovsbr-a", "ovsbr-b"
GATEWAYS = {4: "10.1.0.1", 6: "fd00:1::1"}
A1, A2 = {4: "10.1.0.11", 6: "fd00:1::11"}, {4: "10.1.0.12", 6: "fd00:1::12"}
B1 = {4: "10.2.0.11", 6: "fd00:2::11"}
HOST, OUTSIDE = {4: "192.0.2.1", 6: "2001:db8:1::1"}, {4: "192.0.2.9", 6: "2001:db8:1::9"}


class Scene(FencedHost):
    """Networks a, with two containers, and b, with one."""

    def __init__(self) -> None:
        super().__init__(tuple(HOST.values()), tuple(OUTSIDE.values()))
        for number, name in ((1, A), (2, B)):
            self.bridge(name, number)
        self.a1, self.a2, self.b1 = (self.container(*words) for words in ((A, 1, 11), (A, 1, 12), (B, 2, 11)))
        self.outside.ip(f"route add 10.1.0.0/24 via {HOST[4]}", f"route add fd00:1::/64 via {HOST[6]}")


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    if DATAPATH == "system":  # User Mode Linux has no NAT in nf_tables
        programs("legacy", tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with forwarding():
        made = Scene()
        try:
            yield made
        finally:
            made.close()


def network(bridge: str, *published: Published, mode: str = "nat", internal: bool = False) -> Fenced:
    number = 1 if bridge == A else 2
    return Fenced(bridge[-1] * 64, bridge, mode, internal, (f"10.{number}.0.0/24", f"fd00:{number}::/64"), published)


def web(container: dict[int, str], proto: str = "tcp") -> tuple[Published, ...]:
    """Publish a container's port 80 as 8080 in both families."""
    return tuple(Published(proto, "", 8080, address, 80) for address in container.values())


def _has_sctp() -> bool:
    try:
        socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP).close()
    except OSError:
        return False
    return True


SCTP = pytest.param("sctp", marks=pytest.mark.skipif(not _has_sctp(), reason="this kernel has no SCTP"))


@pytest.mark.parametrize("proto", ["tcp", "udp", SCTP])
def test_a_published_port_answers_at_the_hosts_addresses_whoever_asks(scene: Scene, proto: str) -> None:
    """At 127.0.0.1, too. IPv6's ::1 does not leave the host."""
    program([network(A, *web(A1, proto)), network(B)])
    scene.await_addresses()
    askers = {"outside": scene.outside, "host": scene.host, "a1": scene.a1, "a2": scene.a2, "b1": scene.b1}
    for version, loopback in ((4, "127.0.0.1"), (6, "::1")):
        with scene.a1.serving(proto, A1[version], 80):
            seen = {name: place.asks(proto, HOST[version], 8080) for name, place in askers.items()}
            seen["loopback"] = scene.host.asks(proto, loopback, 8080)
        assert seen == {
            "outside": OUTSIDE[version],
            **dict.fromkeys(["host", "a1", "a2", "b1"], GATEWAYS[version]),  # replies have to come by the host
            "loopback": GATEWAYS[4] if version == 4 else None,
        }


def test_a_port_published_at_one_address_of_the_host_answers_at_no_other(scene: Scene) -> None:
    published = Published("tcp", HOST[4], 8080, A1[4], 80), Published("tcp", "127.0.0.1", 8081, A1[4], 80)
    program([network(A, *published)])
    with scene.a1.serving("tcp", A1[4], 80):
        assert scene.outside.asks("tcp", HOST[4], 8080) == OUTSIDE[4]
        assert scene.host.asks("tcp", "127.0.0.1", 8081) == GATEWAYS[4]
        assert reached((scene.host, "127.0.0.1", 8080), (scene.outside, HOST[4], 8081)) == []


def test_what_leaves_the_bridge_is_masqueraded(scene: Scene) -> None:
    program([network(A)])
    scene.await_addresses()
    for proto in ("tcp", "udp"):
        for version, outside in OUTSIDE.items():
            with scene.outside.serving(proto, outside, 7000):
                assert scene.a1.asks(proto, outside, 7000) == HOST[version]


def test_a_container_is_reached_directly_from_its_network_and_its_host_alone(scene: Scene) -> None:
    """Not even at a port that is published: that is for the host's addresses."""
    program([network(A, *web(A1)), network(B)])
    scene.await_addresses()
    for version, address in A1.items():
        with scene.a1.serving("tcp", address, 80):
            assert scene.a2.asks("tcp", address, 80) == A2[version]
            assert scene.host.asks("tcp", address, 80) == GATEWAYS[version]
            assert reached((scene.b1, address, 80), (scene.outside, address, 80)) == []


def test_an_internal_network_ends_at_its_bridge(scene: Scene) -> None:
    program([network(A, internal=True), network(B, *web(B1))])
    scene.await_addresses()
    for version, address in A1.items():
        with (
            scene.a1.serving("tcp", address, 80),
            scene.b1.serving("tcp", B1[version], 80),
            scene.outside.serving("tcp", OUTSIDE[version], 7000),
        ):
            assert scene.a2.asks("tcp", address, 80) == A2[version]
            assert scene.outside.asks("tcp", HOST[version], 8080) == OUTSIDE[version]
            assert (
                reached(
                    (scene.outside, address, 80),
                    (scene.b1, address, 80),
                    (scene.a1, OUTSIDE[version], 7000),
                    (scene.a1, B1[version], 80),
                    (scene.a1, HOST[version], 8080),
                )
                == []
            )


def test_a_routed_network_is_reached_at_published_ports_and_nothing_is_masqueraded(scene: Scene) -> None:
    program([network(A, *web(A1), mode="routed"), network(B)])
    scene.await_addresses()
    for version, address in A1.items():
        with (
            scene.a1.serving("tcp", address, 80),
            scene.a1.serving("tcp", address, 81),
            scene.outside.serving("tcp", OUTSIDE[version], 7000),
        ):
            assert scene.a1.asks("tcp", OUTSIDE[version], 7000) == address
            assert scene.outside.asks("tcp", address, 80) == OUTSIDE[version]
            assert scene.outside.said("busybox", "ping", "-c", "1", "-W", "5", address).code == 0
            assert (
                reached((scene.outside, address, 81), (scene.b1, address, 81), (scene.outside, HOST[version], 80)) == []
            )


def test_a_container_does_not_reach_what_listens_on_the_hosts_loopback_alone(scene: Scene) -> None:
    """route_localnet, which 127.0.0.1 needs for published ports, would let it (CVE-2020-8558)."""
    networks = [network(A, Published("tcp", "", 8080, A1[4], 80))]
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
