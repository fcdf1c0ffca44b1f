"""A root of its own for a package: this machine's files under a layer that is thrown away.

What is installed, changed and removed there is neither here afterwards nor in the next root.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.integration.support.commands import Result, run

NO_SERVICES = "#!/bin/sh\nexit 101\n"


class Root:
    """A directory that programs have as /."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, *command: str, check: bool = False) -> Result:
        """Run a command there, as root."""
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
        return run("chroot", str(self.path), *command, env=clean, check=check)

    def head(self, name: str) -> str:
        """Return the first line of a file there, or why there is none."""
        try:
            return (self.path / name.lstrip("/")).read_text().partition("\n")[0]
        except OSError as error:
            return str(error.strerror)


@contextmanager
def fresh() -> Iterator[Root]:
    """Have a root with nothing installed but what this machine has."""
    with TemporaryDirectory() as scratch:
        layers = Path(scratch)
        run("mount", "-t", "tmpfs", "none", scratch, check=True)
        try:
            for name in ("upper", "work", "root"):
                (layers / name).mkdir()
            said = f"lowerdir=/,upperdir={layers}/upper,workdir={layers}/work"
            run("mount", "-t", "overlay", "overlay", "-o", said, str(layers / "root"), check=True)
            with _inside(layers / "root") as root:
                yield root
        finally:
            run("umount", "--lazy", "--recursive", scratch)


@contextmanager
def _inside(path: Path) -> Iterator[Root]:
    """Bring in what a running machine has: /proc, /sys, and the sockets of this host's daemons in /run."""
    run("mount", "-t", "proc", "none", str(path / "proc"), check=True)
    for name in ("sys", "run"):
        run("mount", "--rbind", f"/{name}", str(path / name), check=True)
    policy = path / "usr/sbin/policy-rc.d"
    policy.write_text(NO_SERVICES)
    os.chmod(policy, 0o755)
    yield Root(path)
