"""Rows and devices that bear our mark or a name of ours and are not ours: they are reported and left alone.

Records that cannot be read are in test_damaged_rows.py.
"""

import json
from collections.abc import Iterator

import pytest

from tests.integration.support import ports
from tests.integration.support.commands import Result, ours, ovs, run
from tests.integration.support.containers import Container
from tests.integration.support.watching import watch

DONE = Result(0, "", "")
TAP = "aaaaaaaaaaaaa_l"
GONE = "f" * 64
STAYS = "ovs-docker: port {} stays: it bears ovs-docker's mark, but its device is no host end of ours\n"


def devices() -> list[str]:
    return [link["ifname"] for link in json.loads(run("ip", "-json", "link").out)]


def mark(device: str, container_id: str = GONE) -> None:
    """Put a device on the bridge and write into its row what we would."""
    record = {"owner": "ovs-docker", "container_id": "c9", "container_iface": "eth0", "ovs-docker-id": container_id}
    ids = [f"external_ids:{key}={value}" for key, value in record.items()]
    ovs("--may-exist", "add-port", "br-int", device, "--", "set", "interface", device, *ids)


@pytest.fixture
def others(bridge: str) -> Iterator[list[str]]:
    """Return the devices of others on the bridge, each marked as if it were ours."""
    run("ip", "link", "add", "vethp0", "type", "veth", "peer", "name", "vethp1", check=True)
    run("ip", "tuntap", "add", "eth9", "mode", "tap", check=True)
    run("ip", "tuntap", "add", TAP, "mode", "tap", check=True)
    names = ["eth9", "vethp0", TAP]
    for name in names:
        mark(name)
    yield names
    for name in names:
        run("ip", "link", "delete", name)


def on_bridge() -> set[str]:
    return set(ovs("list-ports", "br-int").split())


def sorted_lines(done: Result) -> tuple[int, str, list[str]]:
    return done.code, done.out, sorted(done.err.splitlines(keepends=True))


WARNED = [STAYS.format(name) for name in (TAP, "eth9", "vethp0")]


@pytest.mark.parametrize("words", [("br-int", "--all"), ("br-int", "c9")], ids=" ".join)
def test_del_ports_leaves_them(others: list[str], c1: Container, words: tuple[str, ...]) -> None:
    ours("add-port", "br-int", "eth0", "c1", check=True)
    before = devices()
    assert sorted_lines(ours("del-ports", *words)) == (0, "", WARNED)
    left = {*others, *([] if "--all" in words else [ports.of("c1")])}
    assert (on_bridge(), len(before) - len(devices())) == (left, 1 if "--all" in words else 0)


def test_sync_leaves_them(others: list[str], c1: Container) -> None:
    ours("add-port", "br-int", "eth0", "c1", check=True)
    before, rows = devices(), on_bridge()
    assert sorted_lines(ours("sync")) == (0, "", WARNED)
    for name in others:  # as if its interface were gone from a container that runs
        mark(name, c1.id)
    assert sorted_lines(ours("sync")) == (0, "", WARNED)
    assert (devices(), on_bridge()) == (before, rows)


TYPES = [("type=vxlan", "options:remote_ip=10.9.9.9"), ("type=patch", "options:peer=nowhere")]


@pytest.mark.parametrize("kind", TYPES, ids=["tunnel", "patch"])
def test_a_tunnel_or_patch_port_with_a_name_of_ours_stays(bridge: str, c1: Container, kind: tuple[str, str]) -> None:
    ovs("add-port", "br-int", TAP, "--", "set", "interface", TAP, *kind)
    mark(TAP)
    assert [ours("sync"), ours("del-ports", "br-int", "--all")] == [Result(0, "", STAYS.format(TAP))] * 2
    mark(TAP, c1.id)
    assert ours("sync") == Result(0, "", STAYS.format(TAP))
    assert on_bridge() == {TAP}


def test_a_watch_leaves_them(others: list[str], c1: Container) -> None:
    for name in others:
        mark(name, c1.id)
    ours("add-port", "br-int", "eth0", "c1", check=True)
    with watch() as running:
        c1.restart()
        running.says("restored port")
        c1.restart()
        running.says("restored port", 2)
        said = sorted(line.partition("warning: ")[2] for line in running.lines if "warning" in line)
    assert said == [line.removeprefix("ovs-docker: ") for line in WARNED]
    assert {*others} <= {*devices()} and {*others} < on_bridge()


def test_del_port_takes_what_its_words_name_off_the_bridge_and_leaves_the_device(bridge: str) -> None:
    run("ip", "tuntap", "add", TAP, "mode", "tap", check=True)
    mark(TAP)
    said = f"ovs-docker: device {TAP} stays: it is no host end of ours\n"
    assert ours("del-port", "br-int", "eth0", "c9") == Result(0, "", said)
    assert (TAP in devices(), on_bridge()) == (True, set())
    run("ip", "link", "delete", TAP)


def test_a_device_that_has_the_name_of_the_host_end_is_stepped_over(bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    name = ports.of("c1")
    ours("del-port", bridge, "eth0", "c1", check=True)
    run("ip", "tuntap", "add", name, "mode", "tap", check=True)
    assert (ours("add-port", bridge, "eth0", "c1"), ours("sync")) == (DONE, DONE)
    assert (ports.of("c1") != name, name in devices()) == (True, True)
    assert ours("check").code == 0
    run("ip", "link", "delete", name)


def test_a_device_in_the_place_of_a_host_end_stays_when_its_container_is_gone(bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    name = ports.of("c1")
    run("ip", "link", "delete", name, check=True)
    run("ip", "tuntap", "add", name, "mode", "tap", check=True)
    assert ours("add-port", bridge, "eth0", "c1").err.startswith("ovs-docker: Port already attached")
    c1.remove()
    assert ours("sync") == Result(0, "", STAYS.format(name))
    assert (name in devices(), on_bridge()) == (True, {name})
    run("ip", "link", "delete", name)
