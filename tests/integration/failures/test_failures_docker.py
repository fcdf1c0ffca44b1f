"""Docker is not there, does not answer, is not Docker, or is on another host: each has its own message."""

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from socket import AF_UNIX, create_server
from typing import Any

import pytest

from tests.host import services
from tests.integration.support.commands import Result, ours, run
from tests.integration.support.containers import Container
from tests.integration.support.refusal import ADD, DEL, nothing_changed, refusal

START = "(start it (service docker start), or name its socket with --docker-host=unix://PATH)"
REMOTE = "is on another host, whose process ids mean nothing here (run ovs-docker on that host)"
NOT_DOCKER = f"what answers is not a Docker Engine {START}"
SECRETIVE = "Docker cannot tell about container c1: "


def reply(body: Any, status: int = 200) -> bytes:
    return f"HTTP/1.0 {status} X\r\nContent-Type: application/json\r\n\r\n".encode() + json.dumps(body).encode()


ODD_FACTS: dict[str, Any] = {"State": {"Running": True, "Pid": 1}, "Id": "1", "Name": None, "HostConfig": []}
STRANGE = "HTTP status {}, and an answer that is not Docker's"
ANSWERS = {
    b"": NOT_DOCKER,
    b"garbage": NOT_DOCKER,
    b"HTTP/1.0 abc OK\r\n\r\n": NOT_DOCKER,
    b"\xff\xfe\x00 \xb2 \x00": NOT_DOCKER,
    b"HTTP/1.0 200 OK\r\n\r\n": SECRETIVE + STRANGE.format(200),
    b"HTTP/1.0 200 OK\r\n\r\n\xff{": SECRETIVE + STRANGE.format(200),
    reply([]): SECRETIVE + STRANGE.format(200),
    reply({"State": None}): SECRETIVE + STRANGE.format(200),
    reply(ODD_FACTS): SECRETIVE + STRANGE.format(200),
    reply({"message": "out of order"}, 500): SECRETIVE + "out of order",
    reply("no", 500): SECRETIVE + STRANGE.format(500),
}


@contextlib.contextmanager
def engine(path: Path, answer: bytes | None) -> Iterator[str]:
    """Stand on a socket and give everybody the same answer; None: close the connection at once."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection:
                    if answer is not None:
                        connection.recv(1 << 16)
                        connection.sendall(answer)

    with create_server(str(path), family=AF_UNIX) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield f"--docker-host=unix://{path}"


def test_docker_that_was_stopped_is_told(bridge: str, c1: Container) -> None:
    with nothing_changed(), services.dockerd().stopped():
        said = refusal(*ADD)
    assert said == (
        "no Docker Engine at unix:///var/run/docker.sock: No such file or directory, "
        "and no Podman at unix:///run/podman/podman.sock: No such file or directory "
        "(start one of them, or name its socket with --docker-host=unix://PATH)"
    )


def test_docker_that_does_not_answer_is_told_in_time(bridge: str, c1: Container) -> None:
    with nothing_changed(), services.dockerd().paused():
        said = refusal("--timeout=2", *ADD, seconds=6), refusal("--timeout=2", *DEL, seconds=6)
    assert said == ("gave up after 2 s waiting for Docker (--timeout=SECS allows more)",) * 2


def test_a_port_can_be_detached_without_docker(bridge: str, c1: Container) -> None:
    with nothing_changed():
        ours(*ADD, check=True)
        with services.dockerd().stopped():
            assert ours(*DEL) == Result(0, "", "")


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_an_answer_that_is_not_dockers_is_told(bridge: str, c1: Container, tmp_path: Path, answer: bytes) -> None:
    with engine(tmp_path / "docker.sock", answer) as option, nothing_changed():
        said = refusal(option, *ADD)
    assert said == ANSWERS[answer]


def test_docker_that_hangs_up_is_told(bridge: str, c1: Container, tmp_path: Path) -> None:
    with engine(tmp_path / "docker.sock", None) as option, nothing_changed():
        said = {refusal(option, *ADD).partition(":")[0] for _ in range(20)}
    assert said <= {NOT_DOCKER.partition(":")[0], "Docker closed the connection"}


def test_a_database_is_not_docker(bridge: str, c1: Container) -> None:
    with nothing_changed():
        said = refusal(f"--docker-host=unix://{services.OVS_SOCKET}", *ADD)
    assert said == NOT_DOCKER


@pytest.mark.parametrize("host", ["tcp://192.0.2.1:2375", "ssh://somebody@elsewhere", "https://192.0.2.1:2376"])
def test_docker_on_another_host_is_refused(bridge: str, c1: Container, host: str) -> None:
    with nothing_changed():
        said = refusal(f"--docker-host={host}", *ADD), refusal(*ADD, env={"DOCKER_HOST": host})
    assert said == (f"--docker-host={host}: {REMOTE}", f"DOCKER_HOST={host}: {REMOTE}")


def test_a_context_on_another_host_is_refused(bridge: str, c1: Container, tmp_path: Path) -> None:
    config = {"DOCKER_CONFIG": str(tmp_path)}
    run("docker", "context", "create", "far", "--docker=host=ssh://somebody@elsewhere", env=config, check=True)
    with nothing_changed():
        said_of_named = refusal(*ADD, env={**config, "DOCKER_CONTEXT": "far"})
        run("docker", "context", "use", "far", env=config, check=True)
        said_of_current = refusal(*ADD, env=config)
    assert (said_of_named, said_of_current) == (f"docker context far: {REMOTE}",) * 2


def test_a_context_that_is_not_there_is_named(bridge: str, c1: Container, tmp_path: Path) -> None:
    with nothing_changed():
        said = refusal(*ADD, env={"DOCKER_CONFIG": str(tmp_path), "DOCKER_CONTEXT": "nowhere"})
    assert said == "there is no docker context nowhere (docker context ls shows them)"


def test_a_local_tcp_port_without_docker_is_named(bridge: str, c1: Container) -> None:
    with nothing_changed():
        said = refusal(*ADD, env={"DOCKER_HOST": "tcp://127.0.0.1:1"})
    assert said == f"no Docker Engine at tcp://127.0.0.1:1: Connection refused {START}"
