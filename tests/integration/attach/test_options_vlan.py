"""VLANs of a port: --vlan and --trunks at add-port, set-vlan, set-trunk, their `none`, on real and fake bridges.

What a VLAN does to traffic is tested in test_traffic.py.
"""

from typing import Any

import pytest

from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.ports import of, vlans
from tests.integration.support.snapshot import snapshot

DONE = Result(0, "", "")
PLACE = ("br-int", "eth0", "c1")
NEITHER: dict[str, Any] = {"tag": [], "trunks": [], "vlan_mode": []}
ACCESS: dict[str, Any] = {"tag": 5, "trunks": [], "vlan_mode": []}
TRUNK: dict[str, Any] = {"tag": [], "trunks": [10, 20, 21, 22], "vlan_mode": []}
NATIVE: dict[str, Any] = {"tag": 5, "trunks": [10, 20, 21, 22], "vlan_mode": "native-untagged"}
AT_ADD_PORT: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    ((), NEITHER),
    (("--vlan=5",), ACCESS),
    (("--vlan=0",), {**ACCESS, "tag": 0}),
    (("--vlan=4095",), {**ACCESS, "tag": 4095}),
    (("--trunks=20-22,10",), TRUNK),
    (("--vlan=5", "--trunks=10,20-22"), NATIVE),
    (("--vlan=", "--trunks="), NEITHER),
]
CHANGES: list[tuple[tuple[str, ...], tuple[str, str], dict[str, Any]]] = [
    ((), ("set-vlan", "5"), ACCESS),
    (("--vlan=7",), ("set-vlan", "5"), ACCESS),
    (("--vlan=5",), ("set-vlan", "none"), NEITHER),
    ((), ("set-vlan", "none"), NEITHER),
    ((), ("set-trunk", "10,20-22"), TRUNK),
    (("--trunks=1-4",), ("set-trunk", "10,20-22"), TRUNK),
    (("--trunks=1-4",), ("set-trunk", "none"), NEITHER),
    (("--vlan=5",), ("set-trunk", "10,20-22"), NATIVE),
    (("--vlan=5", "--trunks=10,20-22"), ("set-trunk", "none"), ACCESS),
    (("--vlan=5", "--trunks=10,20-22"), ("set-vlan", "none"), TRUNK),
    (("--vlan=7", "--trunks=10,20-22"), ("set-vlan", "5"), NATIVE),
]


@pytest.mark.parametrize(("options", "expected"), AT_ADD_PORT, ids=repr)
def test_add_port_sets_tag_trunks_and_mode(
    options: tuple[str, ...], expected: dict[str, Any], bridge: str, c1: Container
) -> None:
    assert ours("add-port", *PLACE, *options) == DONE
    assert vlans(of("c1")) == expected


@pytest.mark.parametrize(("options", "call", "expected"), CHANGES, ids=repr)
def test_set_vlan_and_set_trunk_change_their_part_and_put_the_mode_right(
    options: tuple[str, ...], call: tuple[str, str], expected: dict[str, Any], bridge: str, c1: Container
) -> None:
    ours("add-port", *PLACE, *options, check=True)
    assert ours(call[0], *PLACE, call[1]) == DONE
    assert vlans(of("c1")) == expected


def test_a_mode_that_somebody_else_chose_is_kept(bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, check=True)
    ovs("set", "port", of("c1"), "vlan_mode=native-tagged")
    calls = [ours("set-vlan", *PLACE, "5"), ours("set-trunk", *PLACE, "10,20-22")]
    assert (calls, vlans(of("c1"))) == ([DONE, DONE], {**NATIVE, "vlan_mode": "native-tagged"})


@pytest.mark.parametrize(
    ("verb", "value", "said"),
    [
        ("set-vlan", "4096", "VLAN 4096: needs a whole number from 0 to 4095"),
        ("set-vlan", "five", "VLAN five: needs a whole number from 0 to 4095"),
        ("set-vlan", "", "VLAN : needs a whole number from 0 to 4095"),
        ("set-trunk", "10,4096", "VLANS 10,4096: needs a whole number from 0 to 4095"),
        ("set-trunk", "22-20", "VLANS 22-20: the range 22-20 runs backwards"),
    ],
)
def test_a_vlan_that_cannot_be_is_refused_by_name(verb: str, value: str, said: str, bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, "--vlan=7", check=True)
    before = snapshot()
    result = ours(verb, *PLACE, value)
    assert (result, snapshot()) == (Result(1, "", f"ovs-docker: {said}\n"), before)


@pytest.mark.parametrize("verb", ["set-vlan", "set-trunk"])
def test_what_is_not_attached_has_no_vlan_to_set(verb: str, bridge: str, c1: Container) -> None:
    said = "ovs-docker: Failed to find any attached port for CONTAINER=c1 and INTERFACE=eth0\n"
    assert ours(verb, *PLACE, "5") == Result(1, "", said)


@pytest.mark.parametrize("option", ["--vlan=5", "--trunks=5"])
def test_a_fake_bridge_has_its_vlan_already(option: str, bridge: str, c1: Container) -> None:
    ovs("add-br", "vlan10", bridge, "10")
    before = snapshot()
    result = ours("add-port", "vlan10", "eth0", "c1", option)
    said = "--vlan and --trunks: bridge vlan10 is VLAN 10 of bridge br-int (attach to br-int instead)"
    assert (result, snapshot()) == (Result(1, "", f"ovs-docker: {said}\n"), before)


def test_a_fake_bridge_takes_its_own_vlan_as_vlan(bridge: str, c1: Container) -> None:
    ovs("add-br", "vlan10", bridge, "10")
    assert ours("add-port", "vlan10", "eth0", "c1", "--vlan=10") == DONE
    assert vlans(of("c1")) == {**ACCESS, "tag": 10}
