"""Threads that follow Docker's events and the connections to Docker and the database.

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
    """What a feed has noticed. `source` is Docker or Open vSwitch, `container` a full id.

    `lost` is why the source is gone; `name` the container in which Open vSwitch was found, if none was named;
    `engine` the URL of the engine that was found, if none was named; `called` the source's name in messages, if it
    has another one.
    """

    source: str
    container: str = ""
    lost: str = ""
    name: str = ""
    engine: str = ""
    called: str = ""


class Feed(threading.Thread):
    """Connects, reports the connection, its events and its end, and connects again after a growing pause.

    It never waits longer than SILENCE. `alive_at` is its last sign of life (time.monotonic).
    """

    source = ""
    called = ""

    def __init__(self, settings: Settings, hints: Queue[Hint]) -> None:
        super().__init__(daemon=True, name=f"feed of {self.source}")
        self.settings = settings._replace(timeout=min(settings.timeout or SILENCE, SILENCE))
        self.hints = hints
        self.alive()

    def alive(self) -> None:
        self.alive_at = monotonic()

    def run(self) -> None:
        """Follow the source for ever; the thread ends with the process."""
        pause = _FIRST_PAUSE
        while True:
            since = monotonic()
            try:
                self.follow()
                reason = "the connection was closed"
            except Error as error:
                reason = error.message
            except Exception as error:  # too many open files, a bug: without this thread watch would be deaf
                reason = f"{type(error).__name__}: {error}"
            self.alive()
            self.hints.put(Hint(self.source, lost=reason, called=self.called))
            pause = _FIRST_PAUSE if monotonic() - since > _LONGEST_PAUSE else min(2 * pause, _LONGEST_PAUSE)
            sleep(pause)

    def follow(self) -> None:
        """Connect and put hints until the connection ends; raise Error if there is none."""
        raise NotImplementedError


class DockerFeed(Feed):
    """Follows an engine's events: containers started and removed.

    It stays with the engine that it has found: while Docker restarts, it must not change to Podman.
    """

    source = "Docker"

    def follow(self) -> None:
        """Put the engine's events into the queue; each event and each answer to a ping is a sign of life."""
        engine = World(self.settings).docker
        self.called = engine.name
        with engine.events() as events:
            self.called = engine.name  # now it has answered
            self.hints.put(Hint(self.source, engine=self._stay_with(engine), called=self.called))
            for container in events:
                self.alive()
                if container:
                    self.hints.put(Hint(self.source, container=container))

    def _stay_with(self, engine: Engine) -> str:
        """Use this engine from now on; return its URL if the user named none."""
        if not engine.unnamed:
            return ""
        self.settings = self.settings._replace(docker_host=engine.url)
        return engine.url


class OvsdbFeed(Feed):
    """Holds a connection to the database, which ends when Open vSwitch restarts."""

    source = "Open vSwitch"

    def follow(self) -> None:
        """Find the database, connect, and wait until the connection ends."""
        world = World(self.settings._replace(quiet=True))
        try:
            channel, name = world.connect(), world.switch.container
        finally:
            world.close()
        Ovsdb(channel, Deadline(SILENCE)).transact([])
        self.hints.put(Hint(self.source, name=name))
        lasting.wait_for_the_end(channel, self.alive)
