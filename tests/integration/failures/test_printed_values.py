"""What stands in rows is shown, never obeyed: no escape sequence reaches the terminal, and no value makes lines.

Which rows are refused for what stands in them is in test_damaged_rows.py.
"""

import json

import pytest

from tests.integration.support import ports
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.watching import watch

EVIL = "\x1b]0;owned\x07\x9b2J\u202e\nremoved port eth9\r"
SHOWN = "\\x1b]0;owned\\x07\\x9b2J\\u202e\\nremoved port eth9\\r"
FORGED = "removed port eth9"


@pytest.fixture
def evil(bridge: str, c1: Container, c2: Container) -> str:
    """Return the name of c1's port, in whose row all words say more than they should."""
    for name in ("c1", "c2"):
        ours("add-port", bridge, "eth0", name, check=True)
    name, word = ports.of("c1"), json.dumps(EVIL)
    ids = [f"external_ids:{key}={word}" for key in ("container_id", "ovs-docker-name", "who")]
    ovs("set", "interface", name, *ids)
    return name


def printed(done: Result) -> list[str]:
    """Return the lines of both streams, all of which can be printed as they are."""
    lines = [*done.out.split("\n"), *done.err.split("\n")]
    assert all(map(str.isprintable, lines)) and not any(line.startswith(FORGED) for line in lines), lines
    return lines


def test_the_table_is_as_wide_as_what_is_shown(evil: str, c1: Container) -> None:
    c1.remove()
    header, *rows = (line for line in printed(ours("list-ports")) if line)
    assert {row[header.index("STATE") :].split()[0] for row in rows} == {"gone", "up"}
    assert any(SHOWN in row for row in rows)


def test_json_says_what_there_is(evil: str, c1: Container) -> None:
    listed = json.loads(ours("--format=json", "list-ports").out)["data"]
    assert EVIL in [port["container_id"] for port in listed]


def test_check_and_sync_show_it(evil: str, c1: Container) -> None:
    c1.restart()
    assert any(SHOWN in line for line in printed(ours("sync")))
    c1.remove()
    for words in (["check"], ["--dry-run", "sync"], ["--verbose", "sync"]):
        assert printed(ours(*words))


def test_verbose_and_warnings_show_it(evil: str, c1: Container) -> None:
    ovs("set", "bridge", "br-int", f"external_ids:x={json.dumps(EVIL)}")
    ovs("set", "interface", evil, f"external_ids:iface-id={json.dumps(EVIL)}", "external_ids:container_id=c1")
    for words in (["del-ports", "br-x", "c1"], ["add-port", "br-int", "eth1", "c1", f"--iface-id={EVIL}"]):
        assert printed(ours("--verbose", *words))


def test_a_watch_logs_it_on_one_line(evil: str, c1: Container) -> None:
    with watch() as running:
        c1.restart()
        running.says(SHOWN)
        assert running.count(FORGED) == sum(SHOWN in line for line in running.lines)


def test_it_is_not_offered_for_completion(evil: str) -> None:
    offered = ours("complete", "del-port", "br-int", "eth0", "")
    assert (printed(offered), offered.out) == (["c2", "", ""], "c2\n")


@pytest.mark.parametrize("name", ["--db=tcp:127.0.0.1:1", ":files:/"])
def test_a_name_that_is_an_option_or_a_mark_is_not_offered_for_completion(evil: str, name: str) -> None:
    ovs("set", "interface", ports.of("c2"), f"external_ids:container_iface={json.dumps(name)}")
    assert ours("complete", "del-port", "br-int", "") == Result(0, "eth0\n", "")


def test_what_an_encoding_lacks_is_no_error(evil: str) -> None:
    ovs("set", "interface", ports.of("c2"), f"external_ids:container_iface={json.dumps('日本')}")
    done = ours("list-ports", env={"PYTHONIOENCODING": "ascii"})
    assert (done.code, "\\u65e5\\u672c" in done.out, done.err) == (0, True, "")
