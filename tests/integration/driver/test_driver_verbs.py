"""The command on a host with Docker networks: it shows and checks the driver's ports, and leaves them to Docker."""

import json
from signal import SIGCONT, SIGSTOP
from typing import Any

import pytest

from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import Result, ours, ovs, run
from tests.integration.support.driver import Driver, create, endpoints
from tests.integration.support.refusal import nothing_changed

pytestmark = pytest.mark.usefixtures("driver")


def listed(*words: str) -> list[dict[str, Any]]:
    return list(json.loads(ours("--format=json", *words, check=True).out)["data"])


@pytest.fixture
def lab(container: ContainerFactory) -> str:
    """Make the network lab with the container one; return its bridge."""
    create("lab", "ovs.vlan=7", "ovs.mtu=1400", "ovs.bridge=br-lab")
    container("one", network="lab")
    return "br-lab"


def test_list_ports_shows_networks_and_endpoints(lab: str) -> None:
    (port,) = listed("list-ports")
    assert [port[key] for key in ("bridge", "container_name", "state", "tag", "mac", "addresses", "mtu")] == [
        *(lab, "one", "up", 7, "02:42:0a:09:00:02", ["10.9.0.2/24"], 1400)
    ]
    (ids,) = endpoints()
    assert (port["network"], port["endpoint"]) == (ids["ovs-docker-network"], ids["ovs-docker-endpoint"])
    assert listed("list-ports", "--container=one", lab) == [port]
    assert "one" in ours("list-ports").out


def test_list_networks(lab: str) -> None:
    (network,) = listed("list-networks")
    assert [network[key] for key in ("name", "driver", "mode", "subnets", "gateways", "endpoints")] == [
        *("lab", "ovs", "nat", ["10.9.0.0/24"], ["10.9.0.1/24"], 1)
    ]
    assert ours("list-networks").out.splitlines()[1].split() == ["lab", "nat", lab, "7", "10.9.0.0/24", "1"]


def test_check_finds_gateway_rules_and_ports(driver: Driver, lab: str) -> None:
    assert ours("check").code == 0
    (network,) = listed("list-networks")
    (port,) = listed("list-ports")
    driver.process.send_signal(SIGSTOP)  # it would put them back
    try:
        run("ip", "addr", "del", "10.9.0.1/24", "dev", network["device"], check=True)
        run("iptables", "-F", "OVS-DOCKER", check=True)
        run("ip", "link", "delete", port["port"], check=True)
        said = ours("check")
    finally:
        driver.process.send_signal(SIGCONT)
    assert said.code == 1
    for words in (f"lacks 10.9.0.1/24 ({'ovs-docker driver puts'}", "wrong  rules of the networks", "its pair is gone"):
        assert words in said.out, said


def test_the_other_verbs_leave_them_alone(lab: str) -> None:
    with nothing_changed():
        assert ours("sync") == Result(0, "", "")
        assert ours("del-ports", lab, "--all") == Result(0, "", "")
        refused = ours("del-port", lab, "eth0", "one")
    assert (refused.code, "docker network disconnect" in refused.err) == (1, True)


def test_a_container_of_add_port_and_one_of_the_network_reach_each_other(lab: str, container: ContainerFactory) -> None:
    two = container("two")
    ours("add-port", lab, "eth0", "two", "--ipaddress=10.9.0.200/24", "--vlan=7", check=True)
    assert two.pings("10.9.0.2")
    assert [port["container_name"] for port in listed("list-ports")] == ["two", "one"]
    ours("del-port", lab, "eth0", "two", check=True)
    assert ovs("list-br") == lab
