"""The ways to an OVSDB server: unix: by a plain socket, tcp: and ssl: by the ovs package. The protocol is ovsdb.py's.

The plain socket is there because importing `ovs.stream` costs 30 ms, half of the old script's add-port.
"""

import os
from socket import AF_UNIX, SOCK_CLOEXEC, SOCK_STREAM, socket
from time import sleep
from typing import NamedTuple

from ovs_docker import signals
from ovs_docker.backends.ovsdb import Channel
from ovs_docker.deadline import Deadline
from ovs_docker.errors import BadValue, NoPermission, OvsdbMissing

_START = "start it (service openvswitch-switch start), or name its socket with --db=unix:PATH"


class Tls(NamedTuple):
    """Paths of the PEM files for ssl:, as ovs-vsctl's options -p, -c and -C."""

    private_key: str | None
    certificate: str | None
    ca_cert: str | None


def default_target() -> str:
    """Return where ovs-vsctl looks too: db.sock in $OVS_RUNDIR, else in /var/run/openvswitch."""
    return f"unix:{os.environ.get('OVS_RUNDIR') or '/var/run/openvswitch'}/db.sock"


def connect(target: str, tls: Tls, deadline: Deadline) -> Channel:
    """Open `unix:PATH`, `tcp:HOST:PORT` or `ssl:HOST:PORT`."""
    method, _, rest = target.partition(":")
    if not rest or method not in ("unix", "tcp", "ssl"):
        raise BadValue(f"--db={target}: needs unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT")
    if method == "unix":
        return UnixChannel(rest, deadline)
    from ovs_docker.backends.ovsdb_stream import StreamChannel

    return StreamChannel(target, tls, deadline)


class UnixChannel:
    """A unix domain socket."""

    def __init__(self, path: str, deadline: Deadline) -> None:
        self._socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC)
        self._socket.settimeout(deadline.left("the database (ovsdb-server)"))
        try:
            self._connect(path, deadline)
        except PermissionError:
            raise NoPermission(f"open the database socket {path}") from None
        except FileNotFoundError:
            raise OvsdbMissing(f"no Open vSwitch database at {path}", _START) from None
        except OSError as error:
            raise OvsdbMissing(
                f"no answer from the Open vSwitch database at {path}: {error.strerror}", _START
            ) from None

    def _connect(self, path: str, deadline: Deadline) -> None:
        """Connect; a path over 107 bytes, the limit of sun_path, goes through a descriptor of its directory."""
        if len(os.fsencode(path)) <= 107:
            return self._knock(path, deadline)
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            self._knock(f"/proc/self/fd/{descriptor}", deadline)
        finally:
            os.close(descriptor)

    def _knock(self, path: str, deadline: Deadline) -> None:
        """Connect; while the server's queue (64 callers) is full, the kernel says EAGAIN at once."""
        while True:
            try:
                return self._socket.connect(path)
            except BlockingIOError:
                deadline.left("the database (ovsdb-server)")
                sleep(0.01)

    def send(self, data: bytes, timeout: float | None) -> None:
        self._socket.settimeout(timeout)
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            raise OvsdbMissing("the database (ovsdb-server) closed the connection", "is it being restarted?") from None

    def receive(self, timeout: float | None) -> bytes:
        self._socket.settimeout(timeout)
        try:
            with signals.waiting():
                return self._socket.recv(1 << 20)
        except ConnectionResetError:
            return b""
