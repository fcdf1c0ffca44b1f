"""What the system itself refuses: descriptors, memory, room on the disk, and a database that went after the change.

Each is one line that says what there is to know, and what is left where something is.
"""

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import services
from tests.integration.support import fleet, ports
from tests.integration.support.commands import OURS, Result, ours, ovs, run
from tests.integration.support.containers import Container
from tests.integration.support.gate import gate
from tests.integration.support.processes import ended, started
from tests.integration.support.refusal import ADD, DEL, line_of, nothing_changed, picture, refusal

DONE = Result(0, "", "")


def limited(limit: str, *words: str) -> Result:
    """Run ours under one of the shell's limits."""
    return run("sh", "-c", f'ulimit {limit}; exec "$@"', "sh", OURS, *words)


@pytest.mark.parametrize("verb", ["add-port", "del-port", "sync", "list-ports", "check"])
def test_without_descriptors_a_call_ends_in_one_line(bridge: str, c1: Container, c2: Container, verb: str) -> None:
    words = {"add-port": ADD, "del-port": DEL}.get(verb, (verb,))
    ours("add-port", bridge, "eth0", "c2", check=True)
    if verb == "del-port":
        ours(*ADD, check=True)
    before = picture()
    for limit in range(5, 40):  # with four Python itself does not start
        done = limited(f"-n {limit}", *words)
        if done.code == 0:
            break
        assert (done.code, len(done.err.splitlines()), done.err[:12]) == (1, 1, "ovs-docker: "), (limit, done)
        assert picture() == before, limit
    assert done.code == 0


def test_without_descriptors_json_is_asked_for_in_vain(bridge: str) -> None:
    done = limited("-n 5", "--format=json", *ADD)
    assert (done.code, "Traceback" in done.err, done.err.count("\n")) == (1, False, 1)


@pytest.mark.parametrize("verb", ["add-port", "list-ports", "check"])
def test_without_memory_a_call_ends_without_a_traceback(bridge: str, c1: Container, verb: str) -> None:
    words = ADD if verb == "add-port" else (verb,)
    ours("add-port", bridge, "eth1", "c1", check=True)
    with nothing_changed():
        said = [limited(f"-v {kib}", *words) for kib in range(20_000, 40_000, 4000)]
        ours("del-port", "--if-exists", *DEL[1:], check=True)
    refusals = [done.err.splitlines()[-1] for done in said if done.code]
    assert refusals and all(line.startswith("ovs-docker: ") for line in refusals), said


def refused(number: int) -> bool:
    """Whether the database refuses a change that is smaller than any of ours: no comment, one column of one row."""
    change = {"op": "update", "table": "Open_vSwitch", "where": [], "row": {"db_version": f"8.{number}"}}
    done = run("ovsdb-client", "--timeout=5", "transact", json.dumps(["Open_vSwitch", change]))
    return "error" in done.out or done.code != 0


@contextlib.contextmanager
def full_disk(directory: Path) -> Iterator[None]:
    """Let the database lie on a disk that has no room any more."""
    (disk := directory / "disk").mkdir()
    size = services.DATABASE.stat().st_size + (2 << 20)  # it grows with each test before this one
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk), check=True)
    with services.ovsdb().stopped():
        shutil.move(services.DATABASE, disk / "conf.db")
        services.DATABASE.symlink_to(disk / "conf.db")
    try:
        with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while filler.write(b"x" * 4096):
                pass
        assert any(refused(number) for number in range(100))  # what is left of the last page is filled, too
        yield
    finally:
        (disk / "filler").unlink()
        with services.ovsdb().stopped():
            services.DATABASE.unlink()
            shutil.move(disk / "conf.db", services.DATABASE)
        run("umount", str(disk), check=True)


def test_on_a_full_disk_nothing_is_done_and_nothing_has_to_be_undone(
    bridge: str, c1: Container, c2: Container, tmp_path: Path
) -> None:
    ours(*ADD, check=True)
    with nothing_changed(), full_disk(tmp_path):
        said = [
            refusal(*words)
            for words in (DEL, ("add-port", bridge, "eth0", "c2"), ("set-vlan", bridge, "eth0", "c1", "5"))
        ]
    assert [line.partition(":")[0] for line in said] == ["the database refused the change"] * 3


def test_on_a_full_disk_sync_says_so_once(bridge: str, c1: Container, c2: Container, tmp_path: Path) -> None:
    ours(*ADD, check=True)
    ours("add-port", bridge, "eth0", "c2", check=True)
    c1.restart()
    c2.remove()
    with full_disk(tmp_path):
        done = ours("sync")
    assert (done.code, done.out, "undo" in done.err, done.err.count("refused the change")) == (1, "", False, 2)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (ADD, "could not undo: add port {} to bridge br-int"),
        (DEL, "{} removed, but the database (ovsdb-server) "),
    ],
    ids=["add-port", "del-port"],
)
def test_a_database_that_goes_after_the_change_leaves_what_is_said(
    bridge: str, c1: Container, words: tuple[str, ...], left: str
) -> None:
    ours(*ADD, check=True)
    name = ports.of("c1")
    if words == ADD:
        ours(*DEL, check=True)
    with gate(after=words == ADD) as held:
        with services.vswitchd().paused():
            process = started(*words, held.option)
            held.wait()
            if words == DEL:
                held.open()
                fleet.wait_until(lambda: name not in ovs("--no-wait", "list-ports", bridge).split())
            services.ovsdb().kill()
            held.close()
            done = ended(process)
        services.ovsdb().start()
    assert (done.code, left.format(name) in done.err) == (1, True), done.err


def test_a_database_that_only_stands_by_says_so_in_words(bridge: str, c1: Container) -> None:
    control = str(next(Path("/run/openvswitch").glob("ovsdb-server*.ctl")))
    run("ovs-appctl", "-t", control, "ovsdb-server/set-active-ovsdb-server", "tcp:127.0.0.1:1", check=True)
    run("ovs-appctl", "-t", control, "ovsdb-server/connect-active-ovsdb-server", check=True)
    said = line_of(ours(*ADD))
    run("ovs-appctl", "-t", control, "ovsdb-server/disconnect-active-ovsdb-server", check=True)
    assert ("{" in said, "read only" in said) == (False, True)


def test_json_says_what_is_left_in_the_place_of_the_error(bridge: str, c1: Container) -> None:
    with gate(after=True) as held:
        process = started("--format=json", *ADD, held.option)
        held.wait()
        services.ovsdb().kill()
        held.close()
        done = ended(process)
    services.ovsdb().start()
    messages = [error["message"] for error in json.loads(done.out)["errors"]]
    assert messages[1].startswith("add port ")
