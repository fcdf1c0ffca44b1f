"""OVSDB operations (RFC 7047, section 5.2) that suit any table, as plain dicts. No I/O: session.py sends them."""

from collections.abc import Iterable, Mapping
from typing import Any

from ovs_docker.errors import Error
from ovs_docker.model.record import pairs_of

Op = dict[str, Any]


def select(table: str, *conditions: list[Any], columns: Iterable[str] = ()) -> Op:
    op: Op = {"op": "select", "table": table, "where": list(conditions)}
    if columns:
        op["columns"] = list(columns)
    return op


def is_row(uuid: str) -> list[Any]:
    return ["_uuid", "==", ["uuid", uuid]]


def has_ids(pairs: Mapping[str, str]) -> list[Any]:
    """Make the condition that external_ids holds these pairs."""
    return ["external_ids", "includes", ["map", [[key, value] for key, value in pairs.items()]]]


def has_record(**fields: str) -> list[Any]:
    """Make the condition that the record has these fields of Record, empty ones too."""
    return has_ids(pairs_of(**fields))


def comment(text: str) -> Op:
    """Leave a line in the database's log, as ovs-vsctl does."""
    return {"op": "comment", "comment": f"ovs-docker: {text}"}


def bump() -> list[Op]:
    """Ask vswitchd to confirm: it sets cur_cfg to next_cfg when it has taken everything over."""
    return [
        {"op": "mutate", "table": "Open_vSwitch", "where": [], "mutations": [["next_cfg", "+=", 1]]},
        select("Open_vSwitch", columns=("next_cfg",)),
    ]


def root(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the one row of the table Open_vSwitch, whose rows these are."""
    if not rows:
        raise Error("the database has no Open_vSwitch row", "ovs-vsctl --no-wait init creates it")
    return rows[0]


def await_cfg(next_cfg: int, seconds: float | None) -> Op:
    """Hold the transaction until no row's cur_cfg is below `next_cfg`."""
    return await_none("Open_vSwitch", [["cur_cfg", "<", next_cfg]], seconds, "cur_cfg")


def await_none(table: str, conditions: list[list[Any]], seconds: float | None, column: str = "name") -> Op:
    """Hold the transaction until no row matches, for `seconds` or, with None, for ever."""
    op = guard(table, conditions, [], column)
    del op["timeout"]
    return op if seconds is None else {**op, "timeout": max(1, int(seconds * 1000))}


def guard(table: str, conditions: list[list[Any]], rows: list[dict[str, Any]], column: str = "name") -> Op:
    """Let the transaction fail at once unless the rows that match are these."""
    return {
        "op": "wait",
        "table": table,
        "where": conditions,
        "columns": [column],
        "until": "==",
        "rows": rows,
        "timeout": 0,
    }


def remove_row(table: str, uuid: str) -> Op:
    return {"op": "delete", "table": table, "where": [is_row(uuid)]}


def insert_port_row(port: str, interface: str, row: dict[str, Any]) -> Op:
    """Make a Port row with an interface that the same transaction makes."""
    row = {**row, "interfaces": ["named-uuid", interface]}
    return {"op": "insert", "table": "Port", "row": row, "uuid-name": port}
