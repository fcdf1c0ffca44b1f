"""Ports that only fill the database: pairs of patch ports, which cost no datapath, on a bridge of their own.

``python -m tests.bench.filler N`` runs as a process of its own, so that the benchmark's own stays small.
"""

import json
import socket
import sys
from typing import Any

from tests.bench import neutral
from tests.host import DATAPATH
from tests.host.services import OVS_SOCKET

BRIDGE = "br-filler"
BATCH = 1000
Operation = dict[str, Any]


def fill(ports: int) -> None:
    """Add ``ports`` ports and wait until the switch knows them; raises NeverSettled, ValueError."""
    neutral.output("ovs-vsctl", "add-br", BRIDGE, "--", "set", "bridge", BRIDGE, f"datapath_type={DATAPATH}")
    insert(ports)
    neutral.settle()


def insert(ports: int) -> None:
    """Write ``ports`` ports into the database, on the bridge that is there; raises ValueError."""
    for first in range(0, ports, BATCH):
        _transact(_operations(range(first, min(first + BATCH, ports))))


def _operations(numbers: range) -> list[Operation]:
    rows = [operation for number in numbers for operation in _port(number)]
    ports = ["set", [["named-uuid", f"port{number}"] for number in numbers]]
    join = {"op": "mutate", "table": "Bridge", "where": [["name", "==", BRIDGE]]}
    count = {"op": "mutate", "table": "Open_vSwitch", "where": []}
    return [
        *rows,
        {**join, "mutations": [["ports", "insert", ports]]},
        {**count, "mutations": [["next_cfg", "+=", 1]]},
    ]


def _port(number: int) -> list[Operation]:
    name, peer = f"filler{number}", f"filler{number ^ 1}"
    ids = [["container_id", f"container{number}"], ["container_iface", "eth0"]]
    interface = {
        "name": name,
        "type": "patch",
        "options": ["map", [["peer", peer]]],
        "external_ids": ["map", ids],
    }
    port = {"name": name, "interfaces": ["named-uuid", f"interface{number}"]}
    return [
        {"op": "insert", "table": "Interface", "row": interface, "uuid-name": f"interface{number}"},
        {"op": "insert", "table": "Port", "row": port, "uuid-name": f"port{number}"},
    ]


def _transact(operations: list[Operation]) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(OVS_SOCKET)
        request = {"method": "transact", "params": ["Open_vSwitch", *operations], "id": 0}
        server.sendall(json.dumps(request).encode())
        answer = _receive(server)
    failures = [result for result in answer["result"] if result and "error" in result]
    if failures:
        raise ValueError(failures)


def _receive(server: socket.socket) -> Operation:
    received = b""
    while chunk := server.recv(1 << 16):
        received += chunk
        try:
            return dict(json.loads(received))
        except ValueError:
            continue  # the answer is not complete yet
    raise ValueError("ovsdb-server closed the connection")


if __name__ == "__main__":
    fill(int(sys.argv[1]))
