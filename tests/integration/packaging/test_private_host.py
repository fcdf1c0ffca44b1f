"""The private host itself works: its Open vSwitch, its Docker, and the handles on its daemons.

What ovs-docker does on it is tested in the other files.
"""

import pytest

from tests.host import services
from tests.host.daemons import Daemon
from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import ovs, run, script
from tests.integration.support.comparison import comparable_snapshot
from tests.integration.support.containers import Container
from tests.integration.support.snapshot import snapshot

DAEMONS = [pytest.param(daemon, id=daemon.name) for daemon in services.all_daemons()]


def attach(container: Container, *options: str) -> None:
    assert script("add-port", "br-int", "eth0", container.name, *options).code == 0


def test_a_port_of_the_switch_comes_up(bridge: str) -> None:
    ovs("add-port", bridge, "p0", "--", "set", "interface", "p0", "type=internal")
    assert int(ovs("get", "interface", "p0", "ofport")) > 0


def test_a_container_runs_with_a_loopback_and_nothing_else(c1: Container) -> None:
    assert [link["ifname"] for link in c1.ip("link")] == ["lo"]


def test_containers_attached_by_the_script_ping_each_other(bridge: str, c1: Container, c2: Container) -> None:
    attach(c1, "--ipaddress=10.0.0.1/24")
    attach(c2, "--ipaddress=10.0.0.2/24")
    assert c1.pings("10.0.0.2")


def test_ipv6_works_where_docker_leaves_it_on(bridge: str, container: ContainerFactory) -> None:
    on = "--sysctl=net.ipv6.conf.default.disable_ipv6=0"
    for number in (1, 2):
        attach(container(f"c{number}", on), f"--ipaddress=2001:db8::{number}/64")
    assert Container("c1", "c1").pings("2001:db8::2")


def test_what_is_detached_leaves_the_picture_as_it_was(bridge: str, c1: Container) -> None:
    before = snapshot()
    attach(c1, "--ipaddress=10.0.0.1/24", "--mtu=1400")
    assert snapshot() != before
    assert script("del-port", bridge, "eth0", "c1").code == 0
    assert snapshot() == before


def test_doing_the_same_twice_gives_the_same_comparable_picture(bridge: str, c1: Container) -> None:
    pictures = []
    for _ in range(2):
        attach(c1, "--ipaddress=10.0.0.1/24", "--macaddress=02:00:00:00:00:01")
        pictures.append(comparable_snapshot())
        script("del-port", bridge, "eth0", "c1")
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("daemon", DAEMONS)
def test_a_daemon_comes_back_after_kill_and_restart(daemon: Daemon) -> None:
    first = daemon.pid
    daemon.kill()
    assert daemon.pid is None
    daemon.start()
    daemon.restart()
    assert daemon.pid not in (None, first)


def test_containers_and_ports_outlive_a_restart_of_everything(bridge: str, c1: Container) -> None:
    attach(c1)
    before = snapshot()
    for daemon in services.all_daemons():
        daemon.restart()
    assert snapshot() == before


def test_a_paused_switch_does_not_answer(bridge: str) -> None:
    command = (
        "ovs-vsctl",
        "--timeout=1",
        "add-port",
        bridge,
        "p0",
        "--",
        "set",
        "interface",
        "p0",
        "type=internal",
    )
    with services.vswitchd().paused():
        assert run(*command).code != 0
