"""The world outside: container engines, kernel, OVSDB servers, Open vSwitch.

Here is only how servers are found and reached, and files read, without waiting for ever.
"""

import os
from errno import EINVAL
from socket import AI_NUMERICHOST, SOCK_STREAM, gaierror, getaddrinfo, socket
from stat import S_ISDIR, S_ISREG
from time import sleep
from typing import Any

from ovs_docker import signals
from ovs_docker.deadline import Deadline


def connect(connection: socket, address: Any, deadline: Deadline, waiting_for: str) -> None:
    """Connect; raise TimedOut, OSError. EAGAIN, at once, is the kernel's word for a full queue (unix(7))."""
    with signals.waiting():
        while True:
            connection.settimeout(deadline.left(waiting_for))
            try:
                return connection.connect(address)
            except BlockingIOError:
                sleep(0.01)


def resolve(host: str, port: int, deadline: Deadline, waiting_for: str) -> list[Any]:
    """Return a host's addresses as getaddrinfo does; raise OSError, TimedOut."""
    try:
        return getaddrinfo(host, port, type=SOCK_STREAM, flags=AI_NUMERICHOST)
    except (gaierror, UnicodeError):  # the second from names that no DNS could have
        return _looked_up(host, port, deadline, waiting_for)


def _looked_up(host: str, port: int, deadline: Deadline, waiting_for: str) -> list[Any]:
    """Ask the resolver, which knows no time limit, in a thread that may be left behind."""
    from queue import Empty, Queue
    from threading import Thread

    answer: Queue[list[Any] | OSError] = Queue()

    def ask() -> None:
        try:
            answer.put(list(getaddrinfo(host, port, type=SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            answer.put(error if isinstance(error, OSError) else OSError(EINVAL, "not a host name"))

    Thread(target=ask, daemon=True).start()
    try:
        with signals.waiting():
            found = answer.get(timeout=deadline.left(waiting_for))
    except Empty:
        raise deadline.passed(waiting_for) from None
    if isinstance(found, OSError):
        raise found
    return found


def read(path: str) -> bytes:
    """Read a file; raise OSError. A FIFO in its place is none: its other end may never be opened."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if not (S_ISREG(mode) or S_ISDIR(mode)):  # reading a directory fails by itself
            raise OSError(EINVAL, "not a regular file")
        return b"".join(iter(lambda: os.read(descriptor, 1 << 20), b""))
    finally:
        os.close(descriptor)
