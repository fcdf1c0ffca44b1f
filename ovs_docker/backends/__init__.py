"""The world outside: container engines, kernel, OVSDB servers, Open vSwitch. Here is only how a server is reached in time."""

from socket import socket
from time import sleep
from typing import Any

from ovs_docker import signals
from ovs_docker.deadline import Deadline


def connect(connection: socket, address: Any, deadline: Deadline, waiting_for: str) -> None:
    """Connect; raise TimedOut, OSError. While a unix socket's queue is full the kernel says EAGAIN at once (unix(7))."""
    with signals.waiting():
        while True:
            connection.settimeout(deadline.left(waiting_for))
            try:
                return connection.connect(address)
            except BlockingIOError:
                sleep(0.01)
