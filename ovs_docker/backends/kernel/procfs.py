"""A procfs of our own, mounted nowhere, for containers whose /proc/sys is read-only. Loaded only where it is.

Docker shows a container its /proc/sys read-only. Whoever has CAP_SYS_ADMIN may mount another one, and by the new
mount API (fsopen(2), Linux 5.2) it needs no place, so that nothing changes for anybody else.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ovs_docker.backends.kernel.libc import call

_FSOPEN, _FSCONFIG, _FSMOUNT = 430, 431, 432
_CLOEXEC, _CREATE = 1, 6


def write(path: str, value: str) -> None:
    """Write a file below /proc; raise OSError, EPERM where the mount is not permitted."""
    with _mounted() as root:
        descriptor = os.open(path.removeprefix("/proc/"), os.O_WRONLY | os.O_CLOEXEC, dir_fd=root)
        try:
            os.write(descriptor, value.encode())
        finally:
            os.close(descriptor)


@contextmanager
def _mounted() -> Iterator[int]:
    """Yield the root directory of a new procfs."""
    context = call("syscall", _FSOPEN, b"proc", _CLOEXEC)
    try:
        call("syscall", _FSCONFIG, context, _CREATE, None, None, 0)
        root = call("syscall", _FSMOUNT, context, _CLOEXEC, 0)
    finally:
        os.close(context)
    try:
        yield root
    finally:
        os.close(root)
