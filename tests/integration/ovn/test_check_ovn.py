"""check on OVN's integration bridge: the logical port is broken in turn, and what is wrong with it is named."""

import contextlib
import json
import shlex
from collections.abc import Iterator

import pytest

from tests.host import ovn
from tests.integration.support import logical, ports
from tests.integration.support.commands import ours, ovs, run
from tests.integration.support.containers import Container
from tests.integration.support.fleet import wait_until
from tests.integration.support.hints import PLACE, follow

MAC = "02:00:00:00:00:01"
OPTIONS = ("--logical-switch=ls0", "--ipaddress=10.0.0.2/24", f"--macaddress={MAC}")


pytestmark = pytest.mark.usefixtures("ls0")


@pytest.fixture
def attached(c1: Container) -> None:
    """Attach c1 to it."""
    ours("add-port", *PLACE, *OPTIONS, check=True)


def codes(*words: str) -> list[str]:
    data = json.loads(ours("--format=json", *words, "check").out)["data"]
    return [finding["code"] for subject in data for finding in subject["findings"]]


def becomes(found: list[str]) -> None:
    """Wait until OVN has worked a change through and check finds just this."""
    wait_until(lambda: codes() == found)


def test_a_port_on_a_logical_switch_is_well(attached: None) -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (("lsp-set-enabled", "c1_eth0", "disabled"), "logical-port-disabled"),
        (("lsp-set-addresses", "c1_eth0", f"{MAC} 10.0.0.9"), "logical-addresses-differ"),
        (("lsp-set-addresses", "c1_eth0"), "logical-addresses-differ"),
        (("lsp-del", "c1_eth0"), "logical-port-missing"),
    ],
)
def test_a_logical_port_that_somebody_changed_is_found_and_the_hint_mends_it(
    attached: None, broken: tuple[str, ...], found: str
) -> None:
    logical.nb(*broken)
    follow(hint_of(found))
    becomes([])


def test_what_it_says_about_one_that_is_missing_mends_it(attached: None) -> None:
    logical.nb("lsp-del", "c1_eth0")
    becomes(["logical-port-missing"])
    assert "there is no logical port c1_eth0 (ovs-docker sync creates it again)" in ours("check").out
    ours("sync", check=True)
    becomes([])


def test_what_it_says_about_addresses_mends_them(attached: None) -> None:
    logical.nb("lsp-set-addresses", "c1_eth0", f"{MAC} 10.0.0.9")
    said = ours("check").out
    assert f"logical port c1_eth0 has the addresses {MAC} 10.0.0.9, not the container's 10.0.0.2/24" in said
    hint = said.rpartition("(ovn-nbctl ")[2].rstrip(")\n")
    logical.nb(*hint.split(" ", 2)[:2], hint.split(" ", 2)[2].strip('"'))
    becomes([])


TWIN = ("set", "Logical_Switch_Port", "twin", f'addresses="{MAC} 10.0.0.2"')


def hint_of(code: str) -> str:
    """Wait until check finds just this, and return its hint."""
    becomes([code])
    (said,) = [
        finding["hint"]
        for subject in json.loads(ours("--format=json", "check").out)["data"]
        for finding in subject["findings"]
    ]
    return str(said)


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (("lsp-set-port-security", "c1_eth0", f"{MAC} 10.0.0.9"), "port-security-differs"),
        (("lsp-set-port-security", "c1_eth0", "02:00:00:00:00:99"), "port-security-differs"),
        (("lsp-add", "ls0", "twin", "--", *TWIN), "logical-addresses-twice"),
    ],
)
def test_a_logical_network_that_somebody_changed_is_found_and_the_hint_mends_it(
    attached: None, broken: tuple[str, ...], found: str
) -> None:
    logical.nb(*broken)
    follow(hint_of(found))
    becomes([])


def test_a_logical_port_on_another_switch_is_found_and_the_hint_mends_it(attached: None) -> None:
    logical.switch("ls1")
    logical.nb("lsp-del", "c1_eth0", "--", "lsp-add", "ls1", "c1_eth0")
    logical.nb("lsp-set-addresses", "c1_eth0", f"{MAC} 10.0.0.2")
    follow(hint_of("logical-port-moved"))
    becomes([])
    assert logical.ports() == {"ls0": ["c1_eth0"], "ls1": []}


def test_an_iface_id_that_somebody_misspelt_is_found_and_makes_no_second_logical_port(attached: None) -> None:
    ovs("set", "interface", ports.of("c1"), "external_ids:iface-id=c1_ethO")
    hint = hint_of("logical-port-missing")
    assert (ours("sync").out, logical.ports()) == ("", {"ls0": ["c1_eth0"]})
    follow(hint)
    becomes([])


def test_a_removed_iface_id_is_found_and_the_hint_mends_it(attached: None) -> None:
    ovs("remove", "interface", ports.of("c1"), "external_ids", "iface-id")
    wait_until(lambda: codes()[:1] == ["iface-id-missing"])
    assert "(del-port, then add-port)" in ours("check").out
    attach_anew()


def test_a_port_that_somebody_moved_to_another_bridge_is_found_and_the_hint_mends_it(attached: None) -> None:
    ovs("add-br", "br-else", "--", "set", "bridge", "br-else", "datapath_type=netdev")
    uuid = ovs("get", "port", ports.of("c1"), "_uuid")
    ovs("remove", "bridge", "br-int", "ports", uuid, "--", "add", "bridge", "br-else", "ports", uuid)
    follow(hint_of("not-on-integration-bridge"), *OPTIONS)
    becomes([])


