"""ovs-vswitchd refuses the port, or does not answer: each has its own message, and nothing is left.

The database is in test_failures_database.py.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.host import services
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.refusal import ADD, DEL, nothing_changed, picture, refusal

NO_MODULE = (
    "ovs-vswitchd cannot run bridge {}: is the openvswitch kernel module missing? "
    "(modprobe openvswitch, or --datapath-type=netdev for a new bridge in userspace)"
)
NO_ANSWER = (
    "ovs-vswitchd did not apply the change within 3 s "
    "(is ovs-vswitchd running? --timeout=SECS waits longer, --no-wait not at all)"
)
SILENT = [
    pytest.param(lambda: services.vswitchd().paused(), id="frozen"),
    pytest.param(lambda: services.vswitchd().stopped(), id="gone"),
]
Without = Callable[[], Any]


def test_a_bridge_that_vswitchd_cannot_run_is_told_and_kept(c1: Container) -> None:
    ovs("--no-wait", "add-br", "br-sys")
    with nothing_changed():
        said = refusal("add-port", "br-sys", "eth0", "c1")
    assert said == NO_MODULE.format("br-sys")


@pytest.mark.parametrize("options", [(), ("--datapath-type=system",)], ids=["default", "system"])
def test_a_bridge_that_was_made_in_vain_is_removed_again(c1: Container, options: tuple[str, ...]) -> None:
    with nothing_changed():
        said = refusal("add-port", "br-new", "eth0", "c1", *options)
    assert said == NO_MODULE.format("br-new")


def test_a_bridge_of_another_datapath_type_is_not_changed(bridge: str, c1: Container) -> None:
    with nothing_changed():
        said = refusal(*ADD, "--datapath-type=system")
    assert said == "--datapath-type=system: bridge br-int already exists, with datapath type netdev"


def test_a_port_is_not_a_bridge(bridge: str, c1: Container) -> None:
    ovs("add-port", bridge, "p0", "--", "set", "interface", "p0", "type=internal")
    with nothing_changed():
        said = refusal("add-port", "p0", "eth0", "c1")
    assert said == "BRIDGE p0: is a port of bridge br-int (attach to br-int instead)"


def test_an_openflow_port_that_is_taken_is_named(bridge: str, c1: Container, c2: Container) -> None:
    ours("add-port", bridge, "eth0", "c2", "--ofport=7", check=True)
    with nothing_changed():
        said = refusal(*ADD, "--ofport=7")
    assert said == "--ofport=7: bridge br-int gave 1 instead (another port has that number)"


@pytest.mark.parametrize("silent", SILENT)
def test_a_port_that_vswitchd_does_not_confirm_is_taken_back(bridge: str, c1: Container, silent: Without) -> None:
    with nothing_changed(), silent():
        said = refusal(*ADD, "--ipaddress=10.0.0.1/24", "--timeout=3", seconds=8)
    assert said == NO_ANSWER


@pytest.mark.parametrize("silent", SILENT)
def test_so_is_the_bridge_made_for_it(c1: Container, silent: Without) -> None:
    with nothing_changed(), silent():
        said = refusal("add-port", "br-new", "eth0", "c1", "--datapath-type=netdev", "--timeout=3", seconds=8)
    assert said == NO_ANSWER


@pytest.mark.parametrize("silent", SILENT)
def test_so_is_a_vlan(bridge: str, c1: Container, silent: Without) -> None:
    ours(*ADD, "--vlan=5", check=True)
    with nothing_changed(), silent():
        said = refusal("--timeout=3", "set-vlan", bridge, "eth0", "c1", "6", seconds=8)
        said_of_trunk = refusal("--timeout=3", "set-trunk", bridge, "eth0", "c1", "6-9", seconds=8)
    assert (said, said_of_trunk) == (NO_ANSWER, NO_ANSWER)


@pytest.mark.parametrize("silent", SILENT)
def test_a_port_whose_removal_is_not_confirmed_is_gone_and_that_is_said(
    bridge: str, c1: Container, silent: Without
) -> None:
    ours(*ADD, check=True)
    name = ovs("--bare", "--columns=name", "find", "interface", "external_ids:container_iface=eth0")
    with silent():
        said = refusal("--timeout=3", *DEL, seconds=8)
    assert (said, ovs("list-ports", bridge), c1.ip("link", "show", "type", "veth")) == (
        f"{name} removed, but {NO_ANSWER}",
        "",
        [],
    )


def test_who_does_not_want_to_wait_need_not(bridge: str, c1: Container) -> None:
    before = picture()
    with services.vswitchd().stopped():
        done = ours("--no-wait", *ADD, "--timeout=3"), ours("--no-wait", *DEL, "--timeout=3")
    assert (*done, picture()) == (Result(0, "", ""), Result(0, "", ""), before)
