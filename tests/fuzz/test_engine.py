"""Any answer of an engine, and anything where it may be named: what is asked for, or an error of ours."""

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from ovs_docker.backends.engine import Engine as Asked
from ovs_docker.backends.engine import endpoint
from ovs_docker.backends.engine.find import Local
from ovs_docker.deadline import Deadline
from ovs_docker.errors import Error
from tests.fuzz.calls import call
from tests.fuzz.engine import INFO, INSPECTED, LISTED, Engine, http, well
from tests.fuzz.examples import given
from tests.fuzz.values import json_values, texts
from tests.unit.samples import ID


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    server = Engine(Path(tmp_path_factory.mktemp("engine")) / "docker.sock")
    yield server
    server.close()


def ask_everything(server: Engine) -> None:
    """Ask all that is asked of an engine; an Error is an answer."""
    for question in (_inspect, _kind, _containers, _running, _events):
        with contextlib.suppress(Error):
            question(Local(endpoint.parse(server.url), Deadline(5)))


def _inspect(asked: Asked) -> None:
    container = asked.inspect("c1")
    assert isinstance(container.name, str) and isinstance(container.pid, int)


def _kind(asked: Asked) -> None:
    assert all(isinstance(each, str) for each in asked.recorded_as())


def _containers(asked: Asked) -> None:
    assert all(isinstance(each.labels, dict) for each in asked.containers())


def _running(asked: Asked) -> None:
    assert all(isinstance(each.name, str) for each in asked.running())


def _events(asked: Asked) -> None:
    with asked.events() as events:
        for container, _ in zip(events, range(5)):
            hash(container)


def changed(value: Any) -> st.SearchStrategy[Any]:
    """Return the value with something else in some place of it, or without that."""
    if isinstance(value, dict) and value:
        places = st.sampled_from(sorted(value))
        inside = places.flatmap(lambda key: changed(value[key]).map(lambda found: {**value, key: found}))
        without = places.map(lambda key: {name: value[name] for name in value if name != key})
        return inside | without | json_values
    if isinstance(value, list) and value:
        return changed(value[0]).map(lambda found: [found]) | json_values
    return json_values


# --- what it answers -----------------------------------------------------------------------------------------------


@given(st.binary(max_size=80))
def test_any_bytes(engine: Engine, data: bytes) -> None:
    engine.answer = lambda path: data
    ask_everything(engine)


@given(st.integers(0, 999), st.binary(max_size=40) | json_values)
def test_any_body_of_any_status(engine: Engine, status: int, body: Any) -> None:
    engine.answer = lambda path: http(body, status)
    ask_everything(engine)


EVENT = {"Type": "container", "Action": "start", "Actor": {"ID": ID}}


@given(changed(INSPECTED), changed(LISTED), changed(EVENT), changed({"ApiVersion": "1.41"}), changed(INFO))
def test_answers_that_are_nearly_right(
    engine: Engine, inspected: Any, listed: Any, event: Any, version: Any, info: Any
) -> None:
    odd = {"/containers/json": listed, "/events": event, "/version": version, "/info": info, "/json": inspected}

    def answer(path: str) -> bytes:
        return next((http(value) for part, value in odd.items() if part in path), well(path))

    engine.answer = answer
    ask_everything(engine)


@given(st.integers(1, 20_000), st.sampled_from(("[", '{"a":')))
def test_deep_nesting(engine: Engine, depth: int, bracket: str) -> None:
    engine.answer = lambda path: http((bracket * depth).encode()) if "version" not in path else well(path)
    ask_everything(engine)


@given(st.sampled_from(("", "\n", "\r\n\r\n", "HTTP/1.0 200 OK\r\n")), st.integers(0, 10**6))
def test_an_answer_that_ends_early(engine: Engine, head: str, length: int) -> None:
    engine.answer = lambda path: f"{head}Content-Length: {length}\r\n\r\n[".encode()
    ask_everything(engine)


# --- where it is ---------------------------------------------------------------------------------------------------

urls = texts | st.builds("{}://{}".format, st.sampled_from(("unix", "tcp", "http", "https", "ssh")), texts | st.text())
addresses = st.builds("tcp://{}:{}".format, st.ip_addresses() | st.text(), st.integers() | st.text(max_size=6))


@given(urls | addresses)
def test_any_place(url: str) -> None:
    with contextlib.suppress(Error):
        Local(endpoint.parse(url), Deadline(5)).recorded_as()


@given(json_values | st.fixed_dictionaries({"currentContext": json_values | texts}), st.text(max_size=8))
def test_any_configuration_of_docker(tmp_path_factory: pytest.TempPathFactory, found: Any, tail: str) -> None:
    directory = tmp_path_factory.mktemp("docker")
    (directory / "config.json").write_text(json.dumps(found) + tail)
    _look_in(directory)


@given(
    st.binary(max_size=40) | (json_values | changed({"Endpoints": {"docker": {"Host": "unix:///x"}}})).map(json.dumps)
)
def test_any_context(tmp_path_factory: pytest.TempPathFactory, meta: bytes | str) -> None:
    directory = tmp_path_factory.mktemp("docker")
    (directory / "config.json").write_text('{"currentContext": "c"}')
    place = directory / "contexts/meta/2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6"
    place.mkdir(parents=True)
    (place / "meta.json").write_bytes(meta.encode() if isinstance(meta, str) else meta)
    _look_in(directory)


def _look_in(directory: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_CONFIG", str(directory))
        patch.delenv("DOCKER_HOST")
        with contextlib.suppress(Error):
            Local(endpoint.find(None), Deadline(5)).recorded_as()


def test_a_pipe_where_dockers_configuration_should_be_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.json")
    looking = threading.Thread(target=_look_in, args=(tmp_path,), daemon=True)
    looking.start()
    looking.join(5)
    assert not looking.is_alive()


@given(json_values)
def test_any_list_of_containers_for_the_labels_of_all(engine: Engine, listed: Any) -> None:
    engine.answer = lambda path: http(listed) if "/containers/json" in path else well(path)
    call(f"--docker-host={engine.url}", "add-ports", "--labels")
