"""A database that answers what Hypothesis likes: nearly what is right, most of the time, so that calls get far.

It takes the place of the connection, below everything that reads an answer.
"""

import json
from typing import Any

from hypothesis import strategies as st

from ovs_docker.model.record import KEYS
from tests.fuzz.values import json_values, texts
from tests.unit.samples import FIRST_END, ids_of

EMPTY: list[Any] = ["set", []]
ROWS = ("interface", "port", "bridge")
uuids = st.sampled_from(ROWS).map(lambda name: ["uuid", name])
names = st.sampled_from((FIRST_END, "br-int", "lo", "c1_eth0", "")) | texts
small = st.integers(-1, 65535)


def column_of(atoms: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return columns that hold nothing, one or more."""
    return st.just(EMPTY) | atoms | st.lists(atoms, max_size=3).map(lambda found: ["set", found])


def maps(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.dictionaries(keys, texts, max_size=4).map(lambda found: ["map", [list(pair) for pair in found.items()]])


OURS = ["map", [list(pair) for pair in {**ids_of(), "ovs-docker-logical-switch": "sw"}.items()]]
THEIRS = ["map", [["ovn-remote", "unix:/sb"], ["ovn-nb", "unix:/nb"], ["system-id", "me"]]]
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "_uuid": uuids,
    "external_ids": st.just(OURS) | st.just(THEIRS) | maps(st.sampled_from(sorted(KEYS.values())) | texts),
    **dict.fromkeys(
        ("other_config", "options"),
        maps(st.sampled_from(("subnet", "ipv6_prefix", "router-port", "dpdk-init")) | texts),
    ),
    **dict.fromkeys(("name", "type", "datapath_type", "logical_port"), names),
    "model": st.sampled_from(("standalone", "clustered")),
    **dict.fromkeys(("connected", "dpdk_initialized", "leader"), st.booleans()),
    **dict.fromkeys(("cur_cfg", "next_cfg"), small),
    **dict.fromkeys(("ifindex", "mtu", "ofport", "ofport_request", "tag", "trunks"), column_of(small)),
    **dict.fromkeys(
        ("dpdk_version", "error", "link_state", "mac_in_use", "ovs_version", "vlan_mode"), column_of(texts)
    ),
    **dict.fromkeys(("addresses", "dynamic_addresses", "networks", "datapath_types"), column_of(texts)),
    **dict.fromkeys(("chassis", "interfaces", "ports"), column_of(uuids)),
    "enabled": column_of(st.booleans()),
}
DATABASES = ["Open_vSwitch", "OVN_Northbound", "OVN_Southbound", "_Server"]


class Database:
    """A connection whose other end makes its answers up; `odd` is how many of ten things are nonsense."""

    target = "unix:/nonexistent"

    def __init__(self, data: st.DataObject, odd: int) -> None:
        self._draw = data.draw
        self._odd = odd
        self._answers: list[bytes] = []

    def send(self, data: bytes, timeout: float | None) -> None:
        request = json.loads(data)
        if "method" in request and not self._is_odd():
            self._answers.append(
                json.dumps({"id": request["id"], "error": None, "result": self._result(request)}).encode()
            )
        elif "method" in request:
            odd = {
                "id": request["id"],
                **self._draw(st.dictionaries(st.sampled_from(("error", "result")), json_values)),
            }
            self._answers.append(json.dumps(self._draw(st.just(odd) | json_values)).encode())

    def receive(self, timeout: float | None) -> bytes:
        return self._answers.pop(0) if self._answers else b""

    def close(self) -> None: ...

    def _is_odd(self) -> bool:
        return self._odd > 0 and self._draw(st.integers(0, 99)) < self._odd

    def _result(self, request: dict[str, Any]) -> Any:
        if request["method"] == "lock":
            return {"locked": True}
        if request["method"] == "list_dbs":
            return DATABASES
        return [self._of(op) for op in request["params"][1:]] if request["method"] == "transact" else {}

    def _of(self, op: dict[str, Any]) -> Any:
        if self._is_odd():
            return self._draw(json_values)
        if op["op"] != "select":
            return {"count": 1}
        return {"rows": [self._row(op) for _ in range(self._draw(st.sampled_from((0, 1, 1, 1, 2))))]}

    def _row(self, op: dict[str, Any]) -> Any:
        if self._is_odd():
            return self._draw(json_values)
        row = {column: self._column(column) for column in op.get("columns", COLUMNS)}
        if self._is_odd():
            del row[self._draw(st.sampled_from(sorted(row)))]
        return row

    def _column(self, column: str) -> Any:
        return self._draw(json_values if self._is_odd() else COLUMNS[column])
