"""Podman, which answers Docker's API: only what is different there."""

from ovs_docker.backends.engine.docker import Docker
from ovs_docker.backends.engine.http import Line
from ovs_docker.backends.engine.kinds import PODMAN


class Podman(Docker):
    """The Podman of one user; `called` names it."""

    name = PODMAN.name

    def __init__(self, line: Line, called: str) -> None:
        super().__init__(line)
        self._called = (called,)
