"""A container as its engine reports it, inspected or in a list, and its ids. backends/engine/ asks the engine.

Which container a recorded word means is decided here; whether a record is a given container's, in model/record.py.
"""

from collections.abc import Iterable
from typing import NamedTuple

_SHORT_ID, _FULL_ID = 12, 64  # digits of a container's id, as engines print it


def is_short_id(word: str) -> bool:
    """Tell whether a word has the form of a short id."""
    return len(word) >= _SHORT_ID and all(letter in "0123456789abcdef" for letter in word)


def is_full_id(word: str) -> bool:
    """Tell whether a word has the form of a container's full id."""
    return len(word) == _FULL_ID and is_short_id(word)


def beginnings(full_id: str, lengths: Iterable[int]) -> list[str]:
    """Return the beginnings of a full id of these lengths, without those that are shorter than a short id."""
    return [full_id[:length] for length in lengths if length >= _SHORT_ID]


def command_of(engine: str) -> str:
    """Return the command-line client of an engine, given as Container.engine."""
    return "podman" if engine.startswith("podman") else "docker"


class Mount(NamedTuple):
    """A directory or file of the host that a container has."""

    source: str
    destination: str
    writable: bool


class Container(NamedTuple):
    """An inspected container; `pid` is 0 unless it runs.

    `directories` are where its sockets may be: its OVS_RUNDIR, its mounts.
    """

    id: str
    name: str
    pid: int
    host_network: bool
    labels: dict[str, str] = {}
    directories: tuple[str, ...] = ()
    net_admin: bool = False
    """Whether it was given CAP_NET_ADMIN."""
    started_at: str = ""
    """As RFC 3339 writes it."""
    sandbox_key: str = ""
    """Where the engine keeps the container's network namespace, if it does."""
    image: str = ""
    mounts: tuple[Mount, ...] = ()
    engine: str = ""
    """Whose it is: empty for Docker, for a second one with its data root: `docker:/srv/docker`; `podman`, for one that
    is not root's with the user's number: `podman:1000`."""

    @property
    def command(self) -> str:
        return command_of(self.engine)

    def forms(self, typed: str) -> tuple[str, ...]:
        """Return the names by which this container may have been recorded."""
        return tuple(dict.fromkeys((typed, self.name, self.id[:12], self.id)))


class Listed(NamedTuple):
    """A container in a list; `running` is true for paused ones too."""

    id: str
    name: str
    running: bool
    labels: dict[str, str] = {}
    image: str = ""
    """The id of its image; empty: none (podman run --rootfs)."""


def meant(word: str, listed: Iterable[Listed], digits: int = _SHORT_ID) -> list[Listed]:
    """Return the containers that a word may mean: by name, else by `digits` or more of their ids."""
    known = list(listed)
    named = [container for container in known if container.name == word]
    return named or [container for container in known if len(word) >= digits and container.id.startswith(word)]
