"""sync where something else is wrong: one port's trouble, a damaged record, a bad wish keep nobody else from theirs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.host import services
from tests.integration.conftest import ContainerFactory
from tests.integration.support import containers, fleet, ports
from tests.integration.support.commands import Result, docker, in_namespace, ours, ovs, script
from tests.integration.support.containers import Container
from tests.integration.support.fleet import LABEL

DONE = Result(0, "", "")


@pytest.mark.parametrize("key", ["ovs-docker-id", "attached-mac"])
def test_a_damaged_record_is_told_and_the_others_are_restored(three: list[Container], key: str) -> None:
    port = ports.of("c1")
    ovs("remove", "interface", port, "external_ids", key)
    assert (ours("sync"), ports.of("c1")) == (DONE, port)
    fleet.restart(three)
    done = ours("sync")
    assert (done.code, done.out.count("restored"), "Traceback" in done.err) == (
        0 if key == "ovs-docker-id" else 1,
        2,
        False,
    )
    if key == "attached-mac":
        assert f"the record of port {port} cannot be read: no attached-mac (del-port, then add-port)" in done.err
    assert (ours("del-port", "br-int", "eth0", "c1"), ours("add-port", "br-int", "eth0", "c1")) == (DONE, DONE)


def test_a_removal_that_is_not_confirmed_is_a_removal(three: list[Container]) -> None:
    port = ports.of("c2")
    three[1].remove()
    with services.vswitchd().paused():
        done = ours("--timeout=2", "sync")
        there = port in ovs("--no-wait", "list-ports", "br-int").split()
    assert (done.code, done.out, there) == (1, f"removed port {port} of eth0 of container c2, which is gone\n", False)
    assert f"{port} removed, but ovs-vswitchd did not apply the change" in done.err


def test_what_was_done_before_the_trouble_is_told(bridge: str, c1: Container, c2: Container) -> None:
    """Eleven removals are not waited for, and vswitchd is missed only afterwards."""
    for number in range(11):
        ours("add-port", bridge, f"eth{number}", "c1", check=True)
    ours("add-port", bridge, "eth0", "c2", check=True)
    c1.remove()
    c2.restart()
    with services.vswitchd().paused():
        done = ours("--format=json", "--timeout=2", "sync")
    told = json.loads(done.out)
    assert (done.code, len(told["data"]), [error["code"] for error in told["errors"]]) == (1, 11, ["timeout"])


def test_a_trunk_is_restored_beside_a_fake_bridge_of_its_own_vlan(bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", "--vlan=5", "--trunks=10,20", check=True)
    before = ports.vlans(ports.of("c1"))
    ovs("add-br", "fake5", bridge, "5")
    c1.restart()
    done = ours("sync")
    assert (done.code, done.out[:13], ports.vlans(ports.of("c1"))) == (0, "restored port", before)
    ovs("del-br", "fake5")


def test_several_gateways_of_one_container_come_back_in_some_order(bridge: str, c1: Container) -> None:
    wishes = [("eth0", "10.0.0.1/24", "10.0.0.254"), ("eth1", "10.0.1.1/24", "10.0.1.254")]
    for interface, address, gateway in wishes:
        ours("add-port", bridge, interface, "c1", f"--ipaddress={address}", f"--gateway={gateway}", check=True)
    before = defaults(c1)
    c1.restart()
    done = ours("sync")
    assert (done.code, {via for via, _ in defaults(c1)}, {metric for _, metric in defaults(c1)}) == (
        0,
        {via for via, _ in before},
        {metric for _, metric in before},
    )
    assert ours("check").code == 0


def defaults(container: Container) -> set[tuple[str, str]]:
    routes = container.ip("route", "show", "default")
    return {(str(route["gateway"]), str(route.get("metric", 0))) for route in routes}


def test_a_batch_gives_several_gateways_of_one_container_their_order(
    bridge: str, c1: Container, tmp_path: Path
) -> None:
    networks = [(f"eth{n}", f"10.0.{n}.1/24", f"10.0.{n}.254") for n in (1, 2, 3)]
    wishes = [
        fleet.port("c1", n, interface=interface, ipaddress=address, gateway=gateway)
        for n, (interface, address, gateway) in enumerate(networks)
    ]
    done = ours("add-ports", f"--file={fleet.ports_file(tmp_path, wishes)}")
    assert (done.code, done.err.count("has a default route"), defaults(c1)) == (
        *(0, 2),
        {("10.0.1.254", "0"), ("10.0.2.254", "1"), ("10.0.3.254", "2")},
    )


def test_one_bad_label_keeps_nobody_else_from_theirs(three: list[Container], container: ContainerFactory) -> None:
    container("good", LABEL.format(9))
    container("bad", "--label=ovs-docker.eth0=bridge=br-int ipadress=10.0.0.8/24")
    three[0].restart()
    done = ours("sync", "--labels")
    assert (done.code, done.out.count("restored port"), done.out.count("attached eth0 of container good")) == (1, 1, 1)
    assert done.err.startswith("ovs-docker: container bad, label ovs-docker.eth0: ipadress: unknown option")
    ours("del-port", "br-int", "eth0", "good", check=True)
    again = ours("add-ports", "--labels", "--keep-going")
    assert (again.code, again.err.splitlines()[-1], fleet.attached()["good/eth0"]) == (
        *(1, "ovs-docker: 1 of 2 ports not attached"),
        ["10.0.0.9/24"],
    )


def test_one_bad_entry_of_a_file_keeps_nobody_else_from_theirs(three: list[Container], tmp_path: Path) -> None:
    wishes = [fleet.port("c1", 11, interface="eth1"), fleet.port("c2", 12, interface="eth1", vlan=5000)]
    file = fleet.ports_file(tmp_path, wishes)
    done = ours("add-ports", f"--file={file}", "--keep-going")
    assert (done.code, len(done.err.splitlines()), "vlan=5000" in done.err, "c1/eth1" in fleet.attached()) == (
        1,
        2,
        True,
        True,
    )
    assert (ours("sync", f"--file={file}").code, ours("add-ports", f"--file={file}", "--may-exist").code) == (1, 1)


def test_a_dry_run_with_labels_tells_what_the_run_does(bridge: str, container: ContainerFactory) -> None:
    labelled = container("l1", LABEL.format(9))
    ours("add-ports", "--labels", check=True)
    labelled.restart()
    told = ours("--dry-run", "sync", "--labels")
    told = replace(told, out=told.out.replace("would restore", "restored"))
    assert (told.code, told) == (0, ours("sync", "--labels"))


def test_a_restored_port_that_is_not_as_wished_is_told_by_run_and_dry_run_alike(
    three: list[Container], tmp_path: Path
) -> None:
    file = fleet.ports_file(tmp_path, [fleet.port("c1", 1), fleet.port("c2", 12)])
    fleet.restart(three[:2])
    dry, done = ours("--dry-run", "sync", f"--file={file}"), ours("sync", f"--file={file}")
    dry = replace(dry, out=dry.out.replace("would restore", "restored"))
    assert (dry, done.code, done.out.count("restored")) == (done, 1, 2)
    assert "but not as asked: --ipaddress, --macaddress (del-port first, then add-port)" in done.err
    assert "container c2" in done.err and fleet.attached()["c2/eth0"] == ["10.0.0.2/24"]


def test_warnings_of_wishes_are_told(bridge: str, container: ContainerFactory) -> None:
    container("l1", LABEL.format(9) + " gateway=10.0.0.254", "--label=ovs-docker.eth1=bridge=br-int")
    ours("add-port", bridge, "eth5", "l1", "--ipaddress=10.5.0.1/24", "--gateway=10.5.0.254", check=True)
    assert "already has a default route via 10.5.0.254, which takes precedence" in ours("sync", "--labels").err


def test_the_same_interface_by_two_names_is_told(bridge: str, c1: Container, tmp_path: Path) -> None:
    wishes = [fleet.port("c1", 1), fleet.port(c1.short_id, 2)]
    said = ours("add-ports", f"--file={fleet.ports_file(tmp_path, wishes)}").err
    assert "interface eth0 of container c1 is already used by" in said


# --- names that moved on ----------------------------------------------------------------------------------------


def test_the_port_of_a_renamed_container_is_not_that_of_the_new_one(bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.1/24", check=True)
    docker("rename", "c1", "old")
    new = containers.create("c1")
    refused = ours("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.1/24", "--may-exist")
    assert (refused.code, "in the container that had this name then" in refused.err) == (1, True)
    taken = ours("add-port", bridge, "eth0", new.short_id)
    assert "iface-id c1_eth0 is already used by port" in taken.err
    assert ours("add-port", bridge, "eth0", new.short_id, "--iface-id=new") == DONE
    done = ours("del-ports", bridge, "c1")
    assert (done.code, done.err.count("stays"), list(fleet.attached())) == (0, 1, ["old/eth0"])


def test_a_mistyped_container_is_not_called_well(bridge: str, c1: Container) -> None:
    said = "Failed to get the PID of the container nosuch: no such container (docker ps -a lists all containers)"
    assert ours("check", "--container=nosuch") == Result(1, "", f"ovs-docker: {said}\n")
    assert ours("check", "--container=c1").code == 0


# --- what check says of it --------------------------------------------------------------------------------------


def test_what_sync_does_not_mend_is_not_said_to_be(bridge: str, c1: Container, c2: Container) -> None:
    script("add-port", bridge, "eth0", "c1")
    ours("add-port", bridge, "eth0", "c2", check=True)
    c1.restart()
    assert in_namespace(c2.pid, "ip", "link", "set", "eth0", "name", "eth7").code == 0
    said = ours("check").out
    assert said.count("the interface is gone from the container (del-port, then add-port)") == 2
    c1.remove()
    assert "its container was removed (ovs-docker del-port br-int eth0 c1)" in ours("check").out


def test_the_scripts_port_can_be_adopted_where_it_is_not_as_recorded(bridge: str, c1: Container) -> None:
    words = ("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.1/24")
    script(*words)
    assert "--ipaddress (ovs-docker sync --adopt records what it has)" in ours(*words, "--may-exist").err
    ours("sync", "--adopt", check=True)
    assert ours(*words, "--may-exist") == DONE
