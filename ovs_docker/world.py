"""The backends of one call, opened when first used and handed down the road.

What is done with them is not known here.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.backends.ovsdb import Ovsdb
from ovs_docker.backends.ovsdb_channels import Tls, connect, default_target
from ovs_docker.deadline import Deadline

if TYPE_CHECKING:
    from ovs_docker.backends.docker import Engine
    from ovs_docker.backends.rtnl import Rtnl


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
        self._db: Ovsdb | None = None
        self._docker: Engine | None = None
        self._rtnl: Rtnl | None = None

    def say(self, line: str) -> None:
        """Tell, under --verbose, what is being done."""
        print(f"ovs-docker: {line}", file=sys.stderr)

    @property
    def db(self) -> Ovsdb:
        if self._db is None:
            target = self.settings.db or default_target()
            self._db = Ovsdb(connect(target, self.settings.tls, self.deadline), self.deadline)
        return self._db

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
