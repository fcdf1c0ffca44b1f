"""watch while a part of OVN is away or hangs: plain ports do not wait for it, and logical ones come when it is back."""

import contextlib

import pytest

from tests.host import ovn
from tests.integration.support import containers, fleet, watching
from tests.integration.support.commands import ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.watching import watch

LABEL = "--label=ovs-docker.eth0=bridge=br-int logical-switch=ls0 ipaddress={}"
AWAY = {
    "controller": ovn.controller().stopped,
    "northd": ovn.northd().stopped,
    "northbound hangs": ovn.northbound().paused,
    "northbound": ovn.northbound().stopped,
}


pytestmark = pytest.mark.usefixtures("ls0")


@pytest.fixture
def plain(c1: Container) -> Container:
    """Return c1, with a port that is none of OVN's business."""
    ours("add-port", "br-int", "eth0", "c1", check=True)
    return c1


def longest(container: Container, count: int) -> float:
    """Restart a container so often; return the longest that its port took to be back, in seconds."""
    return max(watching.restart_to_port(container) for _ in range(count))


@pytest.mark.parametrize("address", ["10.0.0.7/24", "dynamic"])
@pytest.mark.parametrize("part", AWAY)
def test_plain_ports_come_back_at_once_and_logical_ones_when_ovn_is_back(
    plain: Container, part: str, address: str
) -> None:
    with watch("--labels") as running:
        with contextlib.ExitStack() as away:
            away.enter_context(AWAY[part]())
            containers.create("c2", LABEL.format(address))
            assert longest(plain, 4) < 2
        fleet.wait_until(is_installed, seconds=40)
        assert running.stop() == 0


def is_installed() -> bool:
    """Tell whether OVN has installed c2's port."""
    conditions = "external_ids:iface-id=c2_eth0", "external_ids:ovn-installed=true"
    return bool(ovs("--bare", "--columns=name", "find", "interface", *conditions))


def test_that_ovn_has_not_installed_a_port_is_told_once_and_only_after_a_moment(plain: Container) -> None:
    with watch("--labels") as running:
        containers.create("c3", LABEL.format("10.0.0.8/24"))
        running.says("attached eth0 of container c3")
        with ovn.controller().stopped():
            containers.create("c2", LABEL.format("10.0.0.7/24"))
            running.says("warning: OVN: logical port c2_eth0 not installed yet")
            assert longest(plain, 4) < 2
        fleet.wait_until(is_installed, seconds=40)
        assert running.count("not installed yet") == 1
