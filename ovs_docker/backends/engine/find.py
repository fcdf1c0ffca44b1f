"""The engine of this machine, Docker or Podman: whichever answers."""

from collections.abc import Iterator
from contextlib import contextmanager

from ovs_docker.backends.engine import Engine
from ovs_docker.backends.engine.docker import Docker
from ovs_docker.backends.engine.endpoint import Endpoint, others
from ovs_docker.backends.engine.http import Line
from ovs_docker.backends.engine.kinds import PODMAN
from ovs_docker.deadline import Deadline
from ovs_docker.model.container import Listed


class Local(Docker):
    """Docker, or who answers in its place: a look-up is the same with both, so that it need not be known which it is.

    Where nobody named an engine and Docker is not there, it is another one of root's.
    """

    def __init__(self, endpoint: Endpoint, deadline: Deadline) -> None:
        super().__init__(Line([endpoint, *others()] if endpoint.unnamed else [endpoint], deadline))
        self._known: Engine | None = None

    @property
    def name(self) -> str:
        return self._known.name if self._known else super().name

    def recorded_as(self) -> tuple[str, ...]:
        return (self._known or self._ask_who()).recorded_as()

    def containers(self) -> list[Listed]:
        return self._ask_who().containers()

    @contextmanager
    def events(self) -> Iterator[Iterator[str]]:
        with self._ask_who().events() as events:
            yield events

    def _ask_who(self) -> Engine:
        """Ask who it is; also for the errors, which are plainer than those of the docker package."""
        reply = self.line.get("/_ping").receive()
        if reply.kind is PODMAN:
            from ovs_docker.backends.engine.podman import Podman

            self._known = Podman(self.line, reply.engine)
        else:
            self._known = Docker(self.line)
        return self._known
