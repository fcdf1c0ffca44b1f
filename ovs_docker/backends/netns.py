"""Network namespaces: open the one of a process, be in it for a moment. What is done inside is netlink.py's.

The calling thread itself enters and comes back: forking a child for it costs 16 ms, this 0.02 ms.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ovs_docker.errors import ContainerUnfit, NoPermission

_CLONE_NEWNET = 0x40000000
_NS = "/proc/{}/ns/net"


class Netns:
    """An open network namespace. It lives as long as its descriptor, even when all its processes have ended."""

    def __init__(self, pid: int, name: str) -> None:
        """Open the namespace of process `pid` of container `name`."""
        self.pid = pid
        self.name = name
        try:
            self.fd = os.open(_NS.format(pid), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise stopped(name) from None
        except PermissionError:
            raise NoPermission(f"open the network namespace of container {name}") from None

    def close(self) -> None:
        os.close(self.fd)

    def is_of(self, container_id: str) -> bool:
        """Tell whether the process's cgroup bears the container's id; where it does not, only Docker knows."""
        try:
            with open(f"/proc/{self.pid}/cgroup") as cgroup:
                return container_id in cgroup.read()
        except OSError:
            return False

    def is_own(self) -> bool:
        """Tell whether this is the namespace that we run in ourselves (a container on the host's network)."""
        return self._is(_NS.format("self"))

    def still_runs(self) -> bool:
        """Tell whether the process still lives in this namespace."""
        return self._is(_NS.format(self.pid))

    def _is(self, path: str) -> bool:
        try:
            there = os.stat(path)
        except OSError:
            return False
        here = os.fstat(self.fd)
        return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Run the body in this namespace; sockets and /proc/sys/net opened there belong to it."""
        home = os.open(_NS.format("thread-self"), os.O_RDONLY)
        try:
            _setns(self.fd)
            yield
        finally:
            _setns(home)
            os.close(home)


def stopped(name: str) -> ContainerUnfit:
    return ContainerUnfit(f"container {name} is not running", f"docker start {name}")


def _setns(fd: int) -> None:
    try:
        if hasattr(os, "setns"):
            os.setns(fd, _CLONE_NEWNET)
        else:
            _libc_setns(fd)
    except PermissionError:
        raise NoPermission("enter a network namespace") from None


def _libc_setns(fd: int) -> None:
    """Do what os.setns does from Python 3.12 on."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(fd, _CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
