"""The backends of one call, opened when first used and handed down the road.

What is done with them is not known here.
"""

from __future__ import annotations

import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.backends.ovsdb import Ovsdb
from ovs_docker.backends.ovsdb_channels import Tls, connect, default_target
from ovs_docker.deadline import Deadline
from ovs_docker.errors import OvsdbMissing

if TYPE_CHECKING:
    from ovs_docker.backends.docker import Engine
    from ovs_docker.backends.ovsdb import Channel
    from ovs_docker.backends.rtnl import Rtnl
    from ovs_docker.progress import Progress


_RESTART = 2  # seconds


class Settings(NamedTuple):
    """The global options."""

    db: str | None = None
    tls: Tls = Tls(None, None, None)
    docker_host: str | None = None
    timeout: float = 60
    wait: bool = True
    verbose: bool = False
    reports: bool = False
    """Whether anybody reads what the ports look like afterwards (--format=json)."""


class World:
    """Docker, OVSDB and the kernel as one call sees them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.wait = settings.wait
        self.reports = settings.reports
        self.deadline = Deadline(settings.timeout)
        self.progress: Progress | None = None
        self._db: Ovsdb | None = None
        self._kept: list[Ovsdb] = []
        self._docker: Engine | None = None
        self._rtnl: Rtnl | None = None

    def tick(self) -> None:
        """Tell that one more piece of a batch is done."""
        if self.progress:
            self.progress.tick()

    def say(self, line: str) -> None:
        """Tell, under --verbose, what is being done."""
        print(f"ovs-docker: {line}", file=sys.stderr)

    @property
    def db(self) -> Ovsdb:
        if self._db is None:
            target = self.settings.db or default_target()
            self._db = Ovsdb(self._connect(target), self.deadline)
        return self._db

    def _connect(self, target: str) -> Channel:
        """Connect; while rolling back, a server that is being restarted is given a moment."""
        until = monotonic() + _RESTART if self._kept else 0
        while True:
            try:
                return connect(target, self.settings.tls, self.deadline)
            except OvsdbMissing:
                if monotonic() > until:
                    raise
                sleep(0.05)

    def renew_db(self) -> None:
        """Talk to the database by a new connection: the old one may be dead, or in the middle of an answer.

        The old one stays open, because the locks that it holds have to be held to the end.
        """
        if self._db is not None:
            self._kept.append(self._db)
            self._db = None

    @property
    def docker(self) -> Engine:
        if self._docker is None:
            from ovs_docker.backends.docker import Engine
            from ovs_docker.backends.docker_endpoint import find

            self._docker = Engine(find(self.settings.docker_host), self.deadline)
        return self._docker

    @property
    def rtnl(self) -> Rtnl:
        """The kernel, in our own network namespace: where the host ends are."""
        if self._rtnl is None:
            from ovs_docker.backends.rtnl import Rtnl

            self._rtnl = Rtnl()
        return self._rtnl
