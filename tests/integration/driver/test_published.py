"""Published ports of real containers: who sees whom, both families, TCP and UDP; and beside Docker's own rules.

What else nat and routed networks are is in test_nat.py, which packets the rules let pass in test_firewall.py.
"""

from collections.abc import Iterator

import pytest

from ovs_docker.driver.firewall.rules import OURS
from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import OURS as COMMAND
from tests.integration.support.commands import run
from tests.integration.support.containers import Container
from tests.integration.support.driver import Driver, create, remove_networks, running, start
from tests.integration.support.fenced_host import FencedHost, Place, forwarding
from tests.integration.support.processes import wait_until
from tests.integration.support.second_docker import URL, second_docker

HOST, OUTSIDE = {4: "192.0.2.1", 6: "2001:db8:1::1"}, {4: "192.0.2.9", 6: "2001:db8:1::9"}
LAB, SIXTH = {4: "10.9.0", 6: "fd00:9:"}, ("--ipv6", "--subnet=fd00:9::/64")
WEB = {4: "10.9.0.2", 6: "fd00:9::2"}
PUBLISH = ("--publish=8080:80/tcp", "--publish=8080:80/udp")


@pytest.fixture
def host() -> Iterator[FencedHost]:
    """A host with somebody outside. The driver ends before its rules are taken away."""
    with forwarding():
        made = FencedHost(tuple(HOST.values()), tuple(OUTSIDE.values()))
        try:
            yield made
        finally:
            made.close()


@pytest.fixture
def driver(host: FencedHost) -> Iterator[Driver]:
    with running() as started:
        yield started


def place(container: Container) -> Place:
    return Place(container.name, container.pid)


def ruled() -> list[str]:
    """Return the rules and chains of ours."""
    lines = [line for tool in ("iptables-save", "ip6tables-save") for line in run(tool, check=True).out.splitlines()]
    return [line.split(" [")[0] for line in lines if OURS in line]


@pytest.mark.usefixtures("driver")
def test_a_published_port_answers_everybody_and_goes_with_its_container(
    host: FencedHost, container: ContainerFactory
) -> None:
    create("lab", *SIXTH)
    create("other", "--ipv6", "--subnet=fd00:10::/64", subnet="10.10.0.0/24")
    web = container("web", *PUBLISH, network="lab")
    near, far = container("near", network="lab"), container("far", network="other")
    askers = {"outside": host.outside, "host": host.host, "web": place(web), "near": place(near), "far": place(far)}
    host.await_addresses()
    for version, proto in ((4, "tcp"), (4, "udp"), (6, "tcp"), (6, "udp")):
        with place(web).serving(proto, WEB[version], 80):
            seen = {name: asker.asks(proto, HOST[version], 8080) for name, asker in askers.items()}
            seen["loopback"] = host.host.asks(proto, "127.0.0.1", 8080) if version == 4 else None
        gateway = f"{LAB[version]}.1" if version == 4 else "fd00:9::1"
        inside = dict.fromkeys(["host", "web", "near", "far"], gateway)
        assert seen == {"outside": OUTSIDE[version], **inside, "loopback": gateway if version == 4 else None}
    web.stop()
    assert [rule for rule in ruled() if "8080" in rule] == []
    web.start()
    with place(web).serving("tcp", WEB[4], 80):
        assert host.outside.asks("tcp", HOST[4], 8080) == OUTSIDE[4]
    remove_networks()
    assert ruled() == []


@pytest.mark.usefixtures("host")
def test_rules_that_were_flushed_are_back_when_the_driver_starts_again(container: ContainerFactory) -> None:
    first = start()
    create("lab")
    container("web", *PUBLISH, network="lab")
    before = ruled()
    first.kill()
    for table in ("filter", "nat", "raw"):
        run("iptables", "-t", table, "-F", check=True)
        run("iptables", "-t", table, "-X", check=True)
    assert ruled() != before
    with running():
        wait_until(lambda: ruled() == before)


def test_rules_move_behind_docker_user_when_dockerd_comes_later_and_are_put_back_on_its_events(
    host: FencedHost,
) -> None:
    """As on most hosts: dockerd starts after the driver, sees to iptables itself, and drops what nobody accepts."""
    with running(program=(COMMAND, f"--docker-host={URL}")), second_docker("--iptables=true") as other_docker:
        run("iptables", "-P", "FORWARD", "DROP", check=True)
        other_docker("network", "create", "--driver=ovs", "--subnet=10.9.0.0/24", "lab")
        other_docker("run", "--detach", "--name=web", "--network=lab", *PUBLISH, "netsho")
        web = Place("web", int(other_docker("inspect", "--format={{.State.Pid}}", "web").out))
        before = ruled()
        assert "-A DOCKER-USER -j OVS-DOCKER" in before
        assert "-A FORWARD -j OVS-DOCKER" not in before
        with web.serving("tcp", WEB[4], 80), host.outside.serving("tcp", OUTSIDE[4], 7000):
            assert host.outside.asks("tcp", HOST[4], 8080) == OUTSIDE[4]
            assert web.asks("tcp", OUTSIDE[4], 7000) == HOST[4]
        run("iptables", "-F", "DOCKER-USER", check=True)
        run("iptables", "-t", "nat", "-F", check=True)
        other_docker("run", "--detach", "--name=more", "--network=none", "netsho")
        wait_until(lambda: ruled() == before)
        other_docker("rm", "--force", "web", "more")
        other_docker("network", "rm", "lab")
        assert ruled() == []
