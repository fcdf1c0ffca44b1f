"""What an OVSDB server may answer (RFC 7047): the shape of results and of the columns that anybody here reads.

Anything else raises one of our errors.
"""

from itertools import chain
from typing import Any

from ovs_docker.errors import OvsdbMissing

_ONE = {
    **dict.fromkeys(("name", "type", "datapath_type", "logical_port", "model"), str),
    **dict.fromkeys(("cur_cfg", "next_cfg"), int),
    **dict.fromkeys(("connected", "leader"), bool),
}
_MAYBE_MORE = {
    **dict.fromkeys(("addresses", "dynamic_addresses", "networks", "datapath_types"), str),
    **dict.fromkeys(("error", "mac_in_use", "ovs_version", "vlan_mode"), str),
    **dict.fromkeys(("ifindex", "mtu", "ofport", "ofport_request", "tag", "trunks"), int),
    **dict.fromkeys(("chassis", "interfaces", "ports"), list),
    "enabled": bool,
}
_MAPS = {"external_ids", "options", "other_config"}
"""Columns by what they hold, the same in every table that has one of that name; a list is a reference to a row."""


class _Row(dict[str, Any]):
    def __missing__(self, column: str) -> Any:
        raise nonsense(f"a row without {column}")


def nonsense(what: str) -> OvsdbMissing:
    said = f"the database (ovsdb-server) gave an answer that makes no sense: {what}"
    return OvsdbMissing(said, "does another program answer there?")


def checked(ops: list[dict[str, Any]], results: list[Any]) -> None:
    """See that operations that went well have their results, and turn their rows into ones that can be relied on."""
    if len(results) < len(ops):
        raise nonsense(f"{len(results)} results for {len(ops)} operations")
    for op, result in zip(ops, results):
        if not isinstance(result, dict):
            raise nonsense(f"no result of {op['op']}")
        if op["op"] == "select":
            result["rows"] = _rows(result.get("rows"))


def _rows(rows: Any) -> list[_Row]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise nonsense("rows that are none")
    for column, value in (pair for row in rows for pair in row.items()):
        if not _fits(column, value):
            raise nonsense(f"a row with another kind of {column}")
    return list(map(_Row, rows))


def _fits(column: str, value: Any) -> bool:
    if column in _MAPS:
        return _is_tagged(value, "map") and _are_pairs(value[1])
    if column in _MAYBE_MORE:
        atoms = value[1] if _is_tagged(value, "set") else [value]
        return all(_is_atom(atom, _MAYBE_MORE[column]) for atom in atoms)
    return _is_atom(value, list) if column == "_uuid" else column not in _ONE or _is_atom(value, _ONE[column])


def _are_pairs(found: list[Any]) -> bool:
    """Judge without a loop of ours: 10,000 ports have 150,000 pairs."""
    lists = set(map(type, found)) <= {list} and set(map(len, found)) <= {2}
    return lists and set(map(type, chain.from_iterable(found))) <= {str}


def _is_atom(value: Any, kind: type) -> bool:
    if kind is list:
        return type(value) is list and len(value) == 2 and value[0] == "uuid" and type(value[1]) is str
    return type(value) is kind


def _is_tagged(value: Any, tag: str) -> bool:
    return type(value) is list and len(value) == 2 and value[0] == tag and type(value[1]) is list
