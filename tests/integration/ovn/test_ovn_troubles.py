"""Logical ports that are lost, changed or left over, while calls are under way, and an OVN that is in trouble."""

import time
from pathlib import Path

import pytest

from ovs_docker import locks
from ovs_docker.backends.ovsdb import Tls
from ovs_docker.backends.ovsdb.northbound import connect_leader
from ovs_docker.deadline import Deadline
from tests.host import ovn
from tests.integration.support import containers, fleet, logical, ports
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.processes import ended, started
from tests.integration.support.refusal import ADD, DEL
from tests.integration.support.watching import has, watch

DONE = Result(0, "", "")
ON_LS0 = "--logical-switch=ls0"
FIRST = (*ADD, ON_LS0, "--ipaddress=10.0.0.50/24")


pytestmark = pytest.mark.usefixtures("routed_ls0")


@pytest.fixture
def ordinary(chassis: None) -> Container:
    """Return a container with a port that is none of OVN's business."""
    c3 = containers.create("c3")
    ours("add-port", "br-int", "eth0", "c3", check=True)
    return c3


@pytest.mark.parametrize("again", [True, False], ids=["attached anew", "detached"])
def test_a_logical_port_is_not_made_for_what_has_changed_meanwhile(c1: Container, again: bool) -> None:
    ours(*FIRST, check=True)
    logical.nb("lsp-del", "c1_eth0")
    holder = connect_leader(f"unix:{ovn.NORTHBOUND}", Tls(None, None, None), Deadline(20))
    holder.lock(locks.of_logical_switch("ls0"))
    syncing = started("sync")  # sees that it is gone, and waits for the switch's lock
    time.sleep(0.7)
    ours(*DEL, check=True)
    if again:
        ours(*ADD, ON_LS0, "--ipaddress=dynamic", check=True)
    holder.close()
    assert (ended(syncing), logical.ports()) == (DONE, {"ls0": [*(["c1_eth0"] if again else []), "ls0-lr0"]})
    assert not again or (ours("check").code, logical.port("c1_eth0")["addresses"].split()[1]) == (0, "dynamic")


@pytest.mark.parametrize("key", ["iface-id", "ovs-docker-id", "attached-mac"])
def test_a_damaged_record_is_no_traceback_and_no_stray(c1: Container, key: str) -> None:
    ours(*FIRST, check=True)
    ovs("remove", "interface", ports.of("c1"), "external_ids", key)
    assert (ours("sync"), "c1_eth0" in logical.ports()["ls0"]) == (DONE, True)
    assert ours(*DEL).code == 0
    ours("sync", check=True)
    assert logical.ports() == {"ls0": ["ls0-lr0"]}


def test_a_lost_logical_port_whose_record_lacks_the_mac_is_told(c1: Container) -> None:
    ours(*FIRST, check=True)
    ovs("remove", "interface", ports.of("c1"), "external_ids", "attached-mac")
    logical.nb("lsp-del", "c1_eth0")
    done = ours("sync")
    assert (done.code, "no attached-mac" in done.err, logical.ports()) == (1, True, {"ls0": ["ls0-lr0"]})


@pytest.mark.parametrize("trouble", ["it does not answer", "it wants certificates"])
def test_a_northbound_database_in_trouble_is_nobody_elses(c1: Container, ordinary: Container, trouble: str) -> None:
    ours(*FIRST, check=True)
    ordinary.restart()
    if trouble == "it does not answer":
        with ovn.northbound().paused():
            done = ours("--timeout=3", "sync")
    else:
        ovs("set", "Open_vSwitch", ".", 'external_ids:ovn-nb="ssl:127.0.0.1:1"')
        done = ours("--timeout=3", "sync")
        ovs("remove", "Open_vSwitch", ".", "external_ids", "ovn-nb")
        assert (done.code, "needs --private-key=FILE" in done.err) == (1, True)
    assert (done.out.count("restored port"), has(ordinary)) == (1, True)


def test_watch_makes_the_logical_port_of_a_container_that_comes_back(c1: Container, ordinary: Container) -> None:
    ours(*FIRST, check=True)
    c1.stop()
    with watch() as running:
        logical.nb("lsp-del", "c1_eth0")
        c1.start()
        ordinary.restart()
        running.says("restored port", 2, seconds=6)
        assert (running.count("restored logical port"), running.count("warning")) == (1, 0)
    assert ours("check", "--container=c1").code == 0


def test_a_port_whose_logical_switch_is_gone_is_told_once_and_at_once(c1: Container, ordinary: Container) -> None:
    ours(*FIRST, check=True)
    logical.nb("ls-del", "ls0")
    c1.restart()
    ordinary.restart()
    began = time.monotonic()
    done = ours("sync")
    assert (done.code, done.out.count("restored port"), time.monotonic() - began < 5) == (1, 1, True)
    assert (len(done.err.splitlines()), "--logical-switch=ls0: there is none" in done.err) == (2, True)


def test_a_container_of_the_same_name_takes_the_logical_port_over(c1: Container) -> None:
    """As docker-compose up --force-recreate makes them."""
    ours(*FIRST, check=True)
    c1.remove()
    new = containers.create("c1")
    assert (ours(*FIRST), new.pings("10.0.0.1"), logical.ports()) == (DONE, True, {"ls0": ["c1_eth0", "ls0-lr0"]})
    assert (ours("sync"), ours("check").code, ours(*DEL), logical.ports()) == (DONE, 0, DONE, {"ls0": ["ls0-lr0"]})


def test_a_logical_port_that_is_left_over_is_said_to_be(c1: Container) -> None:
    ours(*FIRST, check=True)
    ovs("del-port", ports.of("c1"))
    c1.remove()
    containers.create("c1")
    assert "ovs-docker sync removes it" in ours(*FIRST).err
    ours("sync", check=True)
    assert ours(*FIRST) == DONE


def test_two_routers_of_one_container_in_one_call_follow_each_other(c1: Container, tmp_path: Path) -> None:
    logical.switch("ls1", "10.1.0.0/24", "lr0", "10.1.0.1/24")
    wishes: list[dict[str, object]] = [
        {
            "bridge": "br-int",
            "interface": f"eth{n}",
            "container": "c1",
            "ipaddress": "dynamic",
            "logical-switch": f"ls{n}",
        }
        for n in (0, 1)
    ]
    done = ours("add-ports", f"--file={fleet.ports_file(tmp_path, wishes)}")
    routes = c1.ip("route", "show", "default")
    assert (done.code, sorted((str(r["gateway"]), str(r.get("metric", 0))) for r in routes)) == (
        0,
        [("10.0.0.1", "0"), ("10.1.0.1", "1")],
    )


def test_a_subnet_that_is_none_hinders_no_given_address(c1: Container) -> None:
    logical.nb("set", "Logical_Switch", "ls0", "other_config:subnet=foo")
    assert ours(*FIRST) == DONE


def test_an_errors_locks_do_not_outlive_its_work(c1: Container, c2: Container) -> None:
    """A watch that could not make a logical port held the switch's lock, for which its own next work waited, too."""
    ours(*FIRST, check=True)
    logical.nb("lsp-del", "c1_eth0", "--", "lsp-add", "ls0", "thief")
    logical.nb("lsp-set-addresses", "thief", "02:00:00:00:00:99 10.0.0.50")
    with watch() as running:
        running.says("logical port thief of switch ls0 already has it")
        other = ("add-port", "br-int", "eth0", "c2", ON_LS0, "--ipaddress=10.0.0.51/24")
        assert ours("--timeout=5", *other) == DONE
