"""Network namespaces: open that of a process, enter it for a moment.

The calling thread itself enters and leaves it: forking a child for it costs 16 ms, this 0.02 ms.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from ovs_docker.errors import ContainerUnfit, NoPermission

_CLONE_NEWNET = 0x40000000
_NS = "/proc/{}/ns/net"
_Found = TypeVar("_Found")


class Netns:
    """An open network namespace. It lives as long as its descriptor, even when all its processes have ended."""

    def __init__(self, pid: int, name: str) -> None:
        """Open the namespace of process `pid` of container `name`."""
        self.pid = pid
        self.name = name
        try:
            self.fd = _permitted(pid, lambda path: os.open(path, os.O_RDONLY | os.O_CLOEXEC))
        except FileNotFoundError:
            raise ContainerUnfit(f"container {name} is not running") from None
        except PermissionError:
            from ovs_docker.backends.kernel.privilege import lacking

            raise lacking(f"open the network namespace of container {name}", "SYS_PTRACE") from None

    def close(self) -> None:
        os.close(self.fd)

    def is_own(self) -> bool:
        """Tell whether this is the namespace that we run in ourselves (a container on the host's network)."""
        return self._is(os.stat(_NS.format("self")))

    def still_runs(self) -> bool:
        """Tell whether the process still lives in this namespace."""
        try:
            return self._is(_permitted(self.pid, os.stat))
        except OSError:
            return False

    def _is(self, there: os.stat_result) -> bool:
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


def inhabited() -> Iterator[Netns]:
    """Yield each namespace in which a process runs, for the caller to close; ones that we may not open are left out."""
    seen = set[tuple[int, int]]()
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError, ContainerUnfit, NoPermission):
            status = _permitted(int(name), os.stat)
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                yield Netns(int(name), f"of process {name}")


def is_process_of(pid: int, container_id: str) -> bool:
    """Tell whether the process's cgroup bears the container's id; where it does not, only Docker knows."""
    try:
        with open(f"/proc/{pid}/cgroup", "rb") as cgroup:
            return container_id.encode() in cgroup.read()
    except OSError:
        return False


def _permitted(pid: int, look: Callable[[str], _Found]) -> _Found:
    """Look at the namespace's file; where we may not, as the user whose process it is.

    The kernel wants CAP_SYS_PTRACE, or the user and the group of the process with all of its capabilities
    (ptrace(2), PTRACE_MODE_READ_FSCREDS). A container of our own has that for containers of other users, too.
    """
    path = _NS.format(pid)
    try:
        return look(path)
    except PermissionError:
        from ovs_docker.backends.kernel.privilege import as_user_of

        with as_user_of(pid):
            return look(path)


def _setns(fd: int) -> None:
    try:
        if hasattr(os, "setns"):
            os.setns(fd, _CLONE_NEWNET)
        else:
            from ovs_docker.backends.kernel.libc import call

            call("setns", fd, _CLONE_NEWNET)  # os.setns comes with Python 3.12
    except PermissionError:
        from ovs_docker.backends.kernel.privilege import lacking

        raise lacking("enter a network namespace", "SYS_ADMIN") from None
