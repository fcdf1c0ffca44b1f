"""Container engines: what the rest of the package needs of one. find.py finds out whether it is Docker or Podman."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from ovs_docker.model.container import Container, Listed


_Answer = TypeVar("_Answer", covariant=True)


class Question(Protocol[_Answer]):
    """A look-up under way."""

    def answer(self) -> _Answer:
        """Wait for the engine's answer; raise an error where there is no such thing, or it makes no sense."""
        ...


class Engine(Protocol):
    """The engine of one call; everything raises DockerMissing if it cannot be reached."""

    @property
    def name(self) -> str:
        """What people call it; before it has answered, what is expected there."""
        ...

    @property
    def url(self) -> str:
        """Where it is, as --docker-host has it."""
        ...

    @property
    def unnamed(self) -> bool:
        """Whether nobody has said where it is."""
        ...

    def recorded_as(self) -> tuple[str, ...]:
        """Tell what Container.engine and the record call it."""
        ...

    def ask(self, typed: str) -> Question[Container]:
        """Send the look-up of a container, so that the engine works on it while we do something else."""
        ...

    def ask_image(self, image: str) -> Question[dict[str, str]]:
        """Send the look-up of an image, by id, for its labels; the answer raises ContainerUnfit where it is gone."""
        ...

    def inspect(self, typed: str) -> Container:
        """Look a container up by name, short or full id; raise NoSuchContainer."""
        ...

    def containers(self) -> list[Listed]:
        """Return all containers, running or not."""
        ...

    def running(self) -> list[Listed]:
        """Return the running containers by one plain request: whoever presses TAB does not wait for an import."""
        ...

    def networks(self) -> dict[str, str]:
        """Return the names of all networks by id."""
        ...

    def endpoints(self, networks: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return, of those of these networks that the engine has, the endpoints and their containers, all by id."""
        ...

    def make_network(self, wish: dict[str, object]) -> bool:
        """Make a network, as POST /networks/create has it; tell whether there was none of that name."""
        ...

    def events(self) -> AbstractContextManager[Iterator[str]]:
        """Follow from now on which containers start or are removed, by full id; the iterator ends with the engine.

        It yields "" where nothing happens and the engine has shown that it is there.
        """
        ...
