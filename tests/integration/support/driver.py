"""A network driver that runs while the test goes on, Docker's way to it, and what networks leave on the host.

What is tested on it is in tests/integration/driver/.
"""

import contextlib
import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.integration.support import containers
from tests.integration.support.commands import OURS, docker, ovs, run
from tests.integration.support.watching import Watch

SOCKET = Path("/run/docker/plugins/ovs.sock")
SERVING = "serving Docker's network driver"
NETWORK, ENDPOINT = "f" * 64, "e" * 64
IDS = {"NetworkID": NETWORK, "EndpointID": ENDPOINT}
FLAT = {"com.docker.network.generic": {"ovs.mode": "flat"}}
"""Of CreateNetwork's Options."""
POOL = {"IPv4Data": [{"AddressSpace": "LocalDefault", "Pool": "10.9.0.0/24", "Gateway": "10.9.0.1/24"}]}


class Driver(Watch):
    """One driver process and the lines it has logged so far."""

    def kill(self) -> None:
        """End it by SIGKILL."""
        self.process.kill()
        self.process.wait(20)


def start(*options: str, program: tuple[str, ...] = (OURS,)) -> Driver:
    """Start a driver and return when it serves."""
    found = Driver("driver", *options, program=program)
    found.says(SERVING)
    return found


@contextlib.contextmanager
def running(*options: str, program: tuple[str, ...] = (OURS,)) -> Iterator[Driver]:
    """Run a driver for the length of a with block; it ends well, and its networks are gone by then."""
    found = start(*options, program=program)
    try:
        yield found
        remove_networks()
        assert found.stop() == 0, found.lines
        assert not any("Traceback" in line or "Error:" in line for line in found.lines), found.lines
    finally:
        found.process.kill()
        found.process.wait()


def remove_networks() -> None:
    """Remove all containers and all networks of the driver."""
    containers.remove_all()
    for network in docker("network", "ls", "--quiet", "--filter=driver=ovs").split():
        run("docker", "network", "rm", network)


def create(name: str, *options: str, subnet: str = "10.9.0.0/24") -> str:
    """Make a network of the driver; return its id."""
    given = [f"--opt={option}" for option in options if "=" in option and not option.startswith("--")]
    words = [option for option in options if option.startswith("--")]
    return docker("network", "create", "--driver=ovs", f"--subnet={subnet}", *given, *words, name)


def post(method: str, body: object = None, raw: bytes | None = None, path: Path = SOCKET) -> tuple[int, Any]:
    """Do what Docker does: POST without a Content-Type and with an empty Host; return status and JSON."""
    data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
    connection = http.client.HTTPConnection("", timeout=30)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(path))
    try:
        connection.putrequest("POST", f"/{method}", skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", "")
        connection.putheader("Accept", "application/vnd.docker.plugins.v1.2+json")
        connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def asked(method: str, **body: object) -> Any:
    """Return the answer of a method of NetworkDriver to the ids of a test and these fields."""
    status, answer = post(f"NetworkDriver.{method}", {**IDS, **body})
    assert status == 200, answer
    return answer


def endpoints() -> list[dict[str, Any]]:
    """Return the external_ids of all ports of endpoints."""
    printed = json.loads(ovs("--format=json", "--columns=external_ids", "list", "interface"))
    found = [dict(cell[1]) for row in printed["data"] for cell in row]
    return [ids for ids in found if "ovs-docker-endpoint" in ids]
