"""A container as its engine reports it, inspected or in a list. backends/engine/ asks the engine."""

from typing import NamedTuple


def command_of(engine: str) -> str:
    """Return the command-line client of an engine, given as Container.engine."""
    return "podman" if engine.startswith("podman") else "docker"


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
