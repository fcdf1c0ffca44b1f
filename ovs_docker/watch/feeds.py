"""Threads that tell what happens out there: Docker's events, and whether Docker and the database are there at all.

They only put hints into a queue; loop.py acts on them.
"""

from __future__ import annotations

import threading
from queue import Queue
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.backends.ovsdb import lasting
from ovs_docker.backends.ovsdb.session import Ovsdb
from ovs_docker.deadline import SILENCE, Deadline
from ovs_docker.errors import Error
from ovs_docker.world import Settings, World

if TYPE_CHECKING:
    from ovs_docker.backends.engine import Engine

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0  # seconds between attempts to connect


class Hint(NamedTuple):
    """`source` is Docker or Open vSwitch; `container` a full id; `lost` says why the source is gone.

    `name` is that of the container which Open vSwitch was found in without being asked for.
    `engine` is where an engine has been found that nobody had named: a watch stays with it.
    """

    source: str
    container: str = ""
    lost: str = ""
    name: str = ""
    engine: str = ""


class Feed(threading.Thread):
    """Connects, tells of it, tells what comes, tells the end, and starts over after a pause that grows.

    It waits nowhere for longer than SILENCE, and `alive_at` says when it has last been heard of (time.monotonic).
    """

    source = ""

    def __init__(self, settings: Settings, hints: Queue[Hint]) -> None:
        super().__init__(daemon=True, name=f"feed of {self.source}")
        self.settings = settings._replace(timeout=min(settings.timeout or SILENCE, SILENCE))
        self.hints = hints
        self.alive()

    def alive(self) -> None:
        self.alive_at = monotonic()

    def run(self) -> None:
        """Follow the source, for ever: the thread ends with the process."""
        pause = _FIRST_PAUSE
        while True:
            since = monotonic()
            try:
                self.follow()
                reason = "the connection was closed"
            except Error as error:
                reason = error.message
            except Exception as error:  # too many open files, a bug: a watch that no longer hears would not be one
                reason = f"{type(error).__name__}: {error}"
            self.alive()
            self.hints.put(Hint(self.source, lost=reason))
            pause = _FIRST_PAUSE if monotonic() - since > _LONGEST_PAUSE else min(2 * pause, _LONGEST_PAUSE)
            sleep(pause)

    def follow(self) -> None:
        """Connect and put hints until the connection ends; raise Error if there is none."""
        raise NotImplementedError


class DockerFeed(Feed):
    """Follows Docker's or Podman's events: containers started and removed.

    Once an engine has been found the feed stays with it: while Docker is being restarted, a Podman
    that is there as well is no place to go to.
    """

    source = "Docker"

    def follow(self) -> None:
        """Pass the engine's events on; each of them, and each sign that it is there, is one of life."""
        engine = World(self.settings).docker
        with engine.events() as events:
            self.hints.put(Hint(self.source, engine=self._stay_with(engine)))
            for container in events:
                self.alive()
                if container:
                    self.hints.put(Hint(self.source, container=container))

    def _stay_with(self, engine: Engine) -> str:
        """Name an engine that nobody had named to this feed from now on; return its place, if it is such a one."""
        if not engine.unnamed:
            return ""
        self.settings = self.settings._replace(docker_host=engine.url)
        return engine.url


class OvsdbFeed(Feed):
    """Holds a connection to the database: its end says that Open vSwitch is being restarted."""

    source = "Open vSwitch"

    def follow(self) -> None:
        """Connect to the database, wherever it is this time, and wait until the connection ends."""
        world = World(self.settings._replace(quiet=True))
        try:
            channel, name = world.connect(), world.switch.container
        finally:
            world.close()
        Ovsdb(channel, Deadline(SILENCE)).transact([])
        self.hints.put(Hint(self.source, name=name))
        lasting.wait_for_the_end(channel, self.alive)
