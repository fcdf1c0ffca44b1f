"""Hostile and broken neighbours: what others leave in /proc, on sockets and in files neither stops nor delays a call."""

from pathlib import Path

from tests.integration.support import neighbours
from tests.integration.support.commands import OURS, run
from tests.integration.support.containers import Container
from tests.integration.support.refusal import ADD, nothing_changed, refusal

NO_TIME = "(--timeout=SECS allows more)"
IN_C1 = "--ovs-container=c1"


def test_a_socket_whose_path_is_not_utf_8_is_looked_at_and_passed_over(c1: Container, tmp_path: Path) -> None:
    (odd := tmp_path / "\udcff").mkdir()
    with neighbours.bound(c1, str(odd / "db.sock")):
        said = refusal(IN_C1, "list-ports")
    assert said.startswith("container c1 has no Open vSwitch database: no db.sock in its mounts and run directories")


def test_a_database_socket_in_a_container_with_a_full_queue_costs_no_more_than_the_timeout(c1: Container) -> None:
    with neighbours.full(neighbours.run_directory(c1) / "db.sock"):
        said = refusal("--timeout=2", IN_C1, "list-ports", seconds=6)
    assert said == f"gave up after 2 s waiting for the database (ovsdb-server) {NO_TIME}"


def test_an_engines_socket_with_a_full_queue_is_waited_for(bridge: str, c1: Container, tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with neighbours.full(path), nothing_changed():
        said = refusal("--timeout=2", f"--docker-host=unix://{path}", *ADD, seconds=6)
    assert said == f"gave up after 2 s waiting for Docker {NO_TIME}"


def test_a_name_of_the_command_that_is_not_utf_8_is_one_like_others(bridge: str, tmp_path: Path) -> None:
    """Processes have their names in /proc as the bytes that they are."""
    odd = tmp_path / "odd\udcff"
    odd.symlink_to(OURS)
    assert run(str(odd), "check").code == 0
