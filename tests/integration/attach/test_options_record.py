"""add-port's options about the port: its record, iface-id, OpenFlow number, external_ids, the bridge's datapath.

VLANs are in test_options_vlan.py, what happens to a port that is there already in test_options_existing.py.
"""

from collections.abc import Callable

import pytest

from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.ports import of, ofport, record
from tests.integration.support.snapshot import snapshot

DONE = Result(0, "", "")


def test_the_record_holds_what_the_port_is_rebuilt_and_found_by(bridge: str, c1: Container) -> None:
    options = (
        "--ipaddress=10.0.0.1/24,2001:db8::1",
        "--gateway=10.0.0.254,2001:db8::ff",
        "--route=192.168.7.0/24,10.0.0.9",
        "--route=192.168.8.0/24",
        "--macaddress=02:00:00:00:01:0A",
        "--mtu=1400",
        "--external-id=owner-team=net=1",
        "--external-id=empty=",
    )
    assert ours("add-port", bridge, "eth0", c1.short_id, *options) == DONE
    assert record(of(c1.short_id)) == {
        "attached-mac": "02:00:00:00:01:0a",
        "container_id": c1.short_id,
        "container_iface": "eth0",
        "empty": "",
        "iface-id": "c1_eth0",
        "ovs-docker-addresses": "10.0.0.1/24,2001:db8::1/128",
        "ovs-docker-bridge": "br-int",
        "ovs-docker-gateway": "10.0.0.254,2001:db8::ff",
        "ovs-docker-id": c1.id,
        "ovs-docker-ip-10.0.0.1": "true",
        "ovs-docker-ip-2001:db8::1": "true",
        "ovs-docker-mtu": "1400",
        "ovs-docker-name": "c1",
        "ovs-docker-routes": "192.168.7.0/24,10.0.0.9 192.168.8.0/24",
        "owner": "ovs-docker",
        "owner-team": "net=1",
    }


def test_a_port_without_options_has_a_short_record_with_its_random_mac(bridge: str, c1: Container) -> None:
    assert ours("add-port", bridge, "eth0", "c1") == DONE
    assert record(of("c1")) == {
        "attached-mac": snapshot()["containers"]["c1"]["links"]["eth0"]["mac"],
        "container_id": "c1",
        "container_iface": "eth0",
        "iface-id": "c1_eth0",
        "ovs-docker-bridge": "br-int",
        "ovs-docker-id": c1.id,
        "ovs-docker-name": "c1",
        "owner": "ovs-docker",
    }


@pytest.mark.parametrize(
    "typed",
    [lambda c1: c1.name, lambda c1: c1.short_id, lambda c1: c1.id],
    ids=["name", "short-id", "full-id"],
)
def test_the_iface_id_is_made_of_the_containers_name_however_it_was_typed(
    typed: Callable[[Container], str], bridge: str, c1: Container
) -> None:
    assert ours("add-port", bridge, "eth0", typed(c1)) == DONE
    assert record(of(typed(c1)))["iface-id"] == "c1_eth0"


def test_an_iface_id_can_be_chosen(bridge: str, c1: Container) -> None:
    assert ours("add-port", bridge, "eth0", "c1", "--iface-id=logical port 7") == DONE
    assert record(of("c1"))["iface-id"] == "logical port 7"


def test_the_host_end_is_named_as_the_scripts(bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    ours("add-port", bridge, "eth1", "c1", check=True)
    names = of("c1", "eth0"), of("c1", "eth1")
    parts = [(len(name), name[13:], set(name[:13]) <= set("0123456789abcdef")) for name in names]
    assert (parts, len(set(names))) == ([(15, "_l", True)] * 2, 2)


def test_an_ofport_can_be_chosen(bridge: str, c1: Container) -> None:
    assert ours("add-port", bridge, "eth0", "c1", "--ofport=77") == DONE
    assert ofport(of("c1")) == 77


def test_an_ofport_that_is_taken_is_refused_and_everything_rolled_back(
    bridge: str, c1: Container, c2: Container
) -> None:
    ours("add-port", bridge, "eth0", "c2", "--ofport=77", check=True)
    before = snapshot()
    result = ours("add-port", bridge, "eth0", "c1", "--ofport=77", "--ipaddress=10.0.0.1/24")
    said = "ovs-docker: --ofport=77: bridge br-int gave N instead (another port has that number)\n"
    given = result.err.partition(" gave ")[2].split(" ")[0]
    assert (result, given.isdigit(), snapshot()) == (Result(1, "", said.replace("N", given)), True, before)


def test_a_bridge_that_has_to_be_created_gets_the_datapath_type(c1: Container) -> None:
    assert ours("add-port", "br-new", "eth0", "c1", "--datapath-type=netdev") == Result(
        0, "", "ovs-docker: created bridge br-new\n"
    )
    assert (ovs("get", "bridge", "br-new", "datapath_type"), ofport(of("c1")) > 0) == ("netdev", True)


def test_the_datapath_type_of_a_bridge_that_exists_must_agree(bridge: str, c1: Container) -> None:
    before = snapshot()
    refused = ours("add-port", bridge, "eth0", "c1", "--datapath-type=system")
    after = snapshot()
    said = "--datapath-type=system: bridge br-int already exists, with datapath type netdev"
    agreed = ours("add-port", bridge, "eth0", "c1", "--datapath-type=netdev")
    assert (refused, after, agreed) == (Result(1, "", f"ovs-docker: {said}\n"), before, DONE)
