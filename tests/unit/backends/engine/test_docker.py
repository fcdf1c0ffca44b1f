"""Docker's answers as we read them, and its socket where something else answers. The engine itself is integration's."""

import json
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from ovs_docker.backends.engine import endpoint as docker_endpoint
from ovs_docker.backends.engine import kinds
from ovs_docker.backends.engine.docker import Docker, _container, _listed
from ovs_docker.backends.engine.endpoint import Endpoint, parse
from ovs_docker.backends.engine.find import Local
from ovs_docker.backends.engine.http import Line
from ovs_docker.deadline import Deadline
from ovs_docker.errors import DockerMissing, Error, NoSuchContainer, TimedOut
from ovs_docker.model.container import Container, Listed
from tests.unit.samples import ID

WHOSE = f"podman:{os.getuid()}" if os.getuid() else "podman"
FACTS: dict[str, Any] = {
    "Id": ID,
    "Name": "/netsho1",
    "State": {"Running": True, "Pid": 4711, "Paused": False},
    "HostConfig": {"NetworkMode": "none"},
    "Config": {"Labels": None},
}


@pytest.mark.parametrize(
    ("change", "container"),
    [
        ({}, Container(ID, "netsho1", 4711, False)),
        ({"State": {"Running": False, "Pid": 0}}, Container(ID, "netsho1", 0, False)),
        ({"State": {"Running": False, "Pid": 4711}}, Container(ID, "netsho1", 0, False)),
        ({"HostConfig": {"NetworkMode": "host"}}, Container(ID, "netsho1", 4711, True)),
        ({"HostConfig": {}}, Container(ID, "netsho1", 4711, False)),
        ({"Config": {"Labels": {"a": "b"}}}, Container(ID, "netsho1", 4711, False, {"a": "b"})),
        ({"Config": {}}, Container(ID, "netsho1", 4711, False)),
    ],
)
def test_an_inspected_container(change: dict[str, Any], container: Container) -> None:
    assert _container(FACTS | change) == container


@pytest.mark.parametrize(
    ("names", "state", "listed"),
    [
        (["/netsho1"], "running", Listed(ID, "netsho1", True)),
        (["/other/alias", "/netsho1"], "paused", Listed(ID, "netsho1", True)),
        (["/netsho1"], "exited", Listed(ID, "netsho1", False)),
        (["/netsho1"], "created", Listed(ID, "netsho1", False)),
        ([], "dead", Listed(ID, "", False)),
        (None, "running", Listed(ID, "", True)),
    ],
)
def test_a_listed_container(names: list[str] | None, state: str, listed: Listed) -> None:
    assert _listed({"Id": ID, "Names": names, "State": state}) == listed


@pytest.mark.parametrize(("entry", "labels"), [({}, {}), ({"Labels": None}, {}), ({"Labels": {"a": "b"}}, {"a": "b"})])
def test_a_listed_container_has_its_labels(entry: dict[str, Any], labels: dict[str, str]) -> None:
    assert _listed({"Id": ID, "State": "running", **entry}).labels == labels