def attach_anew() -> None:
    """Do what a hint says."""
    ours("del-port", *PLACE, check=True)
    ours("add-port", *PLACE, "--logical-switch=ls0", "--ipaddress=10.0.0.2/24", f"--macaddress={MAC}", check=True)
    becomes([])


def test_a_controller_that_hangs_is_found(attached: None) -> None:
    with ovn.controller().paused():
        assert codes() == ["ovn-controller-silent"]
    becomes([])


def test_a_controller_that_was_killed_is_found_and_the_hint_mends_it(attached: None) -> None:
    ovn.controller().kill()
    try:
        follow(hint_of("ovn-controller-silent"))
    finally:
        ovn.controller().start()
    becomes([])


def test_a_removed_ovn_remote_is_found(attached: None) -> None:
    remote = ovs("get", "Open_vSwitch", ".", "external_ids:ovn-remote")
    ovs("--no-wait", "remove", "Open_vSwitch", ".", "external_ids", "ovn-remote")
    try:
        follow(hint_of("no-ovn-remote").replace("URI", remote))
    finally:
        ovs("--no-wait", "set", "Open_vSwitch", ".", f"external_ids:ovn-remote={remote}")
    becomes([])


def test_a_port_whose_iface_id_nobody_knows_is_found(c1: Container) -> None:
    ours("add-port", *PLACE, "--iface-id=lsp9", check=True)
    follow(hint_of("logical-port-missing").replace("SWITCH", "ls0"))
    follow(hint_of("logical-addresses-differ"))
    becomes([])


def test_without_a_northbound_database_the_southbound_one_is_asked(attached: None) -> None:
    assert codes("--nb-db=unix:/none") == []
    ovs("set", "interface", ports.of("c1"), "external_ids:iface-id=lsp9")
    assert codes("--nb-db=unix:/none") == ["logical-port-not-bound"]


def test_a_controller_that_let_go_of_the_port_is_found(attached: None) -> None:
    run("ovn-appctl", "-t", "ovn-controller", "exit", check=True)  # asked to, it unbinds its ports before it ends
    try:
        hint = hint_of("not-claimed")
    finally:
        ovn.controller().start()
    assert run(*shlex.split(hint.partition("? ")[2])).out == "connected\n"
    becomes([])


def test_a_logical_port_that_northd_has_not_seen_is_found_and_the_hint_names_it(attached: None, c2: Container) -> None:
    with ovn.northd().stopped():
        ours("--no-wait", "add-port", "br-int", "eth0", "c2", "--logical-switch=ls0", check=True)
        assert hint_of("logical-port-not-bound") == "is ovn-northd running, and does the logical port exist?"
    becomes([])


def test_ports_of_other_bridges_are_none_of_ovns_business(c1: Container) -> None:
    ours("add-port", "br-else", "eth0", "c1", "--datapath-type=netdev", check=True)
    assert codes() == []


def test_a_southbound_database_that_is_away_is_told_besides_the_ports(attached: None) -> None:
    remote = ovs("get", "Open_vSwitch", ".", "external_ids:ovn-remote")
    ovs("--no-wait", "set", "Open_vSwitch", ".", "external_ids:ovn-remote=unix:/none")
    try:
        said = ours("check")
        assert (said.code, said.out.split(":")[0]) == (1, "wrong  OVN")
    finally:
        ovs("--no-wait", "set", "Open_vSwitch", ".", f"external_ids:ovn-remote={remote}")


def test_settings_for_this_chassis_alone_are_as_good_as_settings_for_all(attached: None) -> None:
    """ovn-controller(8): KEY-CHASSIS goes before KEY."""
    with of_this_chassis_alone("ovn-remote", "ovn-bridge"):
        ours("del-port", *PLACE, check=True)
        ours("add-port", *PLACE, "--logical-switch=ls0", "--ipaddress=10.0.0.2/24", f"--macaddress={MAC}", check=True)
        assert codes() == []
        logical.nb("lsp-del", "c1_eth0")
        becomes(["logical-port-missing"])
        assert ours("sync", check=True).out == "restored logical port c1_eth0 on logical switch ls0\n"
        becomes([])


@contextlib.contextmanager
def of_this_chassis_alone(*keys: str) -> Iterator[None]:
    """Move OVN's settings to keys that end in the system-id, for the length of the with block."""
    ids = {"ovn-bridge": "br-int", "ovn-remote": setting("ovn-remote")}
    name = setting("system-id")
    ovs("--no-wait", "set", "Open_vSwitch", ".", *(f'external_ids:{key}-{name}="{ids[key]}"' for key in keys))
    ovs("--no-wait", "remove", "Open_vSwitch", ".", *(word for key in keys for word in ("external_ids", key)))
    try:
        yield
    finally:
        ovs("--no-wait", "set", "Open_vSwitch", ".", f'external_ids:ovn-remote="{ids["ovn-remote"]}"')
        ovs("--no-wait", "remove", "Open_vSwitch", ".", *(w for key in keys for w in ("external_ids", f"{key}-{name}")))


def setting(key: str) -> str:
    return ovs("get", "Open_vSwitch", ".", f"external_ids:{key}").strip('"')
