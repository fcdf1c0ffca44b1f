"""--ovs-container: Open vSwitch in a container with a network namespace of its own, where the host ends have to be."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.support import fleet, lone_switch, ovs_image
from tests.integration.support.commands import Result, docker, ours, run
from tests.integration.support.containers import Container
from tests.integration.support.transfer import fetched, serve_file
from tests.integration.support.watching import Watch, watch

DONE = Result(0, "", "")
AT = "--ovs-container=switch"
AUTO = "--ovs-container=auto"
BRIDGE = ("br-int", "eth0")


@pytest.fixture
def switch() -> Iterator[Container]:
    """Return the only Open vSwitch there is."""
    with lone_switch.no_switch_on_the_host():
        yield lone_switch.start("switch")


@pytest.fixture
def pair(switch: Container, tmp_path: Path) -> list[Container]:
    """Return c1 and c2, attached to it as 10.0.0.1 and 10.0.0.2."""
    containers = fleet.started(2)
    ports = [fleet.port(each.name, number, **NETDEV) for number, each in enumerate(containers, 1)]
    ours(AT, "add-ports", f"--file={fleet.ports_file(tmp_path, ports)}", check=True)
    return containers


NETDEV = {"datapath-type": "netdev"}


def on_host() -> list[str]:
    """Return the host ends that ended up in the host's own namespace."""
    return lone_switch.host_ends(run("ip", "-json", "link").out)


def listed(*words: str) -> list[tuple[str, str]]:
    """Return container and state of what list-ports shows."""
    ports = json.loads(ours(*words, "--format=json", "list-ports", check=True).out)["data"]
    return [(port["container_name"], port["state"]) for port in ports]


def test_containers_talk_through_it_and_the_host_has_none_of_their_links(
    switch: Container, pair: list[Container]
) -> None:
    assert pair[0].pings("10.0.0.2")
    there = serve_file(pair[1])
    assert fetched(pair[0], "10.0.0.2") == there
    assert (on_host(), lone_switch.links(switch)) == ([], lone_switch.ports(switch))


def test_every_verb_works_there(switch: Container, pair: list[Container]) -> None:
    assert listed(AT) == [("c1", "up"), ("c2", "up")]
    assert ours(AT, "get-port", *BRIDGE, "c1").out.strip() in lone_switch.ports(switch)
    assert ours(AT, "set-vlan", *BRIDGE, "c1", "5") == ours(AT, "set-trunk", *BRIDGE, "c2", "7,8") == DONE
    assert ours(AT, "sync") == DONE
    assert ours(AT, "add-port", *BRIDGE, "c1").err == (
        "ovs-docker: Port already attached for CONTAINER=c1 and INTERFACE=eth0\n"
    )
    assert (ours(AT, "del-port", *BRIDGE, "c1"), len(lone_switch.links(switch))) == (DONE, 1)
    assert (ours(AT, "del-ports", "br-int", "--all"), lone_switch.links(switch)) == (DONE, [])
    assert (lone_switch.ports(switch), pair[0].ip("link")[1:]) == ([], [])


def test_what_fails_leaves_nothing_in_its_namespace(switch: Container, c1: Container) -> None:
    failed = ours(AT, "add-port", *BRIDGE, "c1", "--datapath-type=system")
    assert (failed.code, failed.err.startswith("ovs-docker: ovs-vswitchd cannot run bridge br-int")) == (1, True)
    assert (lone_switch.links(switch), c1.ip("link")[1:]) == ([], [])
    assert docker("exec", "switch", "ovs-vsctl", "list-br") == ""


def test_one_without_raw_sockets_is_told_what_it_lacks(c1: Container) -> None:
    with lone_switch.no_switch_on_the_host():
        lone_switch.start("switch", "--cap-drop=NET_RAW")
        failed = ours(AT, "add-port", *BRIDGE, "c1", "--datapath-type=netdev")
    advice = "(Invalid argument) (in a container, ovs-vswitchd needs --cap-add=NET_RAW)"
    assert (failed.code, failed.err.splitlines()[-1].endswith(advice)) == (1, True)


def test_sync_brings_all_ports_back_after_its_restart(switch: Container, pair: list[Container]) -> None:
    before = lone_switch.ports(switch)
    switch.restart()
    fleet.wait_until(lambda: lone_switch.answers(switch))
    assert listed(AT) == [("c1", "stale"), ("c2", "stale")]
    done = ours(AT, "sync")
    assert ([line.split()[0] for line in done.out.splitlines()], ours(AT, "sync")) == (["restored"] * 2, DONE)
    assert (lone_switch.links(switch), pair[0].pings("10.0.0.2")) == (before, True)


def test_sync_waits_for_a_switch_that_is_just_starting(switch: Container, pair: list[Container]) -> None:
    for _ in range(3):
        docker("restart", "--time=1", switch.name)
        done = ours(AT, "sync")
        assert ([line.split()[0] for line in done.out.splitlines()], done.code, done.err) == (["restored"] * 2, 0, "")
    assert pair[0].pings("10.0.0.2")


