"""Containers for tests: made from the private host's image, held by name, removed by whoever made them.

How they are attached is the business of the tests.
"""

import json
import time
from dataclasses import dataclass

from tests.host import image
from tests.integration.support.commands import Result, docker, in_namespace, run


@dataclass(frozen=True)
class Container:
    """A container by its name and full id."""

    name: str
    id: str

    @property
    def short_id(self) -> str:
        return self.id[:12]

    @property
    def pid(self) -> int:
        """Return the PID of its first process on the host; 0 when it does not run."""
        return int(docker("inspect", "--format={{.State.Pid}}", self.id))

    def exec(self, *command: str, timeout: float = 60.0) -> Result:
        """Run ``command`` inside."""
        return run("docker", "exec", self.id, *command, timeout=timeout)

    def exec_background(self, *command: str) -> None:
        """Start ``command`` inside and return at once: a server, say."""
        docker("exec", "--detach", self.id, *command)

    def ip(self, *words: str) -> list[dict[str, object]]:
        """Return what the host's ip command sees in its network namespace, as parsed JSON."""
        out = in_namespace(self.pid, "ip", "-json", *words).out
        return list(json.loads(out)) if out.strip() else []

    def pings(self, address: str, seconds: float = 5.0) -> bool:
        """Say whether ``address`` (IPv4 or IPv6) answers within ``seconds``."""
        deadline = time.monotonic() + seconds
        while self.exec("ping", "-c", "1", "-W", "1", address).code != 0:
            if time.monotonic() > deadline:
                return False
        return True

    def stop(self) -> None:
        docker("stop", "--time=2", self.id)

    def start(self) -> None:
        docker("start", self.id)

    def restart(self) -> None:
        docker("restart", "--time=2", self.id)

    def pause(self) -> None:
        docker("pause", self.id)

    def unpause(self) -> None:
        docker("unpause", self.id)

    def remove(self) -> None:
        """Remove it, running or not; no error when it is gone already."""
        run("docker", "rm", "--force", "--volumes", self.id)


def create(name: str, *options: str, network: str = "none") -> Container:
    """Start a container that does nothing; ``options`` go to docker run.

    Its id does not begin with c as the tests' names do: c2 would name it by its id where there is no c2.
    """
    words = ("run", "--detach", f"--name={name}", f"--network={network}", *options, image.NAME)
    while (found := Container(name, docker(*words))).id.startswith("c"):
        found.remove()
    return found


def remove_all() -> None:
    """Remove every container of the host."""
    if ids := docker("ps", "--all", "--quiet", "--no-trunc").split():
        docker("rm", "--force", "--volumes", *ids)
