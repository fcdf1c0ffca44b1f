"""--format=json: the envelope of every verb, exact to the last key, and of failures, with their stable codes.

The states that list-ports tells are in test_list_ports.py.
"""

import json
from typing import Any

import pytest

from tests.integration.support.commands import Result, ours, script
from tests.integration.support.containers import Container
from tests.integration.support.ports import of, ofport

PLACE = ("br-int", "eth0", "c1")
OPTIONS = (
    "--ipaddress=10.0.0.1/24,2001:db8::1",
    "--macaddress=02:00:00:00:00:01",
    "--mtu=1400",
    "--vlan=5",
    "--trunks=10,20-22",
)
PORT = {
    "bridge": "br-int",
    "container_id": "c1",
    "container_name": "c1",
    "interface": "eth0",
    "iface_id": "c1_eth0",
    "logical_switch": None,
    "mac": "02:00:00:00:00:01",
    "addresses": ["10.0.0.1/24", "2001:db8::1/128"],
    "mtu": 1400,
    "tag": 5,
    "trunks": [10, 20, 21, 22],
    "state": "up",
    "error": None,
}
CALLS: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    (("add-port", *PLACE, *OPTIONS, "--may-exist"), {}),
    (("set-vlan", *PLACE, "7"), {"tag": 7}),
    (("set-vlan", *PLACE, "none"), {"tag": None}),
    (("set-trunk", *PLACE, "3"), {"trunks": [3]}),
    (("set-trunk", *PLACE, "none"), {"trunks": []}),
    (("get-port", *PLACE), {}),
    (("get-port", "c1", "eth0"), {}),
    (("list-ports",), {}),
    (("list-ports", "br-int"), {}),
    (("del-port", *PLACE), {"state": "detached"}),
    (("del-ports", "br-int", "c1"), {"state": "detached"}),
]
FAILURES: list[tuple[tuple[str, ...], str, str, str]] = [
    (
        ("add-port", "br-int"),
        "usage",
        "not enough arguments (use --help for help)",
        "INTERFACE and CONTAINER are missing: add-port BRIDGE INTERFACE CONTAINER",
    ),
    (("add-port", *PLACE, "--frob"), "usage", 'unknown option "--frob"', ""),
    (
        ("del-port", "br-int"),
        "usage",
        "not enough arguments (use --help for help)",
        "INTERFACE and CONTAINER are missing: del-port BRIDGE INTERFACE CONTAINER",
    ),
    (("add-port", *PLACE, "--mtu=1"), "bad-value", "--mtu=1: needs a whole number from 68 to 65535", ""),
    (
        ("add-port", *PLACE),
        "already-attached",
        "Port already attached for CONTAINER=c1 and INTERFACE=eth0",
        "--may-exist accepts that; del-port detaches it",
    ),
    (
        ("add-port", *PLACE, "--mtu=1401", "--may-exist"),
        "attached-otherwise",
        "Port already attached for CONTAINER=c1 and INTERFACE=eth0, but not as asked: --mtu",
        "del-port first, then add-port",
    ),
    (
        ("set-vlan", "br-int", "eth1", "c1", "5"),
        "not-attached",
        "Failed to find any attached port for CONTAINER=c1 and INTERFACE=eth1",
        "ovs-docker list-ports shows what is attached",
    ),
    (
        ("add-port", "br-int", "eth0", "c2"),
        "no-such-container",
        "Failed to get the PID of the container c2: no such container",
        "docker ps -a lists all containers",
    ),
    (("list-ports", "br-x"), "bridge-unfit", "there is no bridge br-x", "ovs-vsctl list-br shows them"),
]


@pytest.fixture
def port(bridge: str, c1: Container) -> dict[str, Any]:
    """Attach c1 with many options; return its object."""
    ours("add-port", *PLACE, *OPTIONS, check=True)
    return {**PORT, "port": of("c1"), "ofport": ofport(of("c1"))}


