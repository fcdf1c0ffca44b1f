"""The protocol with ovsdb-server, over a stream that says what a server said."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.backends.ovsdb.session import Ovsdb, atoms, one, pairs, uuids
from ovs_docker.deadline import Deadline
from ovs_docker.errors import OvsdbMissing, OvsdbRefused, TimedOut, WorldChanged

OPS: list[dict[str, Any]] = [{"op": "select", "table": "Bridge", "where": []}, {"op": "wait", "table": "Port"}]


class Replay:
    """A stream whose other end has spoken already; keeps what is sent to it."""

    target = "tcp:there"

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks)
        self.sent: list[dict[str, Any]] = []

    def send(self, data: bytes, timeout: float | None) -> None:
        self.sent.append(json.loads(data))

    def receive(self, timeout: float | None) -> bytes:
        if not self.chunks:
            raise TimeoutError
        return self.chunks.pop(0)


def message(**fields: Any) -> bytes:
    return json.dumps({"id": None, "error": None} | fields, ensure_ascii=False).encode()


def session(*chunks: bytes) -> tuple[Ovsdb, Replay]:
    channel = Replay(*chunks)
    return Ovsdb(channel, Deadline(60)), channel


def refusal(kind: type[Exception], *chunks: bytes) -> str:
    with pytest.raises(kind) as refused:
        session(*chunks)[0].transact(OPS)
    return str(refused.value)


def test_a_transaction_is_sent_as_rfc_7047_has_it() -> None:
    db, channel = session(message(id=1, result=[{"rows": []}, {}]))
    assert (db.transact(OPS), channel.sent) == (
        [{"rows": []}, {}],
        [{"method": "transact", "params": ["Open_vSwitch", *OPS], "id": 1}],
    )


def test_no_operations_are_no_transaction() -> None:
    db, channel = session()
    assert (db.rows([]), channel.sent) == ([], [])


@given(st.lists(st.text(max_size=20), max_size=5), st.data())
def test_an_answer_may_come_in_any_pieces(names: list[str], data: st.DataObject) -> None:
    stream = b"".join(message(id=number, result=[{"rows": [{"words": names}]}]) for number in (1, 2))
    cuts = sorted(data.draw(st.lists(st.integers(1, len(stream) - 1), max_size=8, unique=True)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)])]
    db, _ = session(*pieces)
    assert [db.rows(OPS[:1]) for _ in range(2)] == [[[{"words": names}]]] * 2


def test_a_keep_alive_probe_is_answered_in_between() -> None:
    db, channel = session(message(id="echo", method="echo", params=[1]), message(id=1, result=[]))
    db.transact([])
    assert channel.sent[1] == {"result": [1], "error": None, "id": "echo"}


def test_a_request_of_the_server_is_not_taken_for_the_answer_that_has_its_number() -> None:
    db, _ = session(message(id=1, method="echo", params=[]), message(id=1, result=[{}]))
    assert db.transact([]) == [{}]


def test_an_answer_to_another_request_is_passed_over() -> None:
    db, _ = session(message(id=99, result="other"), message(id=1, result=[{}]))
    assert db.transact([]) == [{}]


def test_a_wait_that_does_not_hold_means_that_the_world_changed() -> None:
    answer = message(id=1, result=[{"rows": []}, {"error": "timed out", "details": '"wait" timed out'}, None])
    assert refusal(WorldChanged, answer) == "Port rows changed meanwhile"


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ([{"error": "constraint violation", "details": "tag out of range"}, None], "tag out of range"),
        ([{"error": "timed out"}, None], "timed out"),
        ([{}, {}, {"error": "referential integrity violation", "details": "no"}], "no"),
    ],
)
def test_any_other_error_is_told_in_the_databases_words(result: list[Any], said: str) -> None:
    assert refusal(OvsdbRefused, message(id=1, result=result)) == f"the database refused the change: {said}"


def test_a_request_that_the_server_does_not_understand_is_told() -> None:
    answer = message(id=1, error="unknown method", result=None)
    assert refusal(OvsdbRefused, answer) == "the database refused transact: unknown method"


def test_a_closed_connection_is_told() -> None:
    assert refusal(OvsdbMissing, b'{"id": 1,', b"").startswith("the database (ovsdb-server) closed the connection")


def test_a_silent_server_is_told_within_the_timeout() -> None:
    waiting = "gave up after 60 s waiting for the database (ovsdb-server)"
    assert refusal(TimedOut, message(id=7)) == waiting
    assert refusal(TimedOut) == f"{waiting}; tcp:there has not said a word"


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (b"HTTP/1.1 400 Bad Request", "what answers at tcp:there is not an OVSDB server"),
        (b"\x15\x03\x01\x00\x02", "what answers at tcp:there speaks TLS"),
        (b"", "what listens at tcp:there closed the connection without a word"),
    ],
)
def test_what_is_no_database_is_known_by_its_first_words(first: bytes, said: str) -> None:
    assert refusal(OvsdbMissing, first) == said


def test_a_server_of_other_databases_is_told() -> None:
    answer = message(id=1, error={"error": "unknown database", "details": "…"}, result=None)
    assert refusal(OvsdbMissing, answer) == "the server at tcp:there has no database Open_vSwitch"


def test_a_free_lock_is_had_at_once_and_once() -> None:
    db, channel = session(message(id=1, result={"locked": True}))
    assert ([db.lock("a"), db.lock("a")], len(channel.sent)) == ([True, True], 1)


def test_a_held_lock_is_waited_for() -> None:
    db, channel = session(
        message(id=1, result={"locked": False}),
        message(method="locked", params=["other"]),
        message(method="locked", params=["a"]),
        b"never read",
    )
    assert (db.lock("a"), len(channel.sent), channel.chunks) == (False, 1, [b"never read"])


@pytest.mark.parametrize(
    ("column", "elements"),
    [(["set", []], []), (["set", [1, 2]], [1, 2]), (5, [5]), ("x", ["x"]), (["uuid", "u"], [["uuid", "u"]])],
)
def test_a_set_of_one_is_a_bare_atom(column: Any, elements: list[Any]) -> None:
    assert (atoms(column), one(column)) == (elements, elements[0] if elements else None)


@pytest.mark.parametrize(
    ("column", "ids"),
    [(["set", []], []), (["uuid", "a"], ["a"]), (["set", [["uuid", "a"], ["uuid", "b"]]], ["a", "b"])],
)
def test_references_are_row_ids(column: Any, ids: list[str]) -> None:
    assert uuids(column) == ids


def test_a_map_is_a_dict() -> None:
    assert [pairs(["map", []]), pairs(["map", [["a", "1"], ["b", "2"]]])] == [{}, {"a": "1", "b": "2"}]
