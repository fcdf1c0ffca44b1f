"""Questions about one attached port that several test files ask: its name, its VLANs, its record.

The whole host is read in snapshot.py.
"""

from typing import Any

from tests.integration.support.commands import ovs
from tests.integration.support.snapshot import snapshot


def of(container: str, interface: str = "eth0") -> str:
    """Return the name of the port recorded under these two words: none or two would be a wrong record."""
    conditions = f"external_ids:container_id={container}", f"external_ids:container_iface={interface}"
    (name,) = ovs("--bare", "--columns=name", "find", "interface", *conditions).splitlines()
    return name


def vlans(port: str) -> dict[str, Any]:
    """Return the port's VLAN columns; an empty list means unset."""
    row = snapshot()["port"][port]
    return {column: row[column] for column in ("tag", "trunks", "vlan_mode")}


def record(port: str) -> dict[str, str]:
    """Return the external_ids of the port's interface."""
    ids: dict[str, str] = snapshot()["interface"][port]["external_ids"]
    return ids


def ofport(port: str) -> int:
    """Return the OpenFlow number that the switch gave; below zero means that it cannot use the port."""
    return int(ovs("get", "interface", port, "ofport"))
