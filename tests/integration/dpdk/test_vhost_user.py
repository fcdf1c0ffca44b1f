"""--vhost-user: ports for containers that run DPDK themselves. test_testpmd.py has the traffic."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.support import dpdk
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container, create

DONE = Result(0, "", "")
RECORDED = "external_ids:container_id=d1"


@pytest.fixture(autouse=True, scope="module")
def switch(private_host: None) -> Iterator[None]:
    with dpdk.dpdk():
        yield


@pytest.fixture(autouse=True)
def dpdk_bridge(switch: None) -> None:
    ovs("add-br", "br-dpdk", "--", "set", "bridge", "br-dpdk", "datapath_type=netdev")


@pytest.fixture
def d1() -> Container:
    return dpdk.application("d1")


def attach(container: Container, *options: str, bridge: str = "br-dpdk") -> Result:
    directory = dpdk.SOCKETS / container.name
    return ours("add-port", bridge, "eth0", container.name, f"--vhost-user={directory}", *options)


def column(name: str) -> str:
    return ovs("--bare", f"--columns={name}", "find", "Interface", RECORDED)


def listed() -> list[dict[str, object]]:
    return list(json.loads(ours("--format=json", "list-ports", check=True).out)["data"])


def test_the_port_connects_to_the_socket_in_the_directory(d1: Container) -> None:
    assert attach(d1, "--vlan=10", "--ofport=7", "--external-id=vm=7") == DONE
    (port,) = listed()
    members = {key: port[key] for key in ("interface", "state", "socket", "tag", "ofport", "mac")}
    assert (column("type"), column("options"), members) == (
        "dpdkvhostuserclient",
        "vhost-server-path=/run/vhost/d1/eth0.sock",
        {
            "interface": "eth0",
            "state": "up",
            "socket": "/run/vhost/d1/eth0.sock",
            "tag": 10,
            "ofport": 7,
            "mac": None,
        },
    )


def test_list_ports_shows_the_socket_and_get_port_the_name(d1: Container) -> None:
    attach(d1)
    assert "/run/vhost/d1/eth0.sock" in ours("list-ports").out
    assert ours("get-port", "d1", "eth0").out.strip() == column("name")


def test_a_container_on_the_network_of_the_host_has_one_too() -> None:
    assert attach(dpdk.application("d1", network="host")) == DONE


def test_del_port_removes_it(d1: Container) -> None:
    attach(d1)
    assert (ours("del-port", "br-dpdk", "eth0", "d1"), listed()) == (DONE, [])


def test_del_ports_removes_it_with_the_others_of_the_container(d1: Container) -> None:
    attach(d1)
    ours("add-port", "br-dpdk", "eth1", "d1", check=True)
    assert (ours("del-ports", "br-dpdk", "d1"), listed()) == (DONE, [])


def test_a_second_one_is_already_attached_which_may_exist_accepts(d1: Container) -> None:
    attach(d1)
    assert attach(d1).code == 1
    assert attach(d1, "--may-exist") == DONE
    assert "--ofport" in attach(d1, "--may-exist", "--ofport=99").err


def test_a_veth_pair_is_another_port_and_the_other_way_round(d1: Container) -> None:
    attach(d1)
    assert "--vhost-user" in ours("add-port", "br-dpdk", "eth0", "d1", "--may-exist").err
    ours("del-port", "br-dpdk", "eth0", "d1", check=True)
    ours("add-port", "br-dpdk", "eth0", "d1", check=True)
    assert "--vhost-user" in attach(d1, "--may-exist").err


def test_nothing_is_lost_when_the_container_restarts(d1: Container) -> None:
    attach(d1)
    before = listed()
    d1.restart()
    assert (ours("sync"), listed()) == (DONE, before)


def test_it_outlives_a_restart_of_vswitchd(d1: Container, switch: None) -> None:
    attach(d1)
    before = listed()
    dpdk.running().restart()
    assert (ours("sync"), listed()) == (DONE, before)


@pytest.mark.parametrize("change", ["options:vhost-server-path=/run/other.sock", 'type=""'])
def test_sync_restores_what_was_changed_by_hand(change: str, d1: Container) -> None:
    attach(d1)
    before = listed()
    ovs("set", "Interface", column("name"), change)
    done = ours("sync")
    assert (done.code, done.out.startswith("restored port "), listed()) == (0, True, before), done


def test_sync_removes_the_port_of_a_removed_container(d1: Container) -> None:
    attach(d1)
    d1.remove()
    assert ours("sync", check=True).out.startswith("removed port ")
    assert listed() == []


def test_labels_and_dry_run_ask_for_it() -> None:
    dpdk.application("d1", "--label=ovs-docker.eth0=bridge=br-dpdk vhost-user=/run/vhost/d1")
    assert "vhost-user socket /run/vhost/d1/eth0.sock" in ours("--dry-run", "add-ports", "--labels").out
    ours("add-ports", "--labels", check=True)
    assert [port["socket"] for port in listed()] == ["/run/vhost/d1/eth0.sock"]


def test_a_directory_that_the_container_has_not_mounted_is_refused() -> None:
    (dpdk.SOCKETS / "d1").mkdir(parents=True, exist_ok=True)
    said = attach(create("d1"))
    assert (said.code, "has not mounted this directory of the host" in said.err, listed()) == (1, True, [])


def test_a_directory_below_the_mounted_one_is_refused(d1: Container) -> None:
    """The container could make it a link to anywhere."""
    below = dpdk.SOCKETS / "d1" / "below"
    below.mkdir(exist_ok=True)
    said = ours("add-port", "br-dpdk", "eth0", "d1", f"--vhost-user={below}")
    assert (said.code, "has not mounted this directory of the host" in said.err) == (1, True)


def test_a_symbolic_link_is_refused(d1: Container) -> None:
    link = dpdk.SOCKETS / "link"
    link.unlink(missing_ok=True)
    link.symlink_to("d1")
    said = ours("add-port", "br-dpdk", "eth0", "d1", f"--vhost-user={link}")
    assert (said.code, "leads through a symbolic link (it is /run/vhost/d1)" in said.err) == (1, True), said


def test_a_directory_that_was_replaced_since_is_refused(d1: Container) -> None:
    directory = dpdk.SOCKETS / "d1"
    directory.rename(dpdk.SOCKETS / "d1.old")
    directory.mkdir()
    try:
        assert "has not mounted this directory of the host" in attach(d1).err
    finally:
        directory.rmdir()
        (dpdk.SOCKETS / "d1.old").rename(directory)


def test_a_read_only_mount_is_refused() -> None:
    (dpdk.SOCKETS / "d1").mkdir(parents=True, exist_ok=True)
    assert "has mounted it read-only" in attach(create("d1", "--volume=/run/vhost/d1:/x:ro")).err


def test_two_containers_cannot_have_one_socket(d1: Container) -> None:
    d2 = create("d2", "--volume=/run/vhost/d1:/sockets")
    attach(d1)
    said = ours("add-port", "br-dpdk", "eth0", d2.name, "--vhost-user=/run/vhost/d1")
    assert (said.code, "is already that of port" in said.err) == (1, True), said


def test_the_bridge_has_to_be_in_userspace(d1: Container) -> None:
    assert "is not of datapath type netdev" in attach(d1, bridge="br-new").err
    assert attach(d1, "--datapath-type=netdev", bridge="br-new").code == 0


def test_check_names_the_missing_socket(d1: Container) -> None:
    attach(d1)
    done = ours("check")
    assert (done.code, "there is no socket /run/vhost/d1/eth0.sock" in done.out) == (1, True)


def test_check_names_a_socket_that_nobody_answers_at(d1: Container) -> None:
    attach(d1)
    with socket.socket(socket.AF_UNIX) as nobodys:
        nobodys.bind("/run/vhost/d1/eth0.sock")
        done = ours("check")
    Path("/run/vhost/d1/eth0.sock").unlink()
    assert (done.code, "ovs-vswitchd is not connected to /run/vhost/d1/eth0.sock" in done.out) == (1, True)


def test_check_names_another_socket(d1: Container) -> None:
    attach(d1)
    ovs("set", "Interface", column("name"), "options:vhost-server-path=/run/other.sock")
    assert "ovs-docker sync makes it as recorded" in ours("check").out


def test_a_rolled_back_attachment_leaves_nothing(d1: Container) -> None:
    ours("add-port", "br-dpdk", "eth1", "d1", "--ofport=5", check=True)
    before = listed()
    assert (attach(d1, "--ofport=5").code, listed()) == (1, before)
