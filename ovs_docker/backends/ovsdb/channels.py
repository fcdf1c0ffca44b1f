"""The ways to an OVSDB server, as plain sockets; tcp: and ssl: begin here.

The ovs package's streams would cost 30 ms to import, half of the old script's add-port; watch has them (lasting.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from socket import AF_UNIX, SOCK_CLOEXEC, SOCK_STREAM, socket

from ovs_docker import signals
from ovs_docker.backends import connect as connect_in_time
from ovs_docker.backends.ovsdb import Server, Tls
from ovs_docker.deadline import Deadline
from ovs_docker.errors import Error, NoPermission, OvsdbMissing

_PORT = 6640  # IANA's port of OVSDB, ovs-vsctl's default
_SERVER = "the database (ovsdb-server)"


OPEN_VSWITCH = Server(
    "db",
    "Open vSwitch database",
    "start it (service openvswitch-switch start), or say where it is: --db=unix:PATH, --ovs-container=NAME",
)


def connect(target: str, tls: Tls, deadline: Deadline, server: Server = OPEN_VSWITCH) -> SocketChannel:
    """Open `unix:PATH`, `tcp:HOST[:PORT]` or `ssl:HOST[:PORT]`; an IPv6 HOST stands in brackets."""
    method, _, rest = target.partition(":")
    if method == "unix" and rest:
        return SocketChannel(_unix(rest, deadline, server), f"unix:{server.said or rest}")
    host, port = _host_and_port(rest) if method in ("tcp", "ssl") else ("", 0)
    if not host:
        raise server.refused(target, "needs unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT")
    from ovs_docker.backends.ovsdb.tcp import connected

    if method == "tcp":
        return SocketChannel(connected(target, host, port, deadline), target)
    from ovs_docker.backends.ovsdb.tls import Secured, context

    loaded = context(tls, server)  # before anybody is asked: what is wrong with our own files is told first
    secured = Secured(loaded, tls, connected(target, host, port, deadline), target, server)
    secured.handshake(deadline)
    secured.check_host(host)
    return SocketChannel(secured.socket, target, secured.explain)


def _host_and_port(text: str) -> tuple[str, int]:
    """Split HOST[:PORT]; an empty host where it cannot be split."""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
        good = bool(bracket) and ":" in host and (not rest or rest.startswith(":"))
    else:
        host, colon, port = text.partition(":")
        good = ":" not in port and (bool(port) or not colon)
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    return (host, number or _PORT) if good and (not port or 0 < number < 65536) else ("", 0)


class SocketChannel:
    """A connected socket; `explain` says what its errors mean, where that is not plain."""

    def __init__(self, connection: socket, target: str, explain: Callable[[OSError], Error] | None = None) -> None:
        self.target = target
        self.socket = connection
        self._explain = explain

    def send(self, data: bytes, timeout: float | None) -> None:
        self.socket.settimeout(timeout)
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise self._error(error) from None

    def receive(self, timeout: float | None) -> bytes:
        self.socket.settimeout(timeout)
        try:
            with signals.waiting():
                return self.socket.recv(1 << 20)
        except ConnectionResetError:
            return b""
        except OSError as error:
            raise self._error(error) from None

    def close(self) -> None:
        self.socket.close()

    def _error(self, error: OSError) -> Exception:
        """Return what to raise; running out of time is the caller's to tell."""
        if isinstance(error, TimeoutError) and error.errno is None:
            return error
        if self._explain:
            return self._explain(error)
        if isinstance(error, BrokenPipeError | ConnectionResetError):
            return OvsdbMissing("the database (ovsdb-server) closed the connection", "is it being restarted?")
        return OvsdbMissing(f"the connection to the database at {self.target} broke: {error.strerror}")


def _unix(path: str, deadline: Deadline, server: Server) -> socket:
    """Connect to a unix domain socket; each way in which that fails has its own error."""
    said = server.said or path
    connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC)
    try:
        _connect(connection, path, deadline)
    except PermissionError:
        raise NoPermission(f"open the database socket {said}") from None
    except (FileNotFoundError, ValueError):  # the second from what is no path at all
        raise OvsdbMissing(f"no {server.holds} at {said}", server.start) from None
    except OSError as error:
        raise OvsdbMissing(f"no answer from the {server.holds} at {said}: {error.strerror}", server.start) from None
    return connection


def _connect(connection: socket, path: str, deadline: Deadline) -> None:
    """Connect; a path over 107 bytes, the limit of sun_path, goes through a descriptor of its directory."""
    if len(os.fsencode(path)) <= 107:
        return connect_in_time(connection, path, deadline, _SERVER)
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        connect_in_time(connection, f"/proc/self/fd/{descriptor}", deadline, _SERVER)
    finally:
        os.close(descriptor)
