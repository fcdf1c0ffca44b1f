"""A process that no call gets out of: no network, no engine, no database, no name."""

import socket
from collections.abc import Iterator
from errno import ECONNREFUSED

import pytest

from ovs_docker import backends, signals

NOWHERE = {"DOCKER_HOST": "unix:///nonexistent/docker.sock", "OVS_RUNDIR": "/nonexistent", "OVN_RUNDIR": "/nonexistent"}
ELSEWHERE = ("DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_TLS_VERIFY", "OVN_NB_DB", "OVS_CONTAINER", "NOTIFY_SOCKET")


@pytest.fixture(autouse=True, scope="module")
def alone() -> Iterator[None]:
    """Refuse every connection but those to unix domain sockets, resolve no name, leave signals alone; here only."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in NOWHERE.items():
            patch.setenv(name, value)
        for name in ELSEWHERE:
            patch.delenv(name, raising=False)
        connect = socket.socket.connect

        def only_here(self: socket.socket, address: object) -> None:
            if self.family != socket.AF_UNIX:
                raise ConnectionRefusedError(ECONNREFUSED, "Connection refused")
            connect(self, address)  # type: ignore[arg-type]

        patch.setattr(socket.socket, "connect", only_here, raising=False)
        for module in (socket, backends):
            patch.setattr(module, "getaddrinfo", _no_name)
        patch.setattr(signals, "listen", lambda: None)
        yield


def _no_name(host: str, port: object, *others: object, **named: object) -> object:
    """Look nothing up; Python itself refuses some names before it asks."""
    if isinstance(host, str):
        host.encode("idna")
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
