"""The walk-through on two hosts: a logical network over Geneve, and each container attached by one command."""

import json
from collections.abc import Iterator

import pytest

from tests.integration.support import hosts, logical
from tests.integration.support.commands import Result
from tests.integration.support.hosts import Host

DONE = Result(0, "", "")
MEGABYTE = "dd if=/dev/urandom of=/tmp/data bs=1024 count=1024 2>/dev/null; md5sum </tmp/data"


@pytest.fixture(scope="module")
def pair(private_host: None) -> Iterator[hosts.Pair]:
    """Return the two hosts."""
    logical.require()
    joined = hosts.Pair()
    yield joined
    joined.stop()


@pytest.fixture
def network(pair: hosts.Pair) -> Iterator[None]:
    """Make a router and two switches."""
    logical.switch("ls-node1", "", "lr0", "10.244.1.1/24")
    logical.switch("ls-node2", "", "lr0", "10.244.2.1/24")
    yield
    logical.empty()


def attach(host: Host, name: str, address: str) -> Result:
    """Attach a container of this host to its switch, by one command."""
    gateway, switch = f"--gateway=10.244.{host.number}.1", f"--logical-switch=ls-node{host.number}"
    return host.ours("add-port", "br-int", "eth0", name, f"--ipaddress={address}/24", gateway, switch)


def reaches(host: Host, name: str, address: str) -> bool:
    """Ping; the first packets between two hosts wait until their switches have learnt each other's MAC."""
    return any(host.inside(name, "ping", "-c", "1", "-W", "1", address).code == 0 for _ in range(5))


def transferred(server: Host, name: str, address: str, client: Host, other: str) -> bool:
    """Send a megabyte by TCP from one container to another one and compare what came."""
    sent = server.inside(name, "sh", "-c", MEGABYTE).out
    server.inside(name, "httpd", "-p", "80", "-h", "/tmp")
    fetch = f"printf 'GET /data HTTP/1.0\\r\\n\\r\\n' | nc {address} 80 | tail -c {1 << 20} | md5sum"
    return client.inside(other, "sh", "-c", fetch).out == sent


def test_containers_on_two_hosts_talk_after_one_command_each(pair: hosts.Pair, network: None) -> None:
    one, two = pair.first, pair.second
    before = logical.picture()
    for name in ("netsho1", "netsho2", "nginx1"):
        one.container(name)
    two.container("netsho3")

    done = [attach(one, name, f"10.244.1.{n}") for n, name in enumerate(("netsho1", "netsho2", "nginx1"), 2)]
    done.append(attach(two, "netsho3", "10.244.2.2"))
    assert done == [DONE] * 4

    assert {
        "one host": reaches(one, "netsho1", "10.244.1.3"),
        "to the router": reaches(one, "netsho1", "10.244.2.1"),
        "other host": reaches(one, "netsho1", "10.244.2.2"),
        "and back": reaches(two, "netsho3", "10.244.1.4"),
        "TCP on one host": transferred(one, "nginx1", "10.244.1.4", one, "netsho2"),
        "TCP to the other host": transferred(one, "nginx1", "10.244.1.4", two, "netsho3"),
        "TCP from the other host": transferred(two, "netsho3", "10.244.2.2", one, "netsho1"),
    } == dict.fromkeys(
        (
            *("one host", "to the router", "other host", "and back"),
            *("TCP on one host", "TCP to the other host", "TCP from the other host"),
        ),
        True,
    )
    assert [listed(one), listed(two)] == [
        [("netsho1", "ls-node1", "up", 1442), ("netsho2", "ls-node1", "up", 1442), ("nginx1", "ls-node1", "up", 1442)],
        [("netsho3", "ls-node2", "up", 1442)],
    ]
    assert [checked(one), checked(two)] == [(0, ["ok"] * 3, ""), (0, ["ok"], "")]

    gone = [one.ours("del-port", "br-int", "eth0", name) for name in ("netsho1", "netsho2", "nginx1")]
    gone.append(two.ours("del-port", "br-int", "eth0", "netsho3"))
    assert (gone, listed(one), listed(two), logical.picture()) == ([DONE] * 4, [], [], before)


def listed(host: Host) -> list[tuple[str, str, str, int]]:
    """Return what list-ports tells."""
    ports = json.loads(host.ours("--format=json", "list-ports").out)["data"]
    return [(port["container_name"], port["logical_switch"], port["state"], port["mtu"]) for port in ports]


def checked(host: Host) -> tuple[int, list[str], str]:
    """Return what check says of each port."""
    said = host.ours("check")
    return said.code, [line.split()[0] for line in said.out.splitlines()], said.err