def test_a_watch_brings_all_ports_back_after_its_restart(switch: Container, pair: list[Container]) -> None:
    with watch(words=(AT,)) as running:
        switch.restart()
        running.says("restored port", 2)
        pair[0].restart()
        running.says("restored port", 3)
    assert (listed(AT), pair[0].pings("10.0.0.2")) == ([("c1", "up"), ("c2", "up")], True)


def test_a_watch_holds_no_descriptors_of_namespaces_that_are_gone(switch: Container, pair: list[Container]) -> None:
    with watch(words=(AT,)) as running:
        held = []
        for event in range(1, 6):
            pair[0].restart()
            running.says("restored port", event)
            held.append(running.descriptors())
    assert held[-1] == held[1]


# --- which one ---------------------------------------------------------------------------------------------------


def test_the_one_container_that_holds_an_open_vswitch_is_found_and_named(switch: Container, c1: Container) -> None:
    found = ours("add-port", *BRIDGE, "c1", "--datapath-type=netdev")
    lines = "ovs-docker: using the Open vSwitch of container switch\novs-docker: created bridge br-int\n"
    assert found == Result(0, "", lines)
    assert (listed("--quiet"), ours("--quiet", AUTO, "sync")) == ([("c1", "up")], DONE)


def test_a_watch_finds_it_too_and_says_so_once(switch: Container, pair: list[Container]) -> None:
    with watch(words=(AUTO,)) as running:
        pair[0].restart()
        running.says("restored port")
        assert running.count("using the Open vSwitch of container switch") == 1


def test_neither_sync_nor_watch_goes_to_one_that_nobody_has_named(switch: Container) -> None:
    said = ours("sync").err.partition(" (")[0]
    assert said == "ovs-docker: no Open vSwitch database at /var/run/openvswitch/db.sock"
    running = Watch("watch")
    running.says("Open vSwitch is not there, trying again: no Open vSwitch database at /var/run/openvswitch/db.sock")
    running.stop()


def test_one_without_the_rights_of_a_switch_is_not_found() -> None:
    with lone_switch.no_switch_on_the_host():
        fleet.started(1)
        offer = "mkdir -p $RUN; exec ovsdb-server --no-db --remote=punix:$RUN/db.sock"
        docker(
            "run",
            "--detach",
            "--name=other",
            "--network=none",
            "--entrypoint=/bin/sh",
            ovs_image.NAME,
            "-c",
            f"RUN={lone_switch.CUSTOMARY}; {offer}",
        )
        fleet.wait_until(lambda: "db.sock" in docker("exec", "other", "ls", lone_switch.CUSTOMARY))
        assert ours("list-ports").err.startswith("ovs-docker: no Open vSwitch database at /var/run/openvswitch/db.sock")


def test_the_environment_names_it_as_well(switch: Container, pair: list[Container]) -> None:
    env = {"OVS_CONTAINER": "switch"}
    assert ours("get-port", *BRIDGE, "c1", env=env) == ours(AT, "get-port", *BRIDGE, "c1")


def test_of_two_one_has_to_be_chosen(switch: Container) -> None:
    lone_switch.start("another")
    assert ours("list-ports").err == (
        "ovs-docker: several containers hold an Open vSwitch: another, switch (choose one with --ovs-container=NAME)\n"
    )
    assert ours("--ovs-container=another", "list-ports") == DONE


DEEP = "/srv/" + "a-very-long-name/" * 8 + "run"


@pytest.mark.parametrize(
    ("directory", "options"),
    [
        ("/srv/anything", ()),
        ("/srv/in/a/volume", ("--volume=/srv/in/a",)),
        (DEEP, (f"--env=OVS_RUNDIR={DEEP}",)),
    ],
    ids=["only-bound-there", "below-a-mount", "said-by-the-environment-and-over-107-bytes"],
)
def test_the_run_directory_may_be_called_anything(directory: str, options: tuple[str, ...]) -> None:
    with lone_switch.no_switch_on_the_host():
        switch = lone_switch.start("switch", *options, directory=directory)
        c1 = fleet.started(1)[0]
        ours(AT, "add-port", *BRIDGE, "c1", "--datapath-type=netdev", check=True)
        assert (len(lone_switch.links(switch)), len(c1.ip("link"))) == (1, 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "--ovs-container=c1",
            "container c1 has no Open vSwitch database: no db.sock in its mounts and run directories "
            "(name the container of ovsdb-server, or the socket with --db=unix:PATH)",
        ),
        (
            "--ovs-container=c9",
            "Failed to get the PID of the container c9: no such container (docker ps -a lists all containers)",
        ),
    ],
)
def test_a_container_without_one_is_refused(c1: Container, words: str, said: str) -> None:
    assert ours(words, "list-ports") == Result(1, "", f"ovs-docker: {said}\n")


def test_a_stopped_one_is_told_as_such(switch: Container) -> None:
    switch.stop()
    assert ours(AT, "list-ports").err == "ovs-docker: container switch is not running (docker start switch)\n"


def test_a_dead_database_is_told_as_such(switch: Container) -> None:
    switch.exec("sh", "-c", "kill -9 $(cat /var/run/openvswitch/ovsdb-server.pid)")
    assert ours(AT, "list-ports").err == (
        "ovs-docker: nobody answers at /var/run/openvswitch/db.sock of container switch "
        "(does ovsdb-server run there?)\n"
    )
