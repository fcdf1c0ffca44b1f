"""--vhost-user: ports for containers that run DPDK themselves, with dpdk-testpmd behind virtio-user."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.support import dpdk
from tests.integration.support.commands import Result, ours, ovs, run
from tests.integration.support.containers import Container, create
from tests.integration.support.processes import wait_until

DONE = Result(0, "", "")


@pytest.fixture(autouse=True)
def switch() -> Iterator[None]:
    with dpdk.dpdk():
        ovs("add-br", "br-dpdk", "--", "set", "bridge", "br-dpdk", "datapath_type=netdev")
        yield


@pytest.fixture
def d1() -> Container:
    return dpdk.application("d1")


def directory(container: Container) -> Path:
    return dpdk.SOCKETS / container.name


def attach(container: Container, *options: str, asked: str = "") -> Result:
    return ours(
        "add-port", "br-dpdk", "eth0", container.name, f"--vhost-user={asked or directory(container)}", *options
    )


def state(container: Container) -> str:
    (port,) = json.loads(ours("--format=json", "list-ports", "--container=" + container.name).out)["data"]
    return str(port["state"])


def link(container: Container) -> str:
    words = ("--bare", "--columns=link_state", "find", "Interface", f"external_ids:container_id={container.name}")
    return ovs(*words)


def received(container: Container) -> int:
    return max(map(int, re.findall(r"RX-packets: (\d+)", dpdk.log(container))), default=0)


def test_an_application_answers_pings_of_an_ordinary_container(d1: Container) -> None:
    c1 = create("c1")
    ours("add-port", "br-dpdk", "eth0", "c1", "--ipaddress=10.0.0.1/24", check=True)
    assert attach(d1) == DONE
    dpdk.testpmd(d1, "icmpecho")
    wait_until(lambda: link(d1) == "up", 30)
    assert c1.pings("10.0.0.2", seconds=20), dpdk.log(d1)


def test_two_applications_send_to_one_another_and_survive_restarts(d1: Container) -> None:
    d2 = dpdk.application("d2", network="host")
    for each, mode in ((d1, "txonly"), (d2, "rxonly")):
        assert attach(each) == DONE
        dpdk.testpmd(each, mode)
    wait_until(lambda: received(d2) > 1000, 30)
    d2.restart()
    dpdk.testpmd(d2, "rxonly", log="/testpmd.log")
    wait_until(lambda: link(d2) == "up" and received(d2) > 1000, 30)
    assert (ours("sync", check=True).out, state(d2)) == ("", "up")
