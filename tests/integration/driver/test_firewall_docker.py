"""The firewall beside Docker's own, --iptables=true: DOCKER-USER, a policy of DROP, and Docker's own bridges."""

from collections.abc import Iterator

import pytest

from ovs_docker.driver.firewall import Fenced, Published, missing, program
from tests.integration.support.commands import run
from tests.integration.support.fenced_host import FencedHost, Place, forwarding, reached
from tests.integration.support.second_docker import second_docker

HOST, OUTSIDE, LAB1 = "192.0.2.1", "192.0.2.9", "10.1.0.11"
LAB = Fenced("1a" * 32, "ovsbr-lab", "nat", False, ("10.1.0.0/24",), (Published("tcp", "", 8080, LAB1, 80),))


@pytest.fixture
def host() -> Iterator[FencedHost]:
    with forwarding():
        made = FencedHost((HOST, "2001:db8:1::1"), (OUTSIDE, "2001:db8:1::9"))
        try:
            yield made
        finally:
            made.close()


def test_docker_users_chain_leads_to_ours_and_neither_opens_the_others_bridges(host: FencedHost) -> None:
    host.bridge(LAB.bridge, 1)
    lab1 = host.container(LAB.bridge, 1, 11)
    program([LAB])
    with second_docker("--iptables=true") as docker:
        run("iptables", "-P", "FORWARD", "DROP", check=True)  # as Docker does if it switches forwarding on
        docker("network", "create", "--subnet=10.9.0.0/24", "plain")
        docker("run", "--detach", "--name=plain1", "--network=plain", "--publish=9090:80", "netsho")
        plain1 = Place("plain1", int(docker("inspect", "--format={{.State.Pid}}", "plain1").out))
        assert "iptables: chain DOCKER-USER of table filter does not lead to OVS-DOCKER" in missing([LAB])
        program([LAB])
        assert missing([LAB]) == []
        with (
            lab1.serving("tcp", LAB1, 80),
            plain1.serving("tcp", "10.9.0.2", 80),
            plain1.serving("tcp", "10.9.0.2", 81),
            host.outside.serving("tcp", OUTSIDE, 7000),
        ):
            assert host.outside.asks("tcp", HOST, 8080) == OUTSIDE
            assert lab1.asks("tcp", OUTSIDE, 7000) == HOST
            assert lab1.asks("tcp", HOST, 9090) == "10.9.0.1"
            assert plain1.asks("tcp", HOST, 8080) == "10.1.0.1"
            assert reached((lab1, "10.9.0.2", 81), (plain1, LAB1, 80)) == []
        docker("rm", "--force", "plain1")
        docker("network", "rm", "plain")
    program([])
    assert "OVS-DOCKER" not in run("iptables-save", check=True).out
