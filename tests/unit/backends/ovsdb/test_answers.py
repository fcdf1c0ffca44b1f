"""Answers that make no sense: each is refused where it comes in, and none fills the memory."""

import itertools
import json
from typing import Any

import pytest

from ovs_docker.backends.ovsdb import session
from ovs_docker.backends.ovsdb.session import Ovsdb
from ovs_docker.deadline import Deadline
from ovs_docker.errors import OvsdbMissing, OvsdbRefused
from tests.unit.backends.ovsdb.test_session import Replay, message

SELECT = {"op": "select", "table": "Interface"}
UUID = ["uuid", "u"]


def refusal(*chunks: bytes) -> str:
    with pytest.raises(OvsdbMissing) as refused:
        Ovsdb(Replay(*chunks), Deadline(60)).rows([SELECT])
    said = str(refused.value)
    assert said.startswith("the database (ovsdb-server) gave an answer that makes no sense: ")
    return said.partition("sense: ")[2]


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (None, "no list of results"),
        ("yes", "no list of results"),
        ({}, "no list of results"),
        ([], "0 results for 1 operations"),
        ([None], "no result of select"),
        (["rows"], "no result of select"),
        ([{}], "rows that are none"),
        ([{"rows": None}], "rows that are none"),
        ([{"rows": {}}], "rows that are none"),
        ([{"rows": [1]}], "rows that are none"),
    ],
    ids=str,
)
def test_results_that_are_none(result: Any, said: str) -> None:
    assert refusal(message(id=1, result=result)) == said


@pytest.mark.parametrize(
    "row",
    [
        *({"_uuid": value} for value in (None, "u", ["uuid"], ["uuid", 1], ["named-uuid", "u"])),
        *({"name": value} for value in (None, 1, True, UUID, ["set", []])),
        *({"ofport": value} for value in ("1", True, 1.5, ["set", ["1"]], ["set", 1], ["map", []])),
        *({"interfaces": value} for value in ("u", ["set", ["u"]], ["set", [["uuid", 1]]])),
        *({"external_ids": value} for value in (None, ["set", []], ["map", {}], ["map", [["a"]]], ["map", [["a", 1]]])),
    ],
    ids=str,
)
def test_a_column_of_another_kind(row: dict[str, Any]) -> None:
    (column,) = row
    assert refusal(message(id=1, result=[{"rows": [row]}])) == f"a row with another kind of {column}"


def test_columns_that_nobody_reads_may_hold_anything() -> None:
    row = {"_uuid": UUID, "statistics": ["map", [["rx", 1]]], "of_another_release": {"a": [None]}}
    db = Ovsdb(Replay(message(id=1, result=[{"rows": [row]}])), Deadline(60))
    assert db.rows([SELECT]) == [[row]]


def test_a_column_that_is_not_there_is_named_when_it_is_read() -> None:
    db = Ovsdb(Replay(message(id=1, result=[{"rows": [{"_uuid": UUID}]}])), Deadline(60))
    row = db.rows([SELECT])[0][0]
    with pytest.raises(OvsdbMissing, match="a row without ofport"):
        row["ofport"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"id": "\xff"}', "one that cannot be read"),
        (b'{"id": 1 "result": []}', "one that is not JSON"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "one that cannot be read"),
        (b'{"id": 7}[1, {}]{}', "one that is no object"),
    ],
    ids=["no UTF-8", "no JSON", "deep", "a list"],
)
def test_what_is_no_message_is_told_at_once(data: bytes, said: str) -> None:
    assert refusal(data) == said


def test_a_lock_that_is_neither_taken_nor_held() -> None:
    with pytest.raises(OvsdbMissing, match="neither a lock nor none"):
        Ovsdb(Replay(message(id=1, result="locked")), Deadline(60)).lock("a")


def test_reasons_of_any_length_and_kind_fit_a_line() -> None:
    for error, said in (("x" * 5000, "x" * 500), ({"error": [[]]}, "it does not say why"), (7, "it does not say why")):
        with pytest.raises(OvsdbRefused) as refused:
            Ovsdb(Replay(message(id=1, result=None, error=error)), Deadline(60)).transact([])
        assert str(refused.value) == f"the database refused transact: {said}"


# --- without end ---------------------------------------------------------------------------------------------------


class Endless(Replay):
    """A stream that says the same again and again, as often as somebody listens."""

    def __init__(self, first: bytes, data: bytes) -> None:
        super().__init__()
        self.said = itertools.chain([first], itertools.repeat(data))
        self.bytes = 0

    def receive(self, timeout: float | None) -> bytes:
        data = next(self.said)
        self.bytes += len(data)
        return data


def test_a_message_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_LONGEST", 1 << 20)
    channel = Endless(b'{"result": "', b"x" * (1 << 16))
    with pytest.raises(OvsdbMissing, match="one of more than 1 MiB"):
        Ovsdb(channel, Deadline(60)).transact([])
    assert channel.bytes < 2 << 20


def test_messages_without_end_take_no_memory_and_no_more_than_the_time_of_the_call() -> None:
    flood = b"".join(json.dumps({"id": number, "result": [], "error": None}).encode() for number in range(2, 2000))
    db = Ovsdb(Endless(b"{}", flood), Deadline(0.3))
    with pytest.raises(Exception, match=r"gave up after 0[.]3 s"):
        db.transact([])
    assert (db._answers, len(db._messages) < 2000) == ({1: None}, True)
