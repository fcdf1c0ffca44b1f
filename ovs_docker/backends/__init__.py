"""The world outside: container engines, kernel, OVSDB servers, Open vSwitch.

Here is only how servers are reached, and files read, without waiting for ever.
"""

import os
from errno import EINVAL
from socket import socket
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
