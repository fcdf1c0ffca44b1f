"""Hostile and broken neighbours: what they leave in /proc, on sockets and in files neither stops nor delays a call."""

import os
from pathlib import Path

import pytest

from tests.host import services
from tests.host.services import DOCKER_SOCKET, TLS_FILES
from tests.integration.support import neighbours
from tests.integration.support.commands import OURS, Result, ours, run
from tests.integration.support.containers import Container
from tests.integration.support.refusal import ADD, nothing_changed, refusal

NO_TIME = "(--timeout=SECS allows more)"
HERE = f"--docker-host=unix://{DOCKER_SOCKET}"
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


@pytest.mark.parametrize("option", ["private-key", "certificate", "ca-cert"])
def test_a_pipe_in_the_place_of_a_key_file_is_refused(option: str, tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    files = [f"--{name}={pipe if name == option else OURS}" for name in TLS_FILES]
    said = refusal("--timeout=2", "--db=ssl:127.0.0.1:6640", *files, "list-ports", seconds=6)
    assert said == f"--{option}={pipe}: cannot be read: not a regular file"


def test_a_pipe_in_the_place_of_dockers_settings_is_no_setting(bridge: str, c1: Container, tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "config.json")
    env = {"DOCKER_CONFIG": str(tmp_path)}
    assert ours("--timeout=2", *ADD, env=env, timeout=6) == Result(0, "", "")
    said = [refusal("--timeout=2", *words, "list-ports", env=env, seconds=6) for words in ((), (HERE,))]
    assert said == [f"{pipe} is a FIFO (docker's settings belong into a regular file)"] * 2


def test_a_pipe_in_the_place_of_a_docker_context_is_refused(bridge: str, c1: Container, tmp_path: Path) -> None:
    env = {"DOCKER_CONFIG": str(tmp_path)}
    run("docker", "context", "create", "near", f"--docker={HERE.removeprefix('--docker-')}", env=env, check=True)
    (meta,) = tmp_path.glob("contexts/meta/*/meta.json")
    meta.unlink()
    os.mkfifo(meta)
    said = refusal("--timeout=2", *ADD, env={**env, "DOCKER_CONTEXT": "near"}, seconds=6)
    assert said == "docker context near cannot be read: [Errno 22] not a regular file"


def test_a_docker_that_hangs_leaves_check_time_for_the_database(bridge: str) -> None:
    with services.dockerd().paused():
        done = ours("--timeout=6", "check", timeout=8)
    said = [line.split(":")[0] for line in done.out.splitlines()]
    assert said == ["ok     privilege", "wrong  Docker", "ok     database", "ok     ovs-vswitchd", "ok     datapath"]
    assert "gave up after 2 s waiting for Docker" in done.out
