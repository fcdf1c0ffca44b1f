"""The database is not there, does not answer, or is not what it should be: each has its own message.

What goes wrong in the middle of a call is in test_failures_midway.py.
"""

from pathlib import Path

import pytest

from tests.host import services
from tests.host.services import OVS_SOCKET
from tests.integration.support.commands import run
from tests.integration.support.containers import Container
from tests.integration.support.refusal import ADD, DEL, nothing_changed, refusal

SOCKET = "/var/run/openvswitch/db.sock"
START = "(start it (service openvswitch-switch start), or say where it is: --db=unix:PATH, --ovs-container=NAME)"
NO_TIME = (
    f"gave up after 2 s waiting for the database (ovsdb-server); unix:{SOCKET} has not said a word "
    "(is that an OVSDB server, and does it run? --timeout=SECS allows more)"
)
NO_ROW = "the database has no Open_vSwitch row (ovs-vsctl --no-wait init creates it)"


def test_a_database_that_was_stopped_is_told(bridge: str, c1: Container) -> None:
    with nothing_changed(), services.ovsdb().stopped():
        said = refusal(*ADD)
    assert said == f"no Open vSwitch database at {SOCKET} {START}"


def test_a_database_that_was_killed_is_told(bridge: str, c1: Container) -> None:
    with nothing_changed():
        services.ovsdb().kill()
        said = refusal(*ADD)
        services.ovsdb().start()
    assert said == f"no answer from the Open vSwitch database at {SOCKET}: Connection refused {START}"


@pytest.mark.parametrize("words", [ADD, DEL], ids=["add-port", "del-port"])
def test_a_database_that_does_not_answer_is_told_in_time(bridge: str, c1: Container, words: tuple[str, ...]) -> None:
    with nothing_changed(), services.ovsdb().paused():
        said = refusal("--timeout=2", *words, seconds=6)
    assert said == NO_TIME


def test_a_wrong_path_is_named(bridge: str, c1: Container, tmp_path: Path) -> None:
    missing, file, long = tmp_path / "no.sock", tmp_path / "file", tmp_path / ("x" * 110)
    file.touch()
    with nothing_changed():
        said = [refusal(*ADD, f"--db=unix:{path}") for path in (missing, file, long)]
        said_of_directory = refusal(*ADD, env={"OVS_RUNDIR": str(tmp_path)})
    answer = "no answer from the Open vSwitch database at"
    assert [*said, said_of_directory] == [
        f"no Open vSwitch database at {missing} {START}",
        f"{answer} {file}: Connection refused {START}",
        f"no Open vSwitch database at {long} {START}",
        f"no Open vSwitch database at {tmp_path}/db.sock {START}",
    ]


def test_what_is_not_a_database_is_told_at_once(bridge: str, c1: Container) -> None:
    with nothing_changed():
        said = refusal(*ADD, f"--db=unix:{services.DOCKER_SOCKET}", seconds=6)
    assert said == f"what answers at unix:{services.DOCKER_SOCKET} is not an OVSDB server"


def test_a_remote_database_that_is_not_there_is_named(bridge: str, c1: Container) -> None:
    with nothing_changed():
        said = [refusal(*ADD, f"--db=tcp:{place}") for place in ("127.0.0.1:1", "192.0.2.1:6640")]
    answer, hint = "no answer from the database at", "(does ovsdb-server listen there?)"
    assert said == [
        f"{answer} tcp:127.0.0.1:1: Connection refused {hint}",
        f"{answer} tcp:192.0.2.1:6640: Network is unreachable {hint}",
    ]


def test_a_secure_connection_needs_its_files(bridge: str, c1: Container) -> None:
    with nothing_changed():
        said = (
            refusal(*ADD, "--db=ssl:127.0.0.1:6640"),
            refusal(*ADD, "--db=ssl:127.0.0.1:6640", "-p", "/no/key", "-c", "/no/key", "-C", "/no/key"),
        )
    assert said == (
        "--db=ssl:…: needs --private-key=FILE as well",
        "--private-key=/no/key: cannot be read: No such file or directory",
    )


def test_a_database_without_its_one_row_is_told(c1: Container) -> None:
    delete = '["Open_vSwitch", {"op": "delete", "table": "Open_vSwitch", "where": []}]'
    with nothing_changed():
        run("ovsdb-client", "transact", f"unix:{OVS_SOCKET}", delete, check=True)
        said = refusal("add-port", "br-new", "eth0", "c1"), refusal(*DEL)
    # The snapshot has made the row again: every ovs-vsctl does.
    assert said == (NO_ROW, "Failed to find any attached port for CONTAINER=c1 and INTERFACE=eth0")
