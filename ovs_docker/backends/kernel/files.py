"""Files of a container, opened as its own processes would: symbolic links cannot lead out of its root directory.

`/proc/PID/root/var/run` is no way there: where `var/run` is a link to `/run` it leads to the host's `/run`.
"""

import errno
import os
import struct

from ovs_docker.backends.kernel.libc import call
from ovs_docker.errors import KernelRefused

_OPENAT2 = 437
_RESOLVE_NO_MAGICLINKS, _RESOLVE_IN_ROOT = 0x02, 0x10
_HOW = struct.pack("=3Q", os.O_PATH | os.O_CLOEXEC, 0, _RESOLVE_NO_MAGICLINKS | _RESOLVE_IN_ROOT)  # struct open_how
_TRIES = 100


def open_inside(root: int, path: str) -> int:
    """Return a descriptor (O_PATH) of `path` below the directory `root`; raise OSError as open(2) does."""
    for _ in range(_TRIES):
        try:
            return call("syscall", _OPENAT2, root, os.fsencode(path), _HOW, len(_HOW))
        except BlockingIOError:
            continue  # something was renamed or mounted while a ".." was followed: openat2(2) says to try again
        except OSError as error:
            if error.errno in (errno.ENOSYS, errno.EPERM):  # the latter is seccomp's word in older containers
                raise _missing() from None
            raise
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def names_in(directory: int) -> list[str]:
    """List a directory opened by open_inside."""
    return os.listdir(f"/proc/self/fd/{directory}")


def _missing() -> KernelRefused:
    return KernelRefused(
        "looking for Open vSwitch in a container takes openat2(2), which this kernel does not have or permit",
        "Linux 5.6 or later has it, and Docker 20.10 or later permits it to containers",
    )
