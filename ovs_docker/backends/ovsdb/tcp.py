"""A TCP connection to an OVSDB server, by plain sockets.

The ovs package's streams resolve no names, give no reason, and cost 30 ms to import.
"""

from __future__ import annotations

from socket import (
    IPPROTO_TCP,
    SO_KEEPALIVE,
    SOCK_CLOEXEC,
    SOCK_STREAM,
    SOL_SOCKET,
    TCP_KEEPCNT,
    TCP_KEEPIDLE,
    TCP_KEEPINTVL,
    TCP_NODELAY,
    socket,
)
from typing import Any

from ovs_docker import signals
from ovs_docker.backends import resolve
from ovs_docker.deadline import Deadline
from ovs_docker.errors import OvsdbMissing

_LISTENS = "does ovsdb-server listen there?"
# A server that was cut off from the net never says so: the kernel asks after so many seconds, so often, so many times.
_ASK_AFTER, _ASK_EVERY, _ASK_TIMES = 15, 5, 3


def connected(target: str, host: str, port: int, deadline: Deadline) -> socket:
    """Connect to the first of the host's addresses that answers; raise OvsdbMissing where none does.

    Each address has an equal share of the time left.
    """
    reason, addresses = "", _addresses(target, host, port, deadline)
    for number, (family, _, _, _, address) in enumerate(addresses):
        left = deadline.left(f"the database at {target}")
        connection = socket(family, SOCK_STREAM | SOCK_CLOEXEC)
        connection.settimeout(None if left is None else left / (len(addresses) - number))
        try:
            with signals.waiting():
                connection.connect(address)
            return _prepared(connection)
        except OSError as error:
            connection.close()
            reason = error.strerror or "Connection timed out"
    deadline.left(f"the database at {target}")
    raise OvsdbMissing(f"no answer from the database at {target}: {reason}", _LISTENS)


def _prepared(connection: socket) -> socket:
    connection.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)
    connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # small requests follow one another
    for option, value in (TCP_KEEPIDLE, _ASK_AFTER), (TCP_KEEPINTVL, _ASK_EVERY), (TCP_KEEPCNT, _ASK_TIMES):
        connection.setsockopt(IPPROTO_TCP, option, value)
    return connection


def _addresses(target: str, host: str, port: int, deadline: Deadline) -> list[Any]:
    try:
        return resolve(host, port, deadline, f"the name of the database at {target} to be resolved")
    except OSError as error:
        said = f"no way to the database at {target}: {host}: {error.strerror}"
        raise OvsdbMissing(said, "is the name right?") from None