def envelope(command: str, data: list[Any], errors: list[Any]) -> dict[str, Any]:
    status = "error" if errors else "success"
    return {"version": 1, "command": command, "status": status, "data": data, "errors": errors}


def parsed(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.out)
    return found


@pytest.mark.parametrize(("words", "changed"), CALLS, ids=[" ".join(words[:5]) for words, _ in CALLS])
def test_success_is_an_envelope_with_one_object_a_port(
    words: tuple[str, ...], changed: dict[str, Any], port: dict[str, Any]
) -> None:
    result = ours("--format=json", *words)
    assert (result.code, parsed(result), result.err) == (0, envelope(words[0], [{**port, **changed}], []), "")


def test_add_port_tells_of_the_port_that_it_made(bridge: str, c1: Container) -> None:
    result = ours("-f", "json", "add-port", *PLACE, *OPTIONS)
    made = {**PORT, "port": of("c1"), "ofport": ofport(of("c1"))}
    assert (result.code, parsed(result), result.err) == (0, envelope("add-port", [made], []), "")


@pytest.mark.parametrize(("words", "code", "message", "hint"), FAILURES, ids=[f[1] + f[2][:20] for f in FAILURES])
def test_a_failure_is_an_envelope_too_and_one_line_on_stderr(
    words: tuple[str, ...], code: str, message: str, hint: str, port: dict[str, Any]
) -> None:
    result = ours("--format=json", *words)
    told = {"code": code, "message": message, "hint": hint}
    assert (result.code, parsed(result), result.err.count("\n")) == (1, envelope(words[0], [], [told]), 1)


@pytest.mark.parametrize("word", ["frobnicate", "--frob"])
def test_a_word_that_is_no_verb_fails_in_an_envelope_without_a_command(word: str) -> None:
    result = ours("--format=json", word)
    told = {"code": "usage", "message": f'unknown command "{word}" (use --help for help)', "hint": ""}
    assert (result.code, parsed(result), result.err.count("\n")) == (1, envelope("", [], [told]), 1)


@pytest.mark.parametrize(
    "words", [("del-ports", "br-int", "c2"), ("del-port", "br-int", "eth1", "c1", "--if-exists")], ids=" ".join
)
def test_where_nothing_was_to_do_the_data_is_empty(words: tuple[str, ...], port: dict[str, Any]) -> None:
    result = ours("--format=json", *words)
    assert (result.code, parsed(result), result.err) == (0, envelope(words[0], [], []), "")


def test_warnings_go_to_stderr_and_leave_the_object_whole(port: dict[str, Any]) -> None:
    result = ours("--format=json", "set-vlan", "br-x", "eth0", "c1", "5")
    said = f"ovs-docker: warning: port {port['port']} is on bridge br-int, not on br-x\n"
    assert (parsed(result), result.err) == (envelope("set-vlan", [port], []), said)


def test_a_port_of_the_script_has_the_same_keys(bridge: str, c1: Container) -> None:
    script("add-port", *PLACE, "--ipaddress=10.0.0.1/24", "--macaddress=02:00:00:00:00:01", check=True)
    made = {"addresses": ["10.0.0.1/24"], "iface_id": None, "mtu": 1500, "tag": None, "trunks": []}
    expected = {**PORT, **made, "port": of("c1"), "ofport": ofport(of("c1"))}
    assert parsed(ours("--format=json", "list-ports")) == envelope("list-ports", [expected], [])


@pytest.mark.parametrize("words", [("get-port", *PLACE), ("set-vlan", *PLACE, "5"), ("list-ports",)], ids=" ".join)
def test_every_verb_tells_the_true_state(words: tuple[str, ...], port: dict[str, Any], c1: Container) -> None:
    c1.stop()
    (told,) = parsed(ours("--format=json", *words))["data"]
    assert told["state"] == "stopped"


def test_a_format_that_is_unknown_is_refused(port: dict[str, Any]) -> None:
    assert ours("--format=xml", "list-ports") == Result(1, "", "ovs-docker: --format=xml: needs table or json\n")
