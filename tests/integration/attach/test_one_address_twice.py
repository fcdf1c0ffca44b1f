"""One address at two ports of a network: refused in bulk, a warning for a single add-port, found by check."""

import json
from pathlib import Path

import pytest

from tests.integration.conftest import ContainerFactory
from tests.integration.support import fleet, ports
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.watching import watch

DONE = Result(0, "", "")
HELD = "--ipaddress=10.0.0.1/24: eth0 of container c1 already has it on bridge br-int"
ADD = ("add-port", "br-int", "eth0")


def attach_first(*options: str) -> None:
    ours(*ADD, "c1", "--ipaddress=10.0.0.1/24", *options, check=True)


def test_a_single_add_port_warns(bridge: str, c1: Container, c2: Container) -> None:
    attach_first()
    assert ours(*ADD, "c2", "--ipaddress=10.0.0.1/24") == Result(0, "", f"ovs-docker: {HELD}\n")
    assert ours("add-port", "br-int", "eth1", "c2", "--ipaddress=10.0.0.1/24", "-q").code == 0


@pytest.mark.parametrize("first", ["10.0.0.1/24,2001:db8::1/64", "10.0.0.9/24,10.0.0.1/24", "10.0.0.1/16"])
@pytest.mark.parametrize("second", ["10.0.0.1/24", "10.0.0.8/24,10.0.0.1/24"])
def test_a_single_add_port_sees_it_among_several_and_whatever_the_prefix(
    bridge: str, c1: Container, c2: Container, first: str, second: str
) -> None:
    ours(*ADD, "c1", f"--ipaddress={first}", check=True)
    assert ours(*ADD, "c2", f"--ipaddress={second}") == Result(0, "", f"ovs-docker: {HELD}\n")


def test_a_record_of_an_older_version_is_found_by_its_only_address(bridge: str, c1: Container, c2: Container) -> None:
    attach_first()
    ovs("remove", "interface", ports.of("c1"), "external_ids", "ovs-docker-ip-10.0.0.1")
    assert ours(*ADD, "c2", "--ipaddress=10.0.0.1/24") == Result(0, "", f"ovs-docker: {HELD}\n")


def test_add_ports_refuses_it(bridge: str, c1: Container, c2: Container, tmp_path: Path) -> None:
    attach_first()
    refused = ours("add-ports", f"--file={fleet.ports_file(tmp_path, [fleet.port('c2', 1)])}")
    assert (refused.code, HELD in refused.err, list(fleet.attached())) == (1, True, ["c1/eth0"])


def test_it_is_seen_among_several_addresses_and_whatever_the_prefix(bridge: str, c1: Container, c2: Container) -> None:
    ours(*ADD, "c1", "--ipaddress=10.0.0.1/24,2001:db8::1/64", check=True)
    refused = ours("add-ports", *ADD[1:], "c2", "--ipaddress=10.0.0.1/16")
    assert (refused.code, "10.0.0.1/16: eth0 of container c1 already has it" in refused.err) == (1, True)


def test_networks_of_their_own_may_have_it(bridge: str, c1: Container, c2: Container) -> None:
    attach_first()
    assert ours("add-ports", *ADD[1:], "c2", "--ipaddress=10.0.0.1/24", "--vlan=5") == DONE
    assert ours("check").code == 0


def test_the_port_of_a_stopped_container_keeps_it_that_of_a_removed_one_does_not(
    bridge: str, c1: Container, c2: Container
) -> None:
    attach_first()
    c1.stop()
    assert ours("add-ports", *ADD[1:], "c2", "--ipaddress=10.0.0.1/24").code == 1
    c1.remove()
    assert ours("add-ports", *ADD[1:], "c2", "--ipaddress=10.0.0.1/24") == DONE


def test_a_watch_does_not_attach_the_second_even_after_a_restart_of_the_first(
    bridge: str, container: ContainerFactory
) -> None:
    label = fleet.LABEL.format(1)
    with watch("--labels") as running:
        first = container("c1", label)
        running.says("attached eth0 of container c1")
        container("c2", label)
        running.says(HELD)
        first.restart()
        running.says("restored port")
    assert fleet.attached() == {"c1/eth0": ["10.0.0.1/24"]}


def test_check_names_both(bridge: str, c1: Container, c2: Container) -> None:
    attach_first()
    ours(*ADD, "c2", "--ipaddress=10.0.0.1/24", check=True)
    data = json.loads(ours("--format=json", "check").out)["data"]
    assert [finding["code"] for each in data for finding in each["findings"]] == ["address-twice"] * 2
    assert data[1]["port"] in data[0]["findings"][0]["message"]
    ours("del-port", "br-int", "eth0", "c2", check=True)
    assert ours("check").code == 0
