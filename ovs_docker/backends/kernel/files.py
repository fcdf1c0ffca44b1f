"""Files of a container, opened as its own processes would: symbolic links cannot lead out of its root directory.

`/proc/PID/root/var/run` is no way there: where `var/run` is a link to `/run` it leads to the host's `/run`.
"""

import errno
import os
from stat import S_ISLNK

_FLAGS = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_LINKS = 40  # as the kernel's own limit, path_resolution(7)


def open_inside(root: int, path: str) -> int:
    """Return a descriptor (O_PATH) of `path` below the directory `root`; raise OSError as open(2) does."""
    trail, todo, links = [os.dup(root)], path.split("/")[::-1], 0
    try:
        while todo:
            name = todo.pop()
            if name == "..":
                _up(trail)
            elif name not in ("", "."):
                trail.append(os.open(name, _FLAGS, dir_fd=trail[-1]))
                if S_ISLNK(os.fstat(trail[-1]).st_mode):
                    links += 1
                    todo += _target(trail, links)
        return trail.pop()
    finally:
        for descriptor in trail:
            os.close(descriptor)


def _up(trail: list[int]) -> None:
    if len(trail) > 1:
        os.close(trail.pop())


def _target(trail: list[int], links: int) -> list[str]:
    """Take the link at the trail's end off it; return the names that it stands for, the first one last."""
    if links > _MOST_LINKS:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    target = os.readlink("", dir_fd=trail[-1])
    os.close(trail.pop())
    while target.startswith("/") and len(trail) > 1:
        os.close(trail.pop())
    return target.split("/")[::-1]


def names_in(directory: int) -> list[str]:
    """List a directory opened by open_inside."""
    return os.listdir(f"/proc/self/fd/{directory}")
