"""How a call may be written, how long it may wait, and what it says: positions, --timeout, --no-wait, -v, -q, help.

What the verbs do is tested in the other files.
"""

import os

import pytest

from ovs_docker import __version__
from tests.host import services
from tests.integration.support.commands import OURS, Result, ours, ovs, run
from tests.integration.support.comparison import comparable_snapshot
from tests.integration.support.containers import Container
from tests.integration.support.ports import of
from tests.integration.support.snapshot import snapshot

DONE = Result(0, "", "")
PLACE = ("br-int", "eth0", "c1")
MAC = "02:00:00:00:00:01"
PLAIN = ("add-port", *PLACE, "--ipaddress=10.0.0.1/24", f"--macaddress={MAC}", "--mtu=1400", "--may-exist")
WRITINGS = [
    ("add-port", "--ipaddress=10.0.0.1/24", f"--macaddress={MAC}", "--mtu=1400", "--may-exist", *PLACE),
    ("add-port", "br-int", "--may-exist", "--mtu=1400", "eth0", f"--macaddress={MAC}", "c1", "--ipaddress=10.0.0.1/24"),
    ("add-port", "--ipaddress", "10.0.0.1/24", *PLACE, "--macaddress", MAC, "--mtu", "1400", "--may-exist"),
    ("--timeout=20", "--format=table", *PLAIN),
    ("-t", "20", "-f", "table", "-t20", *PLAIN),
    (*PLAIN, "--timeout=20", "--format=table", "-q"),
    ("--db", "unix:/run/openvswitch/db.sock", "--docker-host", "unix:///run/docker.sock", *PLAIN),
    (*PLAIN[:5], "--mtu=1300", f"--macaddress={MAC}", "--mtu", "1400", "--may-exist"),
]
VERBS = ("add-port", "del-port", "del-ports", "set-vlan", "set-trunk", "get-port", "list-ports")


@pytest.mark.parametrize("words", WRITINGS, ids=" ".join)
def test_options_stand_anywhere_and_values_after_a_blank(words: tuple[str, ...], bridge: str, c1: Container) -> None:
    pictures = []
    for call in (PLAIN, words):
        result = ours(*call)
        pictures.append((result, comparable_snapshot()))
        ours("del-port", *PLACE, check=True)
    assert (pictures[1], pictures[1][0]) == (pictures[0], DONE)


@pytest.mark.parametrize("words", [PLACE, ("c1", "eth0")], ids=["as-the-others", "container-first"])
def test_get_port_takes_both_orders(words: tuple[str, ...], bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, check=True)
    ours("add-port", bridge, "eth1", "c1", check=True)
    assert ours("get-port", *words) == Result(0, f"{of('c1')}\n", "")


@pytest.mark.parametrize("words", [("br-int", "eth1", "c1"), ("c1", "eth1"), ("eth0", "c1")], ids=" ".join)
def test_get_port_of_nothing_fails_as_the_other_verbs(words: tuple[str, ...], bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, check=True)
    *_, last = words
    interface, container = words[1:] if len(words) == 3 else (last, words[0])
    said = f"Failed to find any attached port for CONTAINER={container} and INTERFACE={interface}"
    said += " (the order is CONTAINER INTERFACE: get-port c1 eth0)" if words == ("eth0", "c1") else ""
    assert ours("get-port", *words) == Result(1, "", f"ovs-docker: {said}\n")


def test_no_wait_does_not_need_the_switch(bridge: str, c1: Container) -> None:
    with services.vswitchd().paused():
        calls = [ours("--no-wait", "--timeout=5", *PLAIN), ours("--no-wait", "--timeout=5", "set-vlan", *PLACE, "5")]
        tag = ovs("--no-wait", "get", "port", of("c1"), "tag")
        calls.append(ours("--no-wait", "--timeout=5", "del-port", *PLACE))
    assert (calls, tag) == ([DONE] * 3, "5")


def test_timeout_ends_the_wait_for_the_switch_and_rolls_back(bridge: str, c1: Container) -> None:
    before = snapshot()
    with services.vswitchd().paused():
        result = ours("--timeout=0.5", *PLAIN)
    assert (result.code, result.out, result.err.partition(" (")[0], snapshot()) == (
        1,
        "",
        "ovs-docker: ovs-vswitchd did not apply the change within 0.5 s",
        before,
    )


@pytest.mark.parametrize("option", ["--timeout=soon", "--timeout=-1", "--timeout=."])
def test_a_timeout_that_is_no_number_is_refused(option: str, bridge: str, c1: Container) -> None:
    said = f"ovs-docker: {option}: needs a number of seconds\n"
    assert ours(option, *PLAIN) == Result(1, "", said)


def test_quiet_silences_warnings_but_not_errors(bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, check=True)
    calls = ours("-q", "set-vlan", "br-x", "eth0", "c1", "5"), ours("--quiet", "set-vlan", "br-x", "eth0", "c1", "x")
    said = "ovs-docker: VLAN x: needs a whole number from 0 to 4095\n"
    assert calls == (DONE, Result(1, "", said))


@pytest.mark.parametrize("option", ["-v", "--verbose"])
def test_verbose_tells_on_stderr_the_steps_that_dry_run_prints(option: str, bridge: str, c1: Container) -> None:
    foretold = ours("--dry-run", *PLAIN).out
    result = ours(option, *PLAIN)
    assert result == Result(0, "", "".join(f"ovs-docker: {line}\n" for line in foretold.splitlines()))


def test_version_is_the_packages() -> None:
    assert ours("--version") == Result(0, f"ovs-docker {__version__}\n", "")


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_page_of_help_that_needs_nothing(verb: str, option: str) -> None:
    nowhere = {"PATH": "/nowhere", "DOCKER_HOST": "unix:///nowhere", "OVS_RUNDIR": "/nowhere"}
    result = run(OURS, verb, option, env=nowhere)
    assert (result.code, result.out.split()[:3], result.err) == (0, ["Usage:", os.path.basename(OURS), verb], "")
