"""Restarts: of containers, whose ports are stale then and replaced, and of the daemons, which ports outlive."""

import json

import pytest

from tests.host import services
from tests.host.daemons import Daemon
from tests.integration.support.commands import Result, docker, ours, ovs, script
from tests.integration.support.containers import Container
from tests.integration.support.processes import SOAK
from tests.integration.support.refusal import ADD, DEL, picture

DONE = Result(0, "", "")
ADDRESS = "--ipaddress=10.0.0.1/24"
DAEMONS = [pytest.param(daemon, id=daemon.name) for daemon in services.all_daemons()]


@pytest.fixture
def neighbour(bridge: str, c2: Container) -> str:
    """Return the address of c2, which is on the same bridge."""
    ours("add-port", bridge, "eth0", "c2", "--ipaddress=10.0.0.2/24", check=True)
    return "10.0.0.2"


def state() -> tuple[str, int]:
    """Return the state of c1's port, and how many ports c1 has."""
    listed = json.loads(ours("--format=json", "list-ports", "--container=c1", check=True).out)["data"]
    return (listed[0]["state"], len(listed)) if listed else ("", 0)


def mac(container: Container) -> object:
    return container.ip("link", "show", "eth0")[0]["address"]


def test_the_same_words_attach_a_restarted_container_again(c1: Container, neighbour: str) -> None:
    ours(*ADD, ADDRESS, check=True)
    before, mac_before = (c1.pings(neighbour), state()), mac(c1)
    c1.restart()
    stale = state()
    again = ours(*ADD, ADDRESS), mac(c1), c1.pings(neighbour), state()
    assert (before, stale, again) == ((True, ("up", 1)), ("stale", 1), (DONE, mac_before, True, ("up", 1)))


def test_a_stopped_container_that_is_started_is_attached_again(c1: Container, neighbour: str) -> None:
    ours(*ADD, ADDRESS, check=True)
    c1.stop()
    stopped = state()
    c1.start()
    assert (stopped, ours(*ADD, ADDRESS), c1.pings(neighbour)) == (("stopped", 1), DONE, True)


@pytest.mark.parametrize("form", ["short_id", "id"])
def test_the_container_may_be_called_otherwise_then(bridge: str, c1: Container, form: str) -> None:
    ours(*ADD, ADDRESS, check=True)
    c1.restart()
    again = ours("add-port", bridge, "eth0", getattr(c1, form), ADDRESS)
    assert (again, len(ovs("list-ports", bridge).split())) == (DONE, 1)


def test_a_stale_port_goes_in_the_transaction_in_which_the_new_one_comes(bridge: str, c1: Container) -> None:
    ours(*ADD, ADDRESS, check=True)
    stale = ovs("get", "interface", ovs("list-ports", bridge), "_uuid")
    c1.restart()
    size = services.DATABASE.stat().st_size
    ours(*ADD, ADDRESS, check=True)
    new = ovs("get", "interface", ovs("list-ports", bridge), "_uuid")
    came_and_went = [
        (stale in rows and rows[stale] is None, "name" in (rows.get(new) or {})) for rows in interface_changes(size)
    ]
    assert [pair for pair in came_and_went if any(pair)] == [(True, True)]


def interface_changes(since: int) -> list[dict[str, dict[str, object] | None]]:
    """Return the Interface rows of each transaction that the database's file holds beyond ``since`` (ovsdb(5))."""
    lines = services.DATABASE.read_bytes()[since:].splitlines()
    return [json.loads(line).get("Interface", {}) for line in lines if line.startswith(b"{")]


def test_a_port_of_the_script_is_replaced_likewise(bridge: str, c1: Container, neighbour: str) -> None:
    script(*ADD, ADDRESS, check=True)
    c1.restart()
    stale = state()
    again = ours(*ADD, ADDRESS), c1.pings(neighbour), state()
    assert (stale, again) == (("stale", 1), (DONE, True, ("up", 1)))


def test_a_restarted_container_may_be_attached_under_another_spec(c1: Container, neighbour: str) -> None:
    ours(*ADD, ADDRESS, check=True)
    c1.restart()
    assert ours(*ADD, "--ipaddress=10.0.0.3/24", "--vlan=5", "--macaddress=02:00:00:00:00:03") == DONE
    apart = c1.pings(neighbour, 0)
    ours("set-vlan", "br-int", "eth0", "c2", "5", check=True)
    assert (apart, c1.pings(neighbour), mac(c1)) == (False, True, "02:00:00:00:00:03")


def test_a_stale_port_can_be_detached(bridge: str, c1: Container) -> None:
    before = picture()
    ours(*ADD, check=True)
    c1.restart()
    assert (ours(*DEL), picture()) == (DONE, before)


def restart_while_it_knocks(container: Container) -> None:
    """Restart a container that waits for the answer of an absent neighbour: its old namespace lives on for seconds."""
    container.exec_background("ping", "-c1", "-W1", "10.0.0.99")
    docker("restart", "--time=0", container.name)


@pytest.mark.parametrize("verb", ["sync", "add-port", "--may-exist"])
def test_a_pair_that_outlives_a_restart_is_not_believed(c1: Container, neighbour: str, verb: str) -> None:
    ours(*ADD, ADDRESS, check=True)
    restart_while_it_knocks(c1)
    stale = state()
    words = {"sync": ("sync",), "add-port": (*ADD, ADDRESS), "--may-exist": (*ADD, ADDRESS, "--may-exist")}[verb]
    done = ours(*words)
    assert (stale, done.code, state(), c1.pings(neighbour)) == (("stale", 1), 0, ("up", 1), True)
    assert ours("check").code == 0


@pytest.mark.parametrize("daemon", DAEMONS)
def test_a_daemon_may_be_killed_and_started_again(c1: Container, neighbour: str, daemon: Daemon) -> None:
    ours(*ADD, ADDRESS, check=True)
    daemon.kill()
    daemon.start()
    old = c1.pings(neighbour)
    new = ours("add-port", "br-int", "eth1", "c1", "--ipaddress=10.0.1.1/24"), ours(*DEL)
    assert (old, new, state()) == (True, (DONE, DONE), ("up", 1))


def test_a_hundred_rounds_leak_nothing(bridge: str, c1: Container) -> None:
    before = picture()
    for _ in range(100 * SOAK):
        ours(*ADD, ADDRESS, "--gateway=10.0.0.254", check=True)
        ours(*DEL, check=True)
    assert picture() == before
