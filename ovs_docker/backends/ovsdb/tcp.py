"""A TCP connection to an OVSDB server, made by the ovs package's streams. What is said over it is ovsdb.py's.

Host names are resolved here: the package's streams take a name for an IPv6 address.
"""

from __future__ import annotations

import errno
import os
from socket import (
    AI_NUMERICHOST,
    IPPROTO_TCP,
    SO_KEEPALIVE,
    SOCK_STREAM,
    SOL_SOCKET,
    TCP_KEEPCNT,
    TCP_KEEPIDLE,
    TCP_KEEPINTVL,
    gaierror,
    getaddrinfo,
    socket,
)
from typing import Any

from ovs.stream import Stream

from ovs_docker import signals
from ovs_docker.deadline import Deadline
from ovs_docker.errors import OvsdbMissing

_LISTENS = "does ovsdb-server listen there?"
# A server that was cut off from the net never says so: the kernel asks after so many seconds, so often, so many times.
_ASK_AFTER, _ASK_EVERY, _ASK_TIMES = 15, 5, 3


def connected(target: str, host: str, port: int, deadline: Deadline) -> socket:
    """Connect to the first of the host's addresses that answers; raise OvsdbMissing where none does."""
    addresses = _addresses(target, host, deadline)
    for number, address in enumerate(addresses):
        left = deadline.left(f"the database at {target}")
        share = -1 if left is None else left * 1000 / (len(addresses) - number)
        place = f"tcp:[{address}]:{port}" if ":" in address else f"tcp:{address}:{port}"
        with signals.waiting():
            error, stream = Stream.open_block(Stream.open(place), share)
        if not error:
            return _kept_alive(socket(fileno=stream.socket.detach()))
    deadline.left(f"the database at {target}")
    raise OvsdbMissing(f"no answer from the database at {target}: {os.strerror(error)}", _LISTENS)


def _kept_alive(connection: socket) -> socket:
    connection.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)
    for option, value in (TCP_KEEPIDLE, _ASK_AFTER), (TCP_KEEPINTVL, _ASK_EVERY), (TCP_KEEPCNT, _ASK_TIMES):
        connection.setsockopt(IPPROTO_TCP, option, value)
    return connection


def _addresses(target: str, host: str, deadline: Deadline) -> list[str]:
    try:
        found = getaddrinfo(host, None, type=SOCK_STREAM, flags=AI_NUMERICHOST)
    except gaierror:
        found = _resolved(target, host, deadline)
    return [str(entry[4][0]) for entry in found]


def _resolved(target: str, host: str, deadline: Deadline) -> list[Any]:
    """Ask the resolver, which knows no time limit, in a thread that may be left behind."""
    from queue import Empty, Queue
    from threading import Thread

    answer: Queue[list[Any] | OSError] = Queue()

    def ask() -> None:
        try:
            answer.put(list(getaddrinfo(host, None, type=SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            answer.put(error if isinstance(error, OSError) else OSError(errno.EINVAL, "not a host name"))

    Thread(target=ask, daemon=True).start()
    waiting_for = f"the name of the database at {target} to be resolved"
    try:
        with signals.waiting():
            found = answer.get(timeout=deadline.left(waiting_for))
    except Empty:
        deadline.left(waiting_for)
        raise
    if isinstance(found, OSError):
        raise OvsdbMissing(f"no way to the database at {target}: {host}: {found.strerror}", "is the name right?")
    return found
