"""BRIDGE at the script's four verbs: made when missing, fake ones count, and looked at by add-port only.

The new part: ours says so when a bridge cannot run, and warns of a port on another bridge.
"""

from typing import Any

import pytest

from tests.host import DATAPATH
from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import Result, ours, ovs, run, script
from tests.integration.support.comparison import comparable_snapshot
from tests.integration.support.containers import Container
from tests.integration.support.side_by_side import PLACE, Program, attached, both, stage
from tests.integration.support.snapshot import snapshot

ELSEWHERE = [
    ("del-port", "br-other", "eth0", "c1"),
    ("del-port", "no-such-bridge", "eth0", "c1"),
    ("del-port", "", "eth0", "c1"),
    ("del-ports", "br-other", "c1"),
    ("set-vlan", "br-other", "eth0", "c1", "5"),
    ("set-vlan", "no-such-bridge", "eth0", "c1", "5"),
]


def test_a_missing_bridge_is_created_as_the_script_creates_it(container: ContainerFactory) -> None:
    pictures = []
    unseen = () if DATAPATH == "system" else ("--no-wait",)  # where it cannot run, the script does not mind
    for program, options in ((script, ()), (ours, unseen)):
        container("c1")
        result = program("add-port", "br-new", "eth0", "c1", "--ipaddress=10.0.0.1/24", *options)
        pictures.append((result.code, result.out, comparable_snapshot()))
        program("del-ports", "br-new", "c1")
        ovs("del-br", "br-new")
        Container("c1", "c1").remove()
    assert pictures[0] == pictures[1]


@pytest.mark.skipif(DATAPATH == "system", reason="here the bridge can run")
def test_where_the_bridge_cannot_run_ours_says_so_and_leaves_nothing(c1: Container) -> None:
    before = snapshot()
    result = ours("add-port", "br-new", "eth0", "c1", "--ipaddress=10.0.0.1/24")
    assert (result, snapshot()) == (
        Result(
            1,
            "",
            "ovs-docker: ovs-vswitchd cannot run bridge br-new: is the openvswitch kernel module missing? "
            "(modprobe openvswitch, or --datapath-type=netdev for a new bridge in userspace)\n",
        ),
        before,
    )


def test_somebodys_device_becomes_no_bridge(c1: Container) -> None:
    """vswitchd would take a tap of this name over, and delete it with the bridge."""
    run("ip", "tuntap", "add", "tap9", "mode", "tap", check=True)
    try:
        before = snapshot()
        said = ours("add-port", "tap9", "eth0", "c1", "--datapath-type=netdev")
        assert said.err.startswith("ovs-docker: BRIDGE tap9: there is a device of this name")
        assert (said.code, snapshot()) == (1, before)
    finally:
        run("ip", "link", "delete", "tap9", check=True)


def test_a_created_bridge_is_said_once_unless_quiet(c1: Container) -> None:
    add = ("add-port", "br-new", "eth0", "c1", "--datapath-type=netdev")
    assert ours("--dry-run", *add).err == ""
    assert ours(*add) == Result(0, "", "ovs-docker: created bridge br-new\n")
    ours("del-port", "br-new", "eth0", "c1", check=True)
    assert ours(*add) == Result(0, "", "")
    ours("del-port", "br-new", "eth0", "c1", check=True)
    ovs("del-br", "br-new")
    assert ours("-q", *add) == Result(0, "", "")


@pytest.mark.parametrize("name", ["br%d", "."])
def test_a_new_bridge_whose_device_cannot_be_made_is_a_failure(bridge: str, c1: Container, name: str) -> None:
    before = snapshot()
    result = ours("add-port", name, "eth0", "c1", "--datapath-type=netdev")
    said = f"ovs-docker: ovs-vswitchd cannot create the device of bridge {name}: could not "
    assert (result.code, result.out, result.err[: len(said)], snapshot()) == (1, "", said, before)


def test_a_created_bridge_stays_when_its_ports_go(c1: Container) -> None:
    ours("add-port", "br-new", "eth0", "c1", "--datapath-type=netdev")
    ours("del-port", "br-new", "eth0", "c1")
    assert comparable_snapshot()["bridge"] == {
        "br-new": {"datapath_type": "netdev", "external_ids": {}, "ports": ["br-new"]}
    }


@pytest.mark.parametrize("verb", ["add-port", "set-vlan", "del-port", "del-ports"])
def test_a_fake_bridge_counts_as_one(verb: str) -> None:
    def scenario(program: Program) -> Result:
        stage()
        ovs("add-br", "vlan10", "br-int", "10")
        done = program("add-port", "vlan10", "eth0", "c1", "--ipaddress=10.0.0.1/24")
        words = {"set-vlan": ("vlan10", "eth0", "c1", "5"), "del-ports": ("vlan10", "c1")}
        return done if verb == "add-port" else program(verb, *words.get(verb, ("vlan10", "eth0", "c1")))

    by_ours, by_script = both(scenario)
    assert by_ours == by_script
    assert by_ours.outcome == (0, "", "")


def test_a_port_on_a_fake_bridge_has_its_vlan_and_its_parent() -> None:
    stage()
    ovs("add-br", "vlan10", "br-int", "10")
    ours("add-port", "vlan10", *PLACE[1:])
    picture: dict[str, Any] = comparable_snapshot()
    assert (picture["port"]["c1/eth0"]["tag"], picture["bridge"]["br-int"]["ports"]) == (
        10,
        ["br-int", "c1/eth0", "vlan10"],
    )


@pytest.mark.parametrize("words", ELSEWHERE, ids=" ".join)
def test_the_other_verbs_find_the_port_on_whatever_bridge(words: tuple[str, ...]) -> None:
    def scenario(program: Program) -> Result:
        attached(program)
        ovs("add-br", "br-other", "--", "set", "bridge", "br-other", f"datapath_type={DATAPATH}")
        return program(*words)

    by_ours, by_script = both(scenario)
    assert (by_ours.silent, by_script.err) == (by_script.silent, "")
    assert (by_ours.code, by_ours.err.split(" ", 4)[4]) == (0, f"is on bridge br-int, not on {words[1]}\n")
    assert by_ours.err.startswith("ovs-docker: warning: port ")


def test_the_warning_names_the_port(c1: Container) -> None:
    attached_to = attached_port(c1)
    assert ours("set-vlan", "br-other", "eth0", "c1", "5").err == (
        f"ovs-docker: warning: port {attached_to} is on bridge br-int, not on br-other\n"
    )


def attached_port(container: Container) -> str:
    ovs("add-br", "br-int", "--", "set", "bridge", "br-int", f"datapath_type={DATAPATH}")
    ours("add-port", "br-int", "eth0", container.name)
    return ours("get-port", "br-int", "eth0", container.name).out.strip()


def test_a_port_of_a_bridge_that_was_deleted_and_made_anew_keeps_its_route(bridge: str, c1: Container) -> None:
    """Scripts begin with del-br; the pair is still there then, and with it the default route."""
    add = ("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.1/24", "--gateway=10.0.0.254")
    ours(*add, check=True)
    before = c1.ip("route")
    ovs("del-br", bridge)
    ovs("add-br", bridge, "--", "set", "bridge", bridge, "datapath_type=netdev")
    assert (ours(*add), c1.ip("route")) == (Result(0, "", ""), before)
