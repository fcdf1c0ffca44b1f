"""add-port --logical-switch: the logical port, the port and the container in one call, and all of it away again."""

from collections.abc import Iterator

import pytest

from tests.integration.support import logical, ports
from tests.integration.support.commands import Result, ours
from tests.integration.support.containers import Container
from tests.integration.support.snapshot import snapshot

DONE = Result(0, "", "")
ON_LS0 = "--logical-switch=ls0"
MAC = "02:00:00:00:00:01"


@pytest.fixture(autouse=True)
def network(chassis: None) -> Iterator[None]:
    """Make two switches, joined by a router."""
    logical.ready()
    logical.switch("ls0", "10.0.0.0/24", "lr0", "10.0.0.1/24")
    logical.switch("ls1", "", "lr0", "10.0.1.1/24")
    yield
    logical.empty()


def add(container: str, *options: str, switch: str = "ls0") -> Result:
    return ours("add-port", "br-int", "eth0", container, f"--logical-switch={switch}", *options)


def test_two_containers_talk_after_one_command_each(c1: Container, c2: Container) -> None:
    done = [add("c1", "--ipaddress=10.0.0.2/24"), add("c2", "--ipaddress=10.0.0.3/24")]
    assert (done, c1.exec("ping", "-c", "1", "-W", "1", "10.0.0.3").code) == ([DONE, DONE], 0)


def test_the_logical_port_has_exactly_what_the_container_has(c1: Container) -> None:
    add("c1", "--ipaddress=10.0.0.2/24,2001:db8::2/64", f"--macaddress={MAC}", "--port-security")
    made = logical.port("c1_eth0")
    words = f"{MAC} 10.0.0.2 2001:db8::2"
    assert (made["addresses"], made["port_security"], dict(made["external_ids"][1]), logical.ports()["ls0"]) == (
        words,
        words,
        {"owner": "ovs-docker", "ovs-docker-id": c1.id, "container_iface": "eth0", "ovs-docker-host": "host1"},
        ["c1_eth0", "ls0-lr0"],
    )
    record = ports.record(ports.of("c1"))
    kept = {key: record.get(key) for key in ("iface-id", "ovs-docker-logical-switch", "ovs-docker-port-security")}
    assert kept == {"iface-id": "c1_eth0", "ovs-docker-logical-switch": "ls0", "ovs-docker-port-security": "true"}


def test_detaching_leaves_both_databases_as_they_were(c1: Container) -> None:
    with logical.nothing_changed():
        add("c1", "--ipaddress=10.0.0.2/24")
        assert ours("del-port", "br-int", "eth0", "c1") == DONE


def test_a_dynamic_address_comes_with_its_prefix_and_the_routers_gateway(c1: Container, c2: Container) -> None:
    done = [add("c1", "--ipaddress=dynamic"), add("c2", "--ipaddress=10.0.1.2/24", "--gateway=10.0.1.1", switch="ls1")]
    inside = snapshot()["containers"]["c1"]
    assert (done, inside["addresses"][0], inside["routes"][-1]) == (
        [DONE, DONE],
        "eth0 10.0.0.2/24 brd None scope global",
        "default via 10.0.0.1 dev eth0 metric 0",
    )
    assert c1.pings("10.0.1.2")


def test_a_switch_on_a_network_of_the_hosts_needs_no_room(c1: Container) -> None:
    logical.nb("lsp-add", "ls1", "localnet", "--", "lsp-set-type", "localnet", "localnet")
    assert add("c1", switch="ls1") == DONE
    assert c1.ip("link", "show", "eth0")[0]["mtu"] == 1500


def test_the_containers_mtu_leaves_room_for_the_tunnel(c1: Container, c2: Container) -> None:
    add("c1", "--ipaddress=10.0.0.2/24")
    add("c2", "--mtu=1300")
    assert [c.ip("link", "show", "eth0")[0]["mtu"] for c in (c1, c2)] == [65536 - 58, 1300]
