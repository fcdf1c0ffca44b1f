"""Logical switches and ports that only fill the northbound database.

``python -m tests.bench.ovn.filler N SWITCHES`` runs as a process of its own, so that the benchmark's own stays small.
"""

import subprocess
import sys
from typing import Any

from ovs_docker.backends.ovsdb import Tls
from ovs_docker.backends.ovsdb.channels import connect
from ovs_docker.backends.ovsdb.session import Ovsdb
from ovs_docker.deadline import Deadline
from tests.host.ovn import NORTHBOUND

BATCH = 1000
Operation = dict[str, Any]


def fill(ports: int, switches: int) -> None:
    """Spread ``ports`` logical ports over ls0 and others, and wait until OVN has taken them over."""
    names = [f"ls{number}" for number in range(switches)]
    subprocess.run(["ovn-nbctl", *" -- ".join(f"--may-exist ls-add {name}" for name in names).split()], check=True)
    for first in range(0, ports, BATCH):
        numbers = range(first, min(first + BATCH, ports))
        _transact([operation for number in numbers for operation in _port(number, switches)])
    subprocess.run(["ovn-nbctl", "--wait=hv", "sync"], check=True)


def _port(number: int, switches: int) -> list[Operation]:
    high, low = divmod(number, 250)
    row = {
        "name": f"filler{number}",
        "addresses": f"06:00:00:00:{high:02x}:{low:02x} 10.1.{high}.{low + 1}",
        "external_ids": ["map", [["owner", "filler"]]],
    }
    put_on = ["ports", "insert", ["named-uuid", f"port{number}"]]
    where = [["name", "==", f"ls{number % switches}"]]
    return [
        {"op": "insert", "table": "Logical_Switch_Port", "row": row, "uuid-name": f"port{number}"},
        {"op": "mutate", "table": "Logical_Switch", "where": where, "mutations": [put_on]},
    ]


def _transact(operations: list[Operation]) -> None:
    deadline = Deadline(60)
    channel = connect(f"unix:{NORTHBOUND}", Tls(None, None, None), deadline)
    Ovsdb(channel, deadline, "OVN_Northbound").transact(operations)


if __name__ == "__main__":
    fill(int(sys.argv[1]), int(sys.argv[2]))
