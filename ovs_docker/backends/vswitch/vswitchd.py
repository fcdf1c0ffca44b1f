"""Finds the vswitchd of a database and its network namespace, in which the host ends have to be.

The listener at the control socket beside the database's socket is vswitchd.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from socket import AF_UNIX, SO_PEERCRED, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET, socket
from stat import S_ISSOCK
from typing import TYPE_CHECKING

from ovs_docker.errors import ContainerUnfit, NoPermission

if TYPE_CHECKING:
    from ovs_docker.backends.kernel.netns import Netns


def netns_of(pids: Iterable[int]) -> tuple[Netns | None, bool]:
    """Return the namespace of the first of these processes that can be examined, None if it is our own.

    The second value tells whether there is such a process.
    """
    for pid in pids:
        with suppress(ContainerUnfit, NoPermission):
            return _foreign_netns(pid), True
    return None, False


def _foreign_netns(pid: int) -> Netns | None:
    """Open the network namespace of a process, unless it is ours; raise ContainerUnfit or NoPermission."""
    if _same(pid):
        return None
    from ovs_docker.backends.kernel.netns import Netns

    netns = Netns(pid, "ovs-vswitchd")
    if netns.is_own():
        netns.close()
        return None
    return netns


def _same(pid: int) -> bool:
    """Tell whether a process is in our namespace; False if its namespace is hidden from us."""
    try:
        there, here = os.stat(f"/proc/{pid}/ns/net"), os.stat("/proc/self/ns/net")
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


def pids(directory: str) -> Iterator[int]:
    """Yield the process ids of the listeners at control sockets; those in the names are the container's own."""
    try:
        names = os.listdir(directory)
    except OSError:
        return
    for name in names:
        if name.startswith("ovs-vswitchd") and name.endswith(".ctl"):
            with suppress(OSError):
                if pid := _listener(f"{directory}/{name}"):
                    yield pid


def _listener(path: str) -> int:
    """Return the process id of a socket's listener; 0 if it has none in our pid namespace (unix(7), SO_PEERCRED)."""
    found = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not S_ISSOCK(os.fstat(found).st_mode):
            return 0
        with socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK) as knock:
            knock.connect(f"/proc/self/fd/{found}")
            pid: int = struct.unpack("3i", knock.getsockopt(SOL_SOCKET, SO_PEERCRED, 12))[0]
            return pid
    finally:
        os.close(found)
