"""Rows that somebody else has written into: each is reported once, and all other ports are served as ever.

What is not ours and only bears our mark is in test_marked_rows.py.
"""

import json
from pathlib import Path

import pytest

from tests.integration.support import fleet, ports
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.watching import watch

# Key of external_ids and what it is set to; None takes it away.
DAMAGES: list[tuple[str, str | None]] = [
    ("container_iface", None),
    ("container_iface", ""),
    ("container_iface", "../../x"),
    ("container_iface", "a" * 300),
    ("container_iface", "all"),
    ("container_iface", "a b"),
    ("attached-mac", "zz:zz"),
    ("attached-mac", "ff:ff:ff:ff:ff:ff"),
    ("iface-id", "\x1b[2J"),
    ("ovs-docker-id", "x"),
    ("ovs-docker-id", "../" * 30),
    ("ovs-docker-mtu", "99999999999"),
    ("ovs-docker-mtu", "-5"),
    ("ovs-docker-mtu", "9" * 5000),
    ("ovs-docker-mtu", "٣٤٥٦"),
    ("ovs-docker-tx-queue-len", "1e9"),
    ("ovs-docker-addresses", "10.0.0.1/99"),
    ("ovs-docker-addresses", "10.0.0.1/24, "),
    ("ovs-docker-gateway", "10.0.0.1,nonsense"),
    ("ovs-docker-routes", "10.0.0.0/8,::1"),
    ("ovs-docker-port-security", "perhaps"),
    ("ovs-docker-logical-switch", "\x1b[31m"),
]
# These are only words for people: the port is found and restored all the same.
HARMLESS: list[tuple[str, str | None]] = [
    ("container_id", None),
    ("container_id", "../../x"),
    ("ovs-docker-name", "\x1b]0;owned\x07\nforged"),
    ("ovs-docker-dynamic", "?"),
]


@pytest.fixture
def damaged(bridge: str, c1: Container, c2: Container, tmp_path: Path) -> list[str]:
    """Return the names of c2's damaged ports; c1 has a sound one, and a file asks for all of them."""
    wishes = [fleet.port("c1", 1)]
    wishes += [{**fleet.port("c2", 0), "interface": f"d{n}"} for n in range(len(DAMAGES + HARMLESS))]
    for wish in wishes[1:]:
        del wish["ipaddress"], wish["macaddress"]
    ours("add-ports", f"--file={fleet.ports_file(tmp_path, wishes)}", check=True)
    listed = {port["interface"]: port["port"] for port in json.loads(ours("--format=json", "list-ports").out)["data"]}
    names, changes = [listed[f"d{n}"] for n in range(len(DAMAGES + HARMLESS))], list[str]()
    for name, (key, value) in zip(names, DAMAGES + HARMLESS, strict=True):
        changes += ["--", "remove", "interface", name, "external_ids", key]
        if value is not None:
            changes += ["--", "set", "interface", name, f"external_ids:{key}={json.dumps(value, ensure_ascii=False)}"]
    ovs(*changes)
    return names[: len(DAMAGES)]


def times(names: list[str], lines: list[str]) -> list[int]:
    """Count for each port the lines that name it as one that cannot be read."""
    return [sum(f"the record of port {name} cannot be read" in line for line in lines) for name in names]


def lines(done: Result) -> list[str]:
    assert "Traceback" not in done.err, done.err
    return [*done.out.splitlines(), *done.err.splitlines()]


def test_list_ports_shows_every_port(damaged: list[str]) -> None:
    table, listed = ours("list-ports"), ours("--format=json", "list-ports")
    everything = set(ovs("list-ports", "br-int").split())
    assert (table.code, {line.split()[1] for line in table.out.splitlines()[1:]}) == (0, everything)
    assert (listed.code, {port["port"] for port in json.loads(listed.out)["data"]}) == (0, everything)
    assert (ours("list-ports").err, ours("get-port", "br-int", "eth0", "c1").code) == ("", 0)


def test_check_reports_each_once_and_finds_the_others_well(damaged: list[str]) -> None:
    done = ours("check")
    assert (done.code, times(damaged, lines(done))) == (1, [1] * len(damaged))
    assert f"ok     port {ports.of('c1')} (eth0 of container c1, bridge br-int)" in done.out.splitlines()
    assert done.out.count("ok     ") == 1 + len(HARMLESS)


def test_may_exist_refuses_each_and_accepts_the_others(damaged: list[str], tmp_path: Path) -> None:
    done = ours("add-ports", f"--file={tmp_path}/ports.json", "--may-exist", "--keep-going")
    assert (done.code, times(damaged, lines(done))) == (1, [1] * len(damaged))
    assert done.err.splitlines()[-1].startswith(f"ovs-docker: {len(damaged)} of ")
    one = ours("add-port", "br-int", "d11", "c2", "--may-exist")
    assert (one.code, times(damaged[11:12], lines(one))) == (1, [1])


@pytest.mark.parametrize("options", [(), ("--adopt",)], ids=" ".join)
def test_sync_reports_each_once_and_restores_the_others(
    damaged: list[str], c1: Container, c2: Container, options: tuple[str, ...]
) -> None:
    fleet.restart([c1, c2])
    done = ours("sync", *options)
    assert (done.code, times(damaged, lines(done)), done.out.count("restored port")) == (
        *(1, [1] * len(damaged)),
        1 + len(HARMLESS),
    )
    assert ours("check", "--container=c1").code == 0


def test_a_watch_reports_each_once_and_lasts(damaged: list[str], c1: Container) -> None:
    with watch() as running:
        c1.restart()
        running.says("restored port")
        with_id = [name for name, (key, _) in zip(damaged, DAMAGES, strict=False) if key == "ovs-docker-id"]
        assert times(with_id, running.lines) == [1, 1]
        assert running.stop() == 0
    assert "Traceback" not in "".join(running.lines)


def test_each_can_be_removed(damaged: list[str], c1: Container) -> None:
    for name, (key, value) in zip(damaged, DAMAGES, strict=False):
        if key == "ovs-docker-logical-switch":
            ovs("remove", "interface", name, "external_ids", key)
        interface = (value or "") if key == "container_iface" else f"d{damaged.index(name)}"
        if interface:
            assert ours("del-port", "br-int", interface, "c2") == Result(0, "", ""), key
    assert ours("del-ports", "br-int", "c2").code == 0
    assert ours("del-ports", "br-int", "--all") == Result(0, "", "")
    assert ovs("list-ports", "br-int") == ""


def test_all_takes_the_others_where_one_seems_to_be_on_a_logical_switch(damaged: list[str]) -> None:
    done = ours("del-ports", "br-int", "--all")
    (with_switch,) = (n for n, (key, _) in zip(damaged, DAMAGES, strict=False) if key == "ovs-docker-logical-switch")
    assert (done.code, "northbound" in done.err, ovs("list-ports", "br-int")) == (1, True, with_switch)


def test_what_the_script_recorded_is_read_with_the_same_care(bridge: str, c1: Container, c2: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    ours("add-port", bridge, "eth0", "c2", check=True)
    for container, word in (("c1", "a b"), ("c2", "x" * 300)):
        row, word = ports.of(container), json.dumps(word)
        ovs("clear", "interface", row, "external_ids")
        ovs("set", "interface", row, f"external_ids:container_id={container}", f"external_ids:container_iface={word}")
    for words in (["list-ports"], ["--format=json", "list-ports"], ["check"], ["sync", "--adopt"]):
        lines(ours(*words))
    assert ours("del-ports", bridge, "c1") == Result(0, "", "")
