"""The real Podman on the private host: its service on demand, and containers of it for tests.

Docker's are in containers.py.
"""

import os
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from socket import AF_UNIX, socket

from tests.host import MARK, image
from tests.host.daemons import STATE, Daemon
from tests.integration.support.commands import in_namespace, run
from tests.integration.support.file_tree import program

# No journald, no systemd and no overlay here; nothing outside of the private host is written to.
_CONTAINERS_CONF = """[engine]
events_logger = "file"
cgroup_manager = "cgroupfs"
runtime = "runc"
tmp_dir = "{home}/tmp"
[containers]
log_driver = "k8s-file"
"""
_STORAGE_CONF = """[storage]
driver = "vfs"
graphroot = "{home}/storage"
runroot = "{home}/run"
[storage.options]
ignore_chown_errors = "true"
"""
_NOBODY = 65534


@dataclass(frozen=True)
class Podman:
    """Podman as one user has it: root, or somebody without rights."""

    user: int
    home: Path
    runtime: Path

    @property
    def socket(self) -> str:
        return f"{self.runtime}/podman/podman.sock"

    @property
    def option(self) -> str:
        return f"--docker-host=unix://{self.socket}"

    @property
    def _words(self) -> tuple[str, ...]:
        # Docker's configuration, which this host keeps in a directory of its own, is not Podman's.
        become = ("setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups") if self.user else ()
        return (
            *(*become, "env", "--unset=DOCKER_CONFIG", f"HOME={self.home}", f"TMPDIR={self.home}"),
            f"XDG_RUNTIME_DIR={self.runtime}",
            *(f"CONTAINERS_CONF={self.home}/containers.conf", f"CONTAINERS_STORAGE_CONF={self.home}/storage.conf"),
            str(program("podman")),
        )

    @property
    def service(self) -> Daemon:
        """Return its API service."""
        command = (*self._words, "system", "service", "--time=0", f"unix://{self.socket}")
        return Daemon(f"podman of {self.user}", command, _accepts(self.socket))

    def prepare(self) -> None:
        """Write its configuration, give it the image and start its service."""
        for directory in self.home, self.runtime, Path(self.socket).parent:
            directory.mkdir(parents=True, exist_ok=True)
            os.chown(directory, self.user, self.user)
        (self.home / "containers.conf").write_text(_CONTAINERS_CONF.format(home=self.home))
        (self.home / "storage.conf").write_text(_STORAGE_CONF.format(home=self.home))
        image.load([*self._words, "import"])
        self.service.start()

    def run(self, *words: str) -> str:
        """Return what podman prints; a failure fails the test."""
        return run(*self._words, *words, check=True).out.strip()

    def create(self, name: str, *options: str, network: str = "none", of: str = image.NAME) -> "PodmanContainer":
        """Start a container that does nothing, of an image; ``options`` go to podman run."""
        words = ("run", "--detach", f"--name={name}", f"--network={network}", *self._group, *options, of)
        return PodmanContainer(self, name, self.run(*words))

    @property
    def _group(self) -> tuple[str, ...]:
        return () if self.user else (f"--cgroup-parent=/{os.environ[MARK]}",)

    def shell_line(self) -> str:
        """Return a line of sh that does ``podman run`` as create() does it, with the words of its caller."""
        return f'shift; exec {shlex.join((*self._words, "run", *self._group))} "$@"'

    def remove_all(self) -> None:
        """Remove its containers; those that share another's namespace have to go before it."""
        words = ("rm", "--all", "--force", "--time=1")
        if run(*self._words, *words).code:
            self.run(*words)


def _accepts(path: str) -> Callable[[], bool]:
    def accepts() -> bool:
        with socket(AF_UNIX) as client:
            return client.connect_ex(path) == 0

    return accepts


ROOTS = Podman(0, STATE / "podman", Path("/run"))
NOBODYS = Podman(_NOBODY, Path("/run/nobody/home"), Path(f"/run/user/{_NOBODY}"))


@dataclass(frozen=True)
class PodmanContainer:
    """A container of Podman by its name and full id."""

    podman: Podman
    name: str
    id: str

    @property
    def pid(self) -> int:
        return int(self.podman.run("inspect", "--format={{.State.Pid}}", self.id))

    def pings(self, address: str, seconds: float = 5.0) -> bool:
        """Say whether ``address`` answers within ``seconds``."""
        deadline = time.monotonic() + seconds
        while in_namespace(self.pid, "busybox", "ping", "-c", "1", "-W", "1", address).code != 0:
            if time.monotonic() > deadline:
                return False
        return True

    def links(self) -> list[str]:
        """Return the names of its interfaces."""
        lines = in_namespace(self.pid, "ip", "-oneline", "link").out.splitlines()
        return [line.split()[1].split("@")[0].rstrip(":") for line in lines]
