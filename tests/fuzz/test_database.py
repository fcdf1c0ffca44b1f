"""Any answer of the database, to every verb: its result, or an error of ours."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import strategies as st

from ovs_docker import world
from ovs_docker.backends.ovsdb import northbound, southbound
from ovs_docker.backends.ovsdb.session import Ovsdb
from ovs_docker.deadline import Deadline
from ovs_docker.errors import Error
from tests.fuzz.calls import Said, call
from tests.fuzz.database import Database
from tests.fuzz.engine import Engine
from tests.fuzz.examples import given
from tests.fuzz.values import json_values

PORT = ("br-int", "eth0", "c1")
# Nothing but the database may be changed here: it is the only one that is not real.
CALLS = [
    ("list-ports",),
    ("list-ports", "br-int"),
    ("list-ports", "--container=c1"),
    ("get-port", *PORT),
    ("check",),
    ("check", "br-int"),
    ("set-vlan", *PORT, "5"),
    ("set-trunk", *PORT, "5,7-9"),
    ("add-port", *PORT, "--dry-run"),
    ("add-port", *PORT, "--logical-switch=sw", "--ipaddress=10.0.0.1/24", "--dry-run"),
    ("del-port", *PORT, "--dry-run"),
    ("del-ports", "br-int", "c1", "--dry-run"),
    ("del-ports", "br-int", "--all", "--dry-run"),
    ("sync", "--dry-run"),
    ("sync", "--adopt", "--dry-run"),
]


@pytest.fixture(autouse=True, scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have an engine with a running container, and clusters without a leader given up at once."""
    server = Engine(Path(tmp_path_factory.mktemp("engine")) / "docker.sock")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", server.url)
        patch.setattr(northbound, "_ELECTION", 0)
        yield
    server.close()


def asked(words: tuple[str, ...], data: st.DataObject, odd: int) -> Said:
    """Run a call whose databases answer what is drawn."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (world, northbound, southbound):
            patch.setattr(module, "connect", lambda *_: Database(data, odd))
        return call("--db=unix:/nonexistent", *words)


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
@given(st.data(), st.sampled_from((0, 1, 3, 20)))
def test_answers_that_are_nearly_right(words: tuple[str, ...], data: st.DataObject, odd: int) -> None:
    asked(words, data, odd)
    asked(("--format=json", *words), data, odd)


class Stream:
    """A connection whose other end has said everything beforehand."""

    target = "unix:/nonexistent"

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks)

    def send(self, data: bytes, timeout: float | None) -> None: ...

    def receive(self, timeout: float | None) -> bytes:
        return self.chunks.pop(0) if self.chunks else b""

    def close(self) -> None: ...


def take(*chunks: bytes) -> None:
    """Ask for everything that can be asked for, and be told these bytes."""
    for ask in (_rows, Ovsdb.databases, _lock):
        with contextlib.suppress(Error):
            ask(Ovsdb(Stream(*chunks), Deadline(60)))


def _rows(db: Ovsdb) -> object:
    return db.rows([{"op": "select", "table": "Port"}])


def _lock(db: Ovsdb) -> object:
    return db.lock("a")


messages: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just(1) | json_values,
        "method": st.sampled_from(("echo", "locked", "stolen", "update")) | json_values,
        "params": st.just(["a"]) | json_values,
        "result": st.just([{"rows": []}]) | json_values,
        "error": st.just({"error": "unknown database"}) | json_values,
    },
)


@given(st.lists(st.binary(max_size=20), max_size=6))
def test_any_bytes(chunks: list[bytes]) -> None:
    take(*chunks)
    take(b"{", *chunks, b"}")


@given(st.lists(messages, max_size=6))
def test_any_messages(said: list[object]) -> None:
    take("".join(map(json.dumps, said)).encode())


@given(st.text(alphabet='{}[]":,\\e1tfn. \n', max_size=40), st.integers(1, 40))
def test_anything_like_json_in_any_pieces(text: str, size: int) -> None:
    data = f'{{"id": 1, "result": {text}}}'.encode()
    take(*(data[start : start + size] for start in range(0, len(data), size)))


@given(st.sampled_from(('"params"', '"result"', '"error"')), st.sampled_from(("[", '{"a":')), st.integers(1, 20_000))
def test_deep_nesting(key: str, bracket: str, depth: int) -> None:
    closing = "]" if bracket == "[" else "}"
    take(f'{{"id": 1, "method": "echo", {key}: {bracket * depth}1{closing * depth}}}'.encode())
    take(f'{{"id": 1, {key}: {bracket * depth}1{closing * depth}}}'.encode())


@given(st.integers(1, 6))
def test_long_numbers(digits: int) -> None:
    take(f'{{"id": {"9" * 10**digits}}}'.encode())
