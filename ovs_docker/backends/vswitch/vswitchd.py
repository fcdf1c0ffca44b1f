"""Which process serves a database as vswitchd, and in which network namespace: that is where the host ends have to be.

Its control socket, beside the database's, tells which process it is.
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
    """Return the namespace of the first of these processes that lives and may be looked at, None for our own.

    The second value is whether there is one: what nobody serves, or somebody unknown, is not ours.
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
    """Tell, as far as we may see it without more ado, whether a process is in our namespace."""
    try:
        there, here = os.stat(f"/proc/{pid}/ns/net"), os.stat("/proc/self/ns/net")
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


def pids(directory: str) -> Iterator[int]:
    """Yield the process ids behind live control sockets; the number in a socket's name is a container's own."""
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
    """Return who listens at a socket, as a process id of ours; 0 where it has none here (unix(7), SO_PEERCRED)."""
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
