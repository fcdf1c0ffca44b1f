"""Podman, which answers Docker's API: only what is different there."""

from ovs_docker.backends.engine.docker import Docker
from ovs_docker.backends.engine.http import Line


class Podman(Docker):
    """The Podman of one user; `kind` names it."""

    name = "Podman"

    def __init__(self, line: Line, kind: str) -> None:
        super().__init__(line)
        self._kind = kind

    def kind(self) -> str:
        return self._kind
