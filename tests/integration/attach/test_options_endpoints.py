"""Where the database and the Docker Engine are: --db, $OVS_RUNDIR, --docker-host, $DOCKER_HOST, docker's context.

A relay in front of the real socket proves which way was taken. What happens when nobody answers is tested elsewhere.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.services import DOCKER_SOCKET, OVS_SOCKET
from tests.integration.support import relay
from tests.integration.support.commands import Result, ours, run
from tests.integration.support.containers import Container
from tests.integration.support.fleet import wait_until

DONE = Result(0, "", "")
PLACE = ("br-int", "eth0", "c1")
NOWHERE = "unix:///nowhere/docker.sock"


@pytest.fixture
def long_path(tmp_path: Path) -> Path:
    """Return a path for a socket that is longer than a socket's address can be (107 bytes)."""
    directory = tmp_path / ("d" * 120)
    directory.mkdir()
    return directory / "db.sock"


@pytest.fixture
def tcp_remote() -> Iterator[str]:
    """Let the database server listen on a loopback port of its own choice; return the target for --db."""
    remote, before = "ptcp:0:127.0.0.1", listening_ports()
    run("ovs-appctl", "-t", "ovsdb-server", "ovsdb-server/add-remote", remote, check=True)
    try:
        wait_until(lambda: bool(listening_ports() - before))
        (port,) = listening_ports() - before
        yield f"tcp:127.0.0.1:{port}"
    finally:
        run("ovs-appctl", "-t", "ovsdb-server", "ovsdb-server/remove-remote", remote, check=True)


def listening_ports() -> set[int]:
    """Return the TCP ports that this host listens on (the fourth field of /proc/net/tcp is the state)."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(line[1].partition(":")[2], 16) for line in lines if line[3] == "0A"}


def attach_and_look(*options: str, **env: str) -> list[Result]:
    """Attach, list and detach; return the three results, the list's without its lines."""
    calls = [ours(*options, verb, *words, env=env) for verb, *words in (("add-port", *PLACE), ("list-ports",))]
    calls[1] = Result(calls[1].code, str(len(calls[1].out.splitlines())), calls[1].err)
    return [*calls, ours(*options, "del-port", *PLACE, env=env)]


ATTACHED = [DONE, Result(0, "2", ""), DONE]


def test_db_names_a_unix_socket(bridge: str, c1: Container, tmp_path: Path) -> None:
    with relay.unix(tmp_path / "db", OVS_SOCKET) as way:
        results = attach_and_look(f"--db=unix:{tmp_path}/db", OVS_RUNDIR="/nowhere")
    assert (results, way.connections) == (ATTACHED, 3)


def test_db_may_be_a_path_longer_than_a_sockets_address(bridge: str, c1: Container, long_path: Path) -> None:
    with relay.unix(long_path, OVS_SOCKET) as way:
        results = attach_and_look(f"--db=unix:{long_path}", OVS_RUNDIR="/nowhere")
    assert (len(str(long_path)) > 107, results, way.connections) == (True, ATTACHED, 3)


def test_db_names_a_tcp_port(bridge: str, c1: Container, tcp_remote: str) -> None:
    assert attach_and_look(f"--db={tcp_remote}", OVS_RUNDIR="/nowhere") == ATTACHED


def test_ovs_rundir_holds_the_socket(bridge: str, c1: Container, long_path: Path) -> None:
    with relay.unix(long_path, OVS_SOCKET) as way:
        results = attach_and_look(OVS_RUNDIR=str(long_path.parent))
    assert (results, way.connections) == (ATTACHED, 3)


def test_docker_host_is_an_option_that_overrules_the_environment(bridge: str, c1: Container, tmp_path: Path) -> None:
    with relay.unix(tmp_path / "docker", DOCKER_SOCKET) as way:
        results = attach_and_look(f"--docker-host=unix://{tmp_path}/docker", DOCKER_HOST=NOWHERE)
    assert (results, way.connections >= 2) == (ATTACHED, True)


def test_docker_host_is_read_from_the_environment(bridge: str, c1: Container, tmp_path: Path) -> None:
    with relay.unix(tmp_path / "docker", DOCKER_SOCKET) as way:
        results = attach_and_look(DOCKER_HOST=f"unix://{tmp_path}/docker")
    assert (results, way.connections >= 2) == (ATTACHED, True)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_a_docker_host_on_the_loopback_is_this_host(name: str, bridge: str, c1: Container) -> None:
    with relay.tcp(DOCKER_SOCKET, name.strip("[]") if "[" in name else "127.0.0.1") as way:
        results = attach_and_look("-H", f"tcp://{name}:{way.port}")
    assert (results, way.connections >= 2) == (ATTACHED, True)


@pytest.mark.parametrize("chosen", ["current", "DOCKER_CONTEXT"])
def test_dockers_context_is_followed(chosen: str, bridge: str, c1: Container, tmp_path: Path) -> None:
    config = {"DOCKER_CONFIG": str(tmp_path)}
    create_context("there", f"unix://{tmp_path}/docker", config)
    if chosen == "current":
        run("docker", "context", "use", "there", env=config, check=True)
    else:
        config[chosen] = "there"
    with relay.unix(tmp_path / "docker", DOCKER_SOCKET) as way:
        results = attach_and_look(**config)
    assert (results, way.connections >= 2) == (ATTACHED, True)


def test_docker_host_in_the_environment_overrules_the_context(bridge: str, c1: Container, tmp_path: Path) -> None:
    config = {"DOCKER_CONFIG": str(tmp_path)}
    create_context("nowhere", NOWHERE, config)
    run("docker", "context", "use", "nowhere", env=config, check=True)
    assert attach_and_look(DOCKER_HOST=f"unix://{DOCKER_SOCKET}", **config) == ATTACHED


def test_the_context_called_default_is_the_local_socket(bridge: str, c1: Container, tmp_path: Path) -> None:
    config = {"DOCKER_CONFIG": str(tmp_path)}
    run("docker", "context", "use", "default", env=config, check=True)
    assert attach_and_look(**config, DOCKER_CONTEXT="default") == ATTACHED


def create_context(name: str, host: str, config: dict[str, str]) -> None:
    run("docker", "context", "create", name, f"--docker=host={host}", env={**os.environ, **config}, check=True)
