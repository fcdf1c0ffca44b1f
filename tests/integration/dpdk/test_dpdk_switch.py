"""Ordinary ports, veth pairs, on a vswitchd with DPDK: attach, traffic, VLAN, restart. test_vhost_user.py has more."""

from collections.abc import Iterator

import pytest

from tests.integration.conftest import ContainerFactory
from tests.integration.support import dpdk
from tests.integration.support.commands import ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.transfer import fetched, serve_file


@pytest.fixture(autouse=True, scope="module")
def switch(private_host: None) -> Iterator[None]:
    with dpdk.dpdk():
        yield


@pytest.fixture
def pair(container: ContainerFactory) -> list[Container]:
    return [container("c1"), container("c2")]


def attach(containers: list[Container], *vlans: int) -> None:
    for number, each in enumerate(containers, 1):
        words = ("add-port", "br-dpdk", "eth0", each.name, f"--ipaddress=10.0.0.{number}/24", "--datapath-type=netdev")
        ours(*words, *[f"--vlan={vlan}" for vlan in vlans[number - 1 : number]], check=True)


def test_containers_ping_and_carry_megabytes_over_tcp(pair: list[Container]) -> None:
    attach(pair)
    there = serve_file(pair[1])
    assert pair[0].pings("10.0.0.2")
    assert fetched(pair[0], "10.0.0.2") == there


def test_vlans_join_and_separate(pair: list[Container]) -> None:
    attach(pair, 10, 20)
    apart = pair[0].pings("10.0.0.2", seconds=0)
    ours("set-vlan", "br-dpdk", "eth0", "c2", "10", check=True)
    assert (apart, pair[0].pings("10.0.0.2")) == (False, True)


def test_a_restarted_container_gets_its_port_back(pair: list[Container]) -> None:
    attach(pair)
    before = ovs("--columns=ofport", "find", "Interface", "external_ids:container_id=c2")
    pair[1].restart()
    ours("sync", check=True)
    assert pair[0].pings("10.0.0.2")
    assert ovs("--columns=ofport", "find", "Interface", "external_ids:container_id=c2") == before


def test_check_says_that_dpdk_is_there(pair: list[Container]) -> None:
    assert "DPDK: is initialized, DPDK " in ours("check", check=True).out