Serve = Callable[[bytes], tuple[Local, list[bytes]]]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Answer one request on a unix socket; return an engine for it, and the requests."""

    def start(answer: bytes) -> tuple[Local, list[bytes]]:
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(tmp_path / "docker.sock"))
        server.listen()
        requests: list[bytes] = []

        def one() -> None:
            with server, server.accept()[0] as peer:
                requests.append(peer.recv(1 << 16))
                peer.sendall(answer)

        threading.Thread(target=one, daemon=True).start()
        return Local(parse(f"unix://{tmp_path}/docker.sock"), Deadline(5)), requests

    return start


def _http(status: int, body: Any) -> bytes:
    return f"HTTP/1.0 {status} Said\r\nContent-Type: application/json\r\n\r\n{json.dumps(body)}".encode()


def test_a_container_is_asked_for_by_one_request(serve: Serve) -> None:
    engine, requests = serve(_http(200, FACTS))
    assert (engine.inspect("netsho1"), requests) == (
        Container(ID, "netsho1", 4711, False),
        [b"GET /containers/netsho1/json HTTP/1.0\r\nHost: docker\r\n\r\n"],
    )


@pytest.mark.parametrize(("config", "labels"), [({}, {}), ({"Labels": None}, {}), ({"Labels": {"a": "b"}}, {"a": "b"})])
def test_an_image_has_its_labels(config: dict[str, Any], labels: dict[str, str], serve: Serve) -> None:
    engine, _ = serve(_http(200, {"Config": config}))
    assert engine.ask_image("sha256:" + ID).answer() == labels


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (
            _http(404, {"message": "No such container: c1"}),
            NoSuchContainer,
            "Failed to get the PID of the container c1: no such container",
        ),
        (_http(500, {"message": "boom"}), DockerMissing, "Docker cannot tell about container c1: boom"),
        (
            _http(200, {"something": "else"}),
            DockerMissing,
            "Docker cannot tell about container c1: HTTP status 200, and an answer that is not Docker's",
        ),
        (
            _http(502, []),
            DockerMissing,
            "Docker cannot tell about container c1: HTTP status 502, and an answer that is not Docker's",
        ),
        (b"SSH-2.0-OpenSSH\r\n", DockerMissing, "what answers is not a Docker Engine"),
        (b"", DockerMissing, "what answers is not a Docker Engine"),
    ],
)
def test_an_answer_that_is_no_container_is_told(serve: Serve, answer: bytes, kind: type[Error], said: str) -> None:
    with pytest.raises(kind) as refused:
        serve(answer)[0].inspect("c1")
    assert refused.value.message == said


@pytest.mark.parametrize("name", ["", "a/b", "../version", "c1?size=1", "c1 HTTP/1.0\r\nX: y", "é", "%2e"])
def test_a_name_that_no_container_can_have_is_not_sent(name: str) -> None:
    nowhere = Local(Endpoint("", "/nonexistent", ("", 0)), Deadline(5))
    with pytest.raises(NoSuchContainer):
        nowhere.inspect(name)


def test_an_engine_that_is_not_there_is_told() -> None:
    with pytest.raises(DockerMissing) as refused:
        Local(parse("unix:///nonexistent"), Deadline(5)).inspect("c1")
    assert refused.value.message == "no Docker Engine at unix:///nonexistent: No such file or directory"


def test_where_nobody_is_named_podman_is_looked_for_too(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = kinds.PODMAN._replace(url="unix:///nonexistent/podman.sock")
    monkeypatch.setattr(docker_endpoint, "ALL", (kinds.DOCKER, nowhere))
    with pytest.raises(DockerMissing) as refused:
        Local(parse("unix:///nonexistent")._replace(unnamed=True), Deadline(5)).inspect("c1")
    assert refused.value.message == (
        "no Docker Engine at unix:///nonexistent: No such file or directory, "
        "and no Podman at unix:///nonexistent/podman.sock: No such file or directory"
    )


def test_an_engine_that_has_answered_is_not_replaced_by_podman(serve: Serve) -> None:
    there, _ = serve(_http(200, FACTS))
    engine = Local(there.line.endpoint._replace(unnamed=True), Deadline(5))
    engine.inspect("netsho1")
    Path(there.line.endpoint.path).unlink()
    with pytest.raises(DockerMissing) as refused:
        engine.inspect("netsho1")
    assert refused.value.message == f"no Docker Engine at {there.line.endpoint.url}: No such file or directory"


def test_podman_is_known_by_its_answer(serve: Serve) -> None:
    answer = _http(200, FACTS).replace(b"Content-Type", b"Libpod-Api-Version: 4.3.1\r\nContent-Type")
    assert serve(answer)[0].inspect("netsho1") == Container(ID, "netsho1", 4711, False, engine=WHOSE)


def test_who_answers_is_asked_where_it_has_to_be_known(serve: Serve) -> None:
    engine, requests = serve(b"HTTP/1.0 200 OK\r\nLibpod-Api-Version: 4.3.1\r\n\r\nOK")
    assert (engine.recorded_as(), engine.recorded_as(), len(requests)) == ((WHOSE,), (WHOSE,), 1)


@pytest.mark.parametrize(
    ("root", "customary", "engine"),
    [
        ("/srv/docker", False, "docker:/srv/docker"),
        ("/srv/docker", True, ""),
        ("/var/lib/docker", False, ""),
        ("/var/lib/docker/165536.165536", False, "docker:/var/lib/docker/165536.165536"),
    ],
)
def test_a_second_docker_is_told_by_its_data_root(serve: Serve, root: str, customary: bool, engine: str) -> None:
    docker, requests = serve(_http(200, FACTS | {"HostnamePath": f"{root}/containers/{ID}/hostname"}))
    docker.line._places = [docker.line.endpoint._replace(unnamed=customary)]
    assert (docker.inspect("netsho1").engine, len(requests)) == (engine, 1)


@pytest.mark.parametrize("answer", [{}, {"message": "x"}, "x", None, [{}], ["x"], [None], [{"Id": "x"}]])
def test_a_list_of_another_shape_is_no_empty_one(serve: Serve, answer: Any) -> None:
    with pytest.raises(DockerMissing):
        serve(_http(200, answer))[0].running()


def test_an_engine_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        with pytest.raises(TimedOut) as refused:
            Local(parse(f"unix://{path}"), Deadline(0.05)).inspect("c1")
    assert refused.value.message == "gave up after 0.05 s waiting for Docker"


def test_a_list_that_comes_byte_by_byte_is_given_up(tmp_path: Path) -> None:
    place, over = str(tmp_path / "docker.sock"), threading.Event()

    def drip() -> None:
        with suppress(OSError), server.accept()[0] as peer:
            peer.recv(1 << 16)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while not over.wait(0.1):
                peer.sendall(b" ")

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(place)
        server.listen()
        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        (limit := threading.Timer(5, over.set)).start()
        began = monotonic()
        with pytest.raises(TimedOut):
            Docker(Line([parse(f"unix://{place}")], Deadline(0.5))).containers()
        assert monotonic() - began < 3
        limit.cancel()
        over.set()
        server.shutdown(socket.SHUT_RDWR)  # if the time was over before it connected, nothing else ends accept()
        dripping.join()
