"""Commands in a root: what is mounted there for them, and how they enter it. What they do is not said here.

It all happens in namespaces of the process that calls this, and ends with it: nothing is left mounted.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.host.programs import SYSTEM_PATH

PYTHON = "/venv/bin/python"

# Not chroot: a process that joins namespaces gets the root of theirs, so `docker exec` would see this machine's.
ENTER = 'cd "$0"; pivot_root . .; umount --lazy .; exec "$@"'
ENVIRONMENT = (f"PATH={SYSTEM_PATH}", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive")


@contextmanager
def entered(path: Path, throw_away: bool) -> Iterator[Path]:
    """Have a root with what a running machine has, for a with block; what is written there may be thrown away."""
    over = path.with_suffix(".mounted")
    over.mkdir(exist_ok=True)
    _mount("-t", "tmpfs", "none", over)
    try:
        root = over / "root"
        root.mkdir()
        if throw_away:
            for name in ("upper", "work"):
                (over / name).mkdir()
            _mount("-t", "overlay", "none", root, "-o", f"lowerdir={path},upperdir={over}/upper,workdir={over}/work")
        else:
            _mount("--bind", path, root)
        _mount("-t", "proc", "none", root / "proc")
        for name in ("run", "tmp"):
            _mount("-t", "tmpfs", "none", root / name)
        for name in ("sys", "dev"):
            _mount("--rbind", f"/{name}", root / name)
        yield root
    finally:
        # The directory stays: to remove it would unmount what another run has mounted there in its namespaces.
        subprocess.run(["umount", "--lazy", "--recursive", over], check=False)


def words(root: Path, *command: str) -> tuple[str, ...]:
    """Return the words that run a command in a root that was entered."""
    environment = ("env", "--unset=TMPDIR", "--chdir=/", *ENVIRONMENT)
    return ("unshare", "--mount", "sh", "-ec", ENTER, str(root), *environment, *command)


def _mount(*options: str | Path) -> None:
    subprocess.run(["mount", *options], check=True)
