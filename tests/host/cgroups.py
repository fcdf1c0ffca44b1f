"""The control groups of a private host: the one thing that namespaces do not take along when they end.

dockerd makes the groups below the parent named here; this module only removes them.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from tests.host import MARK

ROOT = Path("/sys/fs/cgroup")
PREFIX = "ovs-docker-host-"


@contextlib.contextmanager
def parent() -> Iterator[str]:
    """Yield the name of a parent for all containers of this host, and leave none of it behind.

    Groups of hosts that were killed before they could clean up are swept on the way. A host inside another
    one counts processes anew: its name is made unique by that one's.
    """
    name = f"{os.environ[MARK]}-{os.getpid()}" if MARK in os.environ else f"{PREFIX}{os.getpid()}"
    for path in _groups(f"{PREFIX}*"):
        if not Path("/proc", path.name.removeprefix(PREFIX)).exists():
            _remove(path)
    try:
        yield name
    finally:
        _remove_within(name, seconds=5.0)


def _groups(pattern: str) -> list[Path]:
    return [*ROOT.glob(pattern), *ROOT.glob(f"*/{pattern}")]


def _remove_within(name: str, seconds: float) -> None:
    # The last processes of a namespace are still being reaped when its first one is gone.
    deadline = time.monotonic() + seconds
    while (left := _groups(name)) and time.monotonic() < deadline:
        for path in left:
            _remove(path)
        time.sleep(0.01)


def _remove(path: Path) -> None:
    for directory, _, _ in os.walk(path, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(directory)
