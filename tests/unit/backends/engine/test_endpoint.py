"""Where the Docker Engine is, and which places are refused."""

import json
from pathlib import Path
from socket import EAI_NONAME, gaierror
from threading import Event

import pytest

from ovs_docker import backends
from ovs_docker.backends.engine.endpoint import Endpoint, find, parse
from ovs_docker.deadline import Deadline
from ovs_docker.errors import BadValue, DockerMissing, DockerRemote, Error, TimedOut


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))


@pytest.mark.parametrize(
    ("url", "path", "address"),
    [
        ("unix:///run/docker.sock", "/run/docker.sock", ("", 0)),
        ("unix://run/docker.sock", "/run/docker.sock", ("", 0)),
        ("tcp://127.0.0.1:2375", "", ("127.0.0.1", 2375)),
        ("tcp://127.0.0.1:2375/", "", ("127.0.0.1", 2375)),
        ("http://127.0.0.1:2375", "", ("127.0.0.1", 2375)),
        ("tcp://[::1]:2375", "", ("::1", 2375)),
    ],
)
def test_a_socket_of_this_host_is_read(url: str, path: str, address: tuple[str, int]) -> None:
    assert parse(url) == Endpoint(url, path, address)


@pytest.mark.parametrize(
    "url",
    ["tcp://192.0.2.1:2375", "tcp://[2001:db8::1]:2375", "ssh://root@host", "https://192.0.2.1", "http://192.0.2.1:1"],
)
def test_another_host_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """192.0.2.0/24 is nobody's (RFC 5737)."""
    monkeypatch.setenv("DOCKER_HOST", url)
    with pytest.raises(DockerRemote) as refused:
        find(None)
    assert refused.value.message == f"DOCKER_HOST={url}: is on another host, whose process ids mean nothing here"


@pytest.mark.parametrize(
    "url", ["", "unix", "unix://", "/run/docker.sock", "tcp://", "tcp://127.0.0.1", "fd://x", "tcp://::1:2375"]
)
def test_what_is_no_place_is_refused(url: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse(url)
    assert refused.value.message == "needs unix://PATH or tcp://HOST:PORT"


@pytest.mark.parametrize("variable", [None, "DOCKER_HOST"])
def test_what_named_the_place_is_named(variable: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if variable:
        monkeypatch.setenv(variable, "/run/docker.sock")
    with pytest.raises(BadValue) as refused:
        find(None if variable else "/run/docker.sock")
    said = f"{variable or '--docker-host'}=/run/docker.sock: needs unix://PATH or tcp://HOST:PORT"
    assert refused.value.message == said


def test_tls_to_docker_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    with pytest.raises(BadValue):
        parse("tcp://127.0.0.1:2376")


def _config(directory: Path, text: str) -> None:
    (directory / "config.json").write_text(text)


def test_the_option_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///b")
    assert find("unix:///a").path == "/a"


def test_the_environment_goes_before_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///b")
    monkeypatch.setenv("DOCKER_CONTEXT", "nowhere")
    assert find(None).path == "/b"


@pytest.mark.parametrize(
    "config", [None, "", "no json", "[]", "{}", '{"currentContext": ""}', '{"currentContext": "default"}']
)
def test_without_a_context_it_is_the_local_socket(config: str | None, tmp_path: Path) -> None:
    if config is not None:
        _config(tmp_path, config)
    assert find(None).path == "/var/run/docker.sock"


def test_the_default_context_named_is_the_local_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONTEXT", "default")
    _config(tmp_path, json.dumps({"currentContext": "nowhere"}))
    assert find(None).path == "/var/run/docker.sock"


@pytest.mark.parametrize("by", ["environment", "config"])
def test_a_context_that_does_not_exist_is_told(by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if by == "environment":
        monkeypatch.setenv("DOCKER_CONTEXT", "nowhere")
    else:
        _config(tmp_path, json.dumps({"currentContext": "nowhere"}))
    with pytest.raises(Error) as refused:
        find(None)
    assert (type(refused.value), "nowhere" in refused.value.message) == (DockerMissing, True)


def test_a_name_is_looked_up_within_the_time_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = Event()

    def slow(host: str, port: int, **named: object) -> list[object]:
        if "flags" not in named:  # not asked for an address in digits only
            given_up.wait(5)
        raise gaierror(EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(backends, "getaddrinfo", slow)
    with pytest.raises(TimedOut) as refused:
        parse("tcp://engine.example:2375", Deadline(0.05))
    given_up.set()
    assert refused.value.message == (
        "gave up after 0.05 s waiting for the name of Docker's host engine.example to be resolved"
    )
