"""The words of a call: what the old script says to them, ours says too, down to the byte and the exit status.

Only the text of the usage is each one's own. What the words do to the host is tested in the other drop-in files.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests.integration.support.commands import OURS, SCRIPT, Result, ours, run
from tests.integration.support.side_by_side import PLACE, Program, Story, attached, both, stage

EMPTY_PLACES = [("add-port", *PLACE[:at], "", *PLACE[at + 1 :]) for at in range(3)]
CALLS = [
    (),
    ("-h",),
    ("--help",),
    ("frobnicate",),
    ("add_port",),
    ("ADD-PORT",),
    ("",),
    ("a b",),
    ("br-int", "add-port"),
    ("--frob",),
    ("--frob=1",),
    ("-x",),
    ("add-port",),
    ("add-port", "br-int"),
    ("add-port", "br-int", "eth0"),
    *EMPTY_PLACES,
    ("del-port",),
    ("del-port", "br-int"),
    ("del-port", "br-int", "eth0"),
    ("del-ports",),
    ("del-ports", "br-int"),
    ("set-vlan",),
    ("set-vlan", "br-int"),
    ("set-vlan", "br-int", "eth0"),
    ("set-vlan", "br-int", "eth0", "c1"),
]
SURPLUS_AT_ADD_PORT = [
    ("c2",),
    ("",),
    ("-x",),
    ("-foo",),
    ("--frob",),
    ("--frob=1",),
    ("--frob", "c2"),
    ("c2", "--frob"),
    ("--ipaddress",),
    ("--mtu",),
    ("--ipadress=10.0.0.1/24",),
    ("--mac=02:00:00:00:00:01",),
    ("--ipaddress=10.0.0.1/24", "c2"),
]
SURPLUS_ELSEWHERE = [
    ("word",),
    ("word", "another"),
    ("",),
    ("-x",),
    ("-f",),
    ("-foo",),
    ("--force",),
    ("--frob=1",),
    ("--ipaddress=10.0.0.1/24",),
    ("--ipaddress=nonsense", "--mtu=0"),
    ("--ipaddress",),
    ("--ipaddress=10.0.0.1/24", "--gateway=10.0.0.254", "--macaddress=02:00:00:00:00:01", "--mtu=1400"),
]
CUSTOMARY = {"--ipaddress", "--gateway", "--macaddress", "--mtu"}  # of which callers write some at every verb
LENIENT = [
    *((("del-port", *PLACE), surplus) for surplus in SURPLUS_ELSEWHERE),
    *((("del-ports", "br-int", "c1"), surplus) for surplus in SURPLUS_ELSEWHERE[::3]),
    *((("set-vlan", *PLACE, "5"), surplus) for surplus in SURPLUS_ELSEWHERE[::3]),
]


def begins_as(by_ours: Story, by_script: Story) -> bool:
    """Tell whether ours says on stderr what the script says, and at most one line after it."""
    after = by_ours.err.removeprefix(by_script.err)
    return by_ours.err == by_script.err + after and after.count("\n") <= 1


@pytest.mark.parametrize("words", CALLS, ids=repr)
def test_a_call_without_enough_words_or_with_unknown_ones_is_answered_as_ever(words: tuple[str, ...]) -> None:
    by_ours, by_script = both(lambda program: program(*words))
    assert (by_ours.silent, begins_as(by_ours, by_script)) == (by_script.silent, True)


@pytest.mark.parametrize("surplus", SURPLUS_AT_ADD_PORT, ids=repr)
def test_add_port_refuses_a_word_or_option_too_many_as_ever(surplus: tuple[str, ...]) -> None:
    by_ours, by_script = both(lambda program: program("add-port", *PLACE, *surplus))
    assert (by_ours.silent, begins_as(by_ours, by_script)) == (by_script.silent, True)
    assert (by_ours.code, "unknown option" in by_script.err) == (1, True)


@pytest.mark.parametrize(("call", "surplus"), LENIENT, ids=repr)
def test_the_other_verbs_ignore_surplus_words_and_options(call: tuple[str, ...], surplus: tuple[str, ...]) -> None:
    def scenario(program: Program) -> Result:
        attached(program)
        return program(*call, *surplus)

    by_ours, by_script = both(scenario)
    assert by_ours.silent == by_script.silent
    assert by_script.outcome == (0, "", "")
    foreign = [word for word in surplus if word and word.partition("=")[0] not in CUSTOMARY]
    assert sorted(by_ours.err.splitlines()) == sorted(f"ovs-docker: {call[0]} ignores {word}" for word in foreign)


@pytest.mark.parametrize("words", [(), ("-h",), ("--help",)], ids=repr)
def test_the_usage_needs_neither_docker_nor_open_vswitch(words: tuple[str, ...]) -> None:
    nowhere = {"PATH": "/nowhere", "DOCKER_HOST": "unix:///nowhere", "OVS_RUNDIR": "/nowhere"}
    result = run(OURS, *words, env=nowhere)
    assert (result.code, result.out.split(":")[0], result.err) == (0, "ovs-docker", "")


@pytest.mark.parametrize("words", [("frobnicate",), ("add-port",), ("--help",), ("del-port", *PLACE)], ids=repr)
def test_messages_begin_with_the_name_that_the_program_was_called_by(words: tuple[str, ...], tmp_path: Path) -> None:
    link = tmp_path / "vsd"

    def scenario(program: Program) -> Result:
        link.unlink(missing_ok=True)
        link.symlink_to(OURS if program is ours else SCRIPT)
        return run(str(link), *words)

    by_ours, by_script = both(scenario)
    assert (by_ours.silent, begins_as(by_ours, by_script)) == (by_script.silent, True)
    assert (by_ours.out + by_ours.err).replace("USAGE of ", "").startswith("vsd")


@pytest.mark.parametrize("verb", ["add-port", "del-port", "del-ports", "set-vlan"])
def test_standard_input_is_left_unread(verb: str) -> None:
    if verb == "add-port":
        stage()
    else:
        attached(ours)
    words = {"del-ports": ("br-int", "c1"), "set-vlan": (*PLACE, "5")}.get(verb, PLACE)
    reading, writing = os.pipe()
    os.write(writing, b"password\n")
    done = subprocess.run([OURS, verb, *words], stdin=reading, check=False)
    os.close(writing)
    assert (done.returncode, os.read(reading, 100)) == (0, b"password\n")
    os.close(reading)
