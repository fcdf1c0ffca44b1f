"""What two tools that do the same must have in common: a picture of the host without what chance chose.

The picture itself is read in snapshot.py.
"""

import json
import re
from typing import Any

from tests.integration.support.snapshot import Picture, snapshot

HOST_END = re.compile(r"[0-9a-f]{13}_l")
SHARED_KEYS = ("container_id", "container_iface")
TEST_MAC = "02:00:00:"
"""MAC addresses that tests choose start with it; all others are random."""


def comparable_snapshot() -> Picture:
    """Read the picture; host ends are called ``CONTAINER/INTERFACE``, random MACs ``*``; keys are the script's."""
    picture = snapshot()
    names = _host_ends(picture["interface"])
    renamed = json.loads(HOST_END.sub(lambda end: names.get(end[0], end[0]), json.dumps(picture)))
    for table in ("bridge", "port", "interface"):
        renamed[table] = {name: _row(row) for name, row in renamed[table].items()}
    for inside in renamed["containers"].values():
        inside["links"] = {name: _link(link) for name, link in inside["links"].items()}
    alike: Picture = _sorted(renamed)
    return alike


def _host_ends(interfaces: Picture) -> dict[str, str]:
    return {
        name: "/".join(str(row["external_ids"].get(key)) for key in SHARED_KEYS) for name, row in interfaces.items()
    }


def _row(row: Picture) -> Picture:
    ids = {key: value for key, value in row.get("external_ids", {}).items() if key in SHARED_KEYS}
    return {key: value for key, value in row.items() if key != "_uuid"} | {"external_ids": ids}


def _link(link: Picture) -> Picture:
    return link if str(link["mac"]).startswith(TEST_MAC) else {**link, "mac": "*"}


def _sorted(value: Any) -> Any:
    match value:
        case dict():
            return {key: _sorted(value[key]) for key in sorted(value)}
        case list():
            return sorted((_sorted(member) for member in value), key=str)
        case _:
            return value
