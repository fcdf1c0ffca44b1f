"""Traffic of DPDK's own test application, behind virtio-user, through --vhost-user ports."""

import re
from collections.abc import Iterator

import pytest

from tests.integration.support import dpdk
from tests.integration.support.commands import ours, ovs
from tests.integration.support.containers import Container, create
from tests.integration.support.processes import wait_until


@pytest.fixture(autouse=True, scope="module")
def switch(private_host: None) -> Iterator[None]:
    dpdk.require_testpmd()
    with dpdk.dpdk(dpdk.FOR_SWITCH + dpdk.FOR_APPLICATIONS):
        yield


@pytest.fixture(autouse=True)
def dpdk_bridge(switch: None) -> None:
    ovs("add-br", "br-dpdk", "--", "set", "bridge", "br-dpdk", "datapath_type=netdev")


def attached(name: str, mode: str, network: str = "none") -> Container:
    container = dpdk.application(name, network=network)
    ours("add-port", "br-dpdk", "eth0", name, f"--vhost-user={dpdk.SOCKETS / name}", check=True)
    dpdk.testpmd(container, mode)
    return container


def link(container: Container) -> str:
    words = ("--bare", "--columns=link_state", "find", "Interface", f"external_ids:container_id={container.name}")
    return ovs(*words)


def received(container: Container) -> int:
    return max(map(int, re.findall(r"RX-packets: (\d+)", dpdk.log(container))), default=0)


def await_packets(container: Container) -> None:
    """Wait until an application has received packets; where none come, show what it says."""
    try:
        wait_until(lambda: link(container) == "up" and received(container) > 1000, pause=1.0, seconds=40)
    except AssertionError:
        pytest.fail(f"{ours('check')}\n{dpdk.log(container)[-3000:]}")


def test_an_application_answers_pings_of_an_ordinary_container_in_its_vlan() -> None:
    c1, d1 = create("c1"), attached("d1", "icmpecho")
    ours("add-port", "br-dpdk", "eth0", "c1", "--ipaddress=10.0.0.1/24", check=True)
    wait_until(lambda: link(d1) == "up", pause=0.5, seconds=30)
    assert c1.pings("10.0.0.2", seconds=20), dpdk.log(d1)
    ours("set-vlan", "br-dpdk", "eth0", "d1", "10", check=True)
    apart = c1.pings("10.0.0.2", seconds=0)
    ours("set-vlan", "br-dpdk", "eth0", "c1", "10", check=True)
    assert (apart, c1.pings("10.0.0.2", seconds=20)) == (False, True)


def test_two_applications_send_to_one_another_also_after_a_restart() -> None:
    d1, d2 = attached("d1", "txonly"), attached("d2", "rxonly", network="host")
    await_packets(d2)
    d2.restart()
    dpdk.testpmd(d2, "rxonly")
    await_packets(d2)
    assert ours("check").out.count("ok ") == 2
    assert received(d1) == 0
