"""A container as its engine tells it: looked up, and in a list. Asking the engine is backends/engine/'s."""

from typing import NamedTuple


def command_of(engine: str) -> str:
    """Return what people type to talk to an engine, which is given as Container.engine has it."""
    return "podman" if engine.startswith("podman") else "docker"


class Container(NamedTuple):
    """A container that was looked up; `pid` is 0 unless it runs.

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
        """Return what people type to talk to its engine."""
        return command_of(self.engine)

    def forms(self, typed: str) -> tuple[str, ...]:
        """Return the ways this container may have been typed when a port was recorded."""
        return tuple(dict.fromkeys((typed, self.name, self.id[:12], self.id)))


class Listed(NamedTuple):
    """A container in a list; `running` is true for paused ones too."""

    id: str
    name: str
    running: bool
    labels: dict[str, str] = {}
    image: str = ""
    """The id of its image; empty: none (podman run --rootfs)."""
