"""list-ports: every state that a port can be in, who it belongs to, what is filtered, and the table for people.

The envelope around it is tested in test_json.py.
"""

import json
from typing import Any

import pytest

from tests.host import DATAPATH
from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import ours, ovs, run, script
from tests.integration.support.containers import Container
from tests.integration.support.ports import of


def listed(*words: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = json.loads(ours("--format=json", "list-ports", *words, check=True).out)["data"]
    return data


def states(*words: str) -> dict[str, str]:
    return {
        f"{port['container_name'] or port['container_id']}/{port['interface']}": port["state"]
        for port in listed(*words)
    }


def break_in_the_switch(port: str) -> str:
    """Make vswitchd refuse a port whose link is there; return its words."""
    ovs("--no-wait", "set", "interface", port, "type=patch")
    run("ovs-vsctl", "set", "interface", port, "external_ids:seen=yes")  # waits for vswitchd
    return f"{port}: patch type requires valid 'peer' argument"


@pytest.mark.parametrize("program", [ours, script], ids=["of-ours", "of-the-script"])
def test_every_state_is_told(program: Any, bridge: str, container: ContainerFactory) -> None:
    made = [container(f"c{number}") for number in range(1, 7)]
    for c in made:
        program("add-port", bridge, "eth0", c.name, check=True)
    run("ip", "link", "delete", of("c2"), check=True)
    made[2].restart()
    made[3].stop()
    made[4].remove()
    words = break_in_the_switch(of("c6"))
    assert (states(), [port["error"] for port in listed()]) == (
        {
            "c1/eth0": "up",
            "c2/eth0": "stale",
            "c3/eth0": "stale",
            "c4/eth0": "stopped",
            "c5/eth0": "gone",
            "c6/eth0": "error",
        },
        [None] * 5 + [words],
    )


def test_a_paused_container_is_up(bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    c1.pause()
    found = states()
    c1.unpause()
    assert found == {"c1/eth0": "up"}


def test_a_container_made_anew_under_the_name_is_another(bridge: str, container: ContainerFactory) -> None:
    first = container("c1")
    ours("add-port", bridge, "eth0", "c1", check=True)
    first.remove()
    container("c1")
    assert states() == {"c1/eth0": "gone"}


def test_a_removed_container_is_not_taken_for_one_whose_name_begins_alike(
    bridge: str, container: ContainerFactory
) -> None:
    first = container("c1")
    script("add-port", bridge, "eth0", "c1", check=True)
    first.remove()
    container("c10")
    assert states() == {"c1/eth0": "gone"}


def test_a_port_that_says_nothing_of_a_container_is_not_ours_to_list(bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    ovs("add-port", bridge, "p0", "--", "set", "interface", "p0", "type=internal", "external_ids:iface-id=c1_eth0")
    assert states() == {"c1/eth0": "up"}


@pytest.fixture
def three(bridge: str, container: ContainerFactory) -> Container:
    """Attach c1 twice, to two bridges, and c10 once; return c1."""
    c1 = container("c1")
    container("c10")
    ovs("add-br", "br-other", "--", "set", "bridge", "br-other", f"datapath_type={DATAPATH}")
    ovs("add-br", "vlan10", bridge, "10")
    ours("add-port", bridge, "eth0", "c1", check=True)
    script("add-port", "br-other", "eth1", c1.short_id, check=True)
    ours("add-port", "vlan10", "eth0", "c10", check=True)
    return c1


def test_a_bridge_lists_its_ports(three: Container) -> None:
    shown = {bridge: list(states(bridge)) for bridge in ("br-int", "br-other", "vlan10")}
    assert shown == {"br-int": ["c1/eth0", "c10/eth0"], "br-other": ["c1/eth1"], "vlan10": ["c10/eth0"]}


def test_a_container_lists_its_ports_by_any_form_of_its_name(three: Container) -> None:
    shown = [list(states(f"--container={form}")) for form in (three.name, three.short_id, three.id)]
    assert shown == [["c1/eth0", "c1/eth1"]] * 3


def test_get_port_with_its_words_the_wrong_way_round_says_the_right_one(three: Container) -> None:
    result = ours("get-port", "eth0", "c10")
    assert (result.code, result.out) == (1, "")
    assert result.err.endswith("(the order is CONTAINER INTERFACE: get-port c10 eth0)\n")
    assert ours("get-port", "c10", "eth0").code == 0
    assert ours("get-port", "eth9", "c10").err == (
        "ovs-docker: Failed to find any attached port for CONTAINER=eth9 and INTERFACE=c10\n"
    )


def test_bridge_and_container_together_narrow_the_list(three: Container) -> None:
    assert list(states("br-other", "--container", "c1")) == ["c1/eth1"]


@pytest.mark.parametrize("words", [("--container=bare",), ("br-other", "--container=c10")])
def test_what_does_not_match_is_an_empty_list(
    words: tuple[str, ...], three: Container, container: ContainerFactory
) -> None:
    container("bare")
    assert (listed(*words), ours("list-ports", *words).out) == ([], "")


@pytest.mark.parametrize("name", ["c", "c2"])
def test_a_container_that_there_is_not_is_an_error(name: str, three: Container) -> None:
    result = ours("list-ports", f"--container={name}")
    assert (result.code, result.out, "no such container" in result.err) == (1, "", True)


def test_people_see_a_table(bridge: str, container: ContainerFactory) -> None:
    for number in (1, 2, 10):
        container(f"c{number}")
    mac = "02:00:00:00:00:0{}"
    ours("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.1/24,2001:db8::1/64", f"--macaddress={mac.format(1)}")
    ours("add-port", bridge, "eth0", "c2", "--vlan=5", "--trunks=10,20-22,30", f"--macaddress={mac.format(2)}")
    ours("add-port", bridge, "group_1", "c10", "--trunks=7", "--ofport=99", f"--macaddress={mac.format(3)}")
    words = break_in_the_switch(of("c10", "group_1"))
    ports = of("c1"), of("c2"), of("c10", "group_1")
    assert ours("list-ports", check=True).out.splitlines() == [
        "BRIDGE  PORT             CONTAINER  INTERFACE  STATE  OFPORT  VLAN           MAC                ADDRESSES",
        f"br-int  {ports[0]}  c1         eth0       up     1       -              02:00:00:00:00:01  "
        "10.0.0.1/24,2001:db8::1/64",
        f"br-int  {ports[1]}  c2         eth0       up     2       5+10,20-22,30  02:00:00:00:00:02  -",
        f"br-int  {ports[2]}  c10        group_1    error  -1      7              02:00:00:00:00:03  -  {words}",
    ]
