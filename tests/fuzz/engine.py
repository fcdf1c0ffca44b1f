"""An engine whose answers are given to it, behind a socket; how it is asked is the package's business."""

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.unit.samples import ID

Answer = Callable[[str], bytes]

INSPECTED: dict[str, Any] = {
    "Id": ID,
    "Name": "/c1",
    "State": {"Running": True, "Pid": 1, "Status": "running", "StartedAt": "2026-01-01T00:00:00Z"},
    "HostConfig": {"NetworkMode": "none", "CapAdd": ["NET_RAW"], "Privileged": False},
    "HostnamePath": f"/var/lib/docker/containers/{ID}/hostname",
    "NetworkSettings": {"SandboxKey": "/var/run/docker/netns/x"},
    "Config": {"Labels": {}, "Env": ["A=b"]},
    "Mounts": [{"Destination": "/x"}],
}
INFO = {"DockerRootDir": "/var/lib/docker"}
LISTED: list[dict[str, Any]] = [{"Id": ID, "Names": ["/c1"], "State": "running", "Labels": {}}]


def http(value: Any, status: int = 200) -> bytes:
    """Compose a whole answer; after it the connection ends."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    fields = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close"
    return f"HTTP/1.1 {status} OK\r\n{fields}\r\n\r\n".encode() + body


def well(path: str) -> bytes:
    """Answer as Docker does."""
    if path.endswith("/_ping"):
        return http(b"OK")
    if path.endswith("/version"):
        return http({"ApiVersion": "1.41"})
    if path.endswith("/info"):
        return http(INFO)
    return http(LISTED if "/containers/json" in path else INSPECTED)


class Engine:
    """Listens at `path` and answers each request, one after the other, by `answer`."""

    def __init__(self, path: Path) -> None:
        self.answer: Answer = well
        self.url = f"unix://{path}"
        self._socket = socket.create_server(str(path), family=socket.AF_UNIX)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve_one, args=(connection,), daemon=True).start()

    def _serve_one(self, connection: socket.socket) -> None:
        with connection:
            try:
                request = connection.recv(1 << 16).split()
                connection.sendall(self.answer(request[1].decode()) if len(request) > 1 else b"")
            except OSError:
                pass  # whoever asked has gone

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
