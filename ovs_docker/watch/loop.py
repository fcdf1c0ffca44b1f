"""The loop of watch: hints in, syncs out, as batches. Runs until a signal stops it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from queue import Empty, Queue
from signal import SIGTERM
from time import monotonic
from typing import NamedTuple

from ovs_docker import signals
from ovs_docker.backends.engine.endpoint import podman
from ovs_docker.errors import Error, Interrupted, SomeFailed
from ovs_docker.report import text as report
from ovs_docker.report.outcome import Outcome
from ovs_docker.verbs.sync import sync_all, sync_containers
from ovs_docker.watch import notify
from ovs_docker.watch.feeds import DockerFeed, Hint, OvsdbFeed
from ovs_docker.watch.log import Log
from ovs_docker.world import Settings, World

# Seconds: events this close together are one batch; a batch is not kept waiting longer than that.
_QUIET, _PATIENCE = 0.02, 0.2
_FIRST_RETRY, _LAST_RETRY = 1.0, 60.0


class Wishes(NamedTuple):
    """Whether labels are honoured, and of which compose project."""

    labels: bool
    project: str | None


class Loop:
    """Owns the state of one watch: who is there, what is to be looked at, when to try again."""

    def __init__(self, settings: Settings, wishes: Wishes, log: Log) -> None:
        self.settings = settings
        self.wishes = wishes
        self.log = log
        self.named = settings.ovs_container
        self.hints: Queue[Hint] = Queue()
        self.there = {feed.source: False for feed in (DockerFeed, OvsdbFeed)}
        self.told_lost: set[str] = set()
        self.full = False
        self.containers: dict[str, None] = {}
        self.ready = False
        self.retry_pause = _FIRST_RETRY
        self.retry_at: float | None = None
        self.warned: set[str] = set()
        self.alive_at = monotonic()

    def run(self) -> None:
        """Run until a signal comes; SIGTERM is the clean end, any other raises Interrupted."""
        gc.enable()
        for feed in (DockerFeed, OvsdbFeed):
            feed(self.settings, self.hints).start()
        try:
            while True:
                self._take_in()
                self._work()
                signals.release()
                signals.raise_pending()
        except Interrupted as interruption:
            notify.tell("STOPPING=1")
            if interruption.signum != SIGTERM:
                raise

    # --- hints -------------------------------------------------------------------------------------------------

    def _take_in(self) -> None:
        """Wait for a hint, for the next retry or for systemd's watchdog; then take what follows closely."""
        hint = self._next(self._pause())
        until = monotonic() + _PATIENCE
        while hint:
            self._note(hint)
            hint = self._next(_QUIET) if monotonic() < until else None

    def _next(self, seconds: float | None) -> Hint | None:
        try:
            with signals.waiting():
                return self.hints.get(timeout=seconds)
        except Empty:
            return None

    def _pause(self) -> float | None:
        """Return the seconds until something is to be done unasked; None if nothing is."""
        due = [self.retry_at] if self.retry_at is not None and all(self.there.values()) else []
        if (watchdog := notify.watchdog_seconds()) is not None:
            due.append(self.alive_at + watchdog)
        return max(0.0, min(due) - monotonic()) if due else None

    def _note(self, hint: Hint) -> None:
        if hint.lost:
            self._lost(hint)
        elif hint.container:
            self.containers[hint.container] = None
            # It may be vswitchd's: with its namespace all host ends go, while the database's connection stays.
            self.full = self.full or bool(self.settings.ovs_container)
        else:
            self._found(hint)

    def _lost(self, hint: Hint) -> None:
        self.there[hint.source] = False
        if hint.source not in self.told_lost:
            self.told_lost.add(hint.source)
            self.log.warning(f"{self._called(hint.source)} is not there, trying again: {hint.lost}")

    def _found(self, hint: Hint) -> None:
        self.there[hint.source] = True
        self.full = True
        if hint.name and hint.name != self.settings.ovs_container:
            self.log.info(f"using the Open vSwitch of container {hint.name}")
        if hint.source == OvsdbFeed.source:
            self.settings = self.settings._replace(ovs_container=hint.name or self.named)
        if hint.engine:
            self.settings = self.settings._replace(docker_host=hint.engine)
        if hint.engine == podman().url:
            self.log.info(f"no Docker here: watching Podman at {hint.engine}")
        if hint.source in self.told_lost:
            self.told_lost.discard(hint.source)
            self.log.info(f"{self._called(hint.source)} is back")

    def _called(self, source: str) -> str:
        podmans = source == DockerFeed.source and "podman" in (self.settings.docker_host or "")
        return "Podman" if podmans else source

    # --- work --------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        self._sign_of_life()
        if not all(self.there.values()):
            return
        if self.retry_at is not None and monotonic() >= self.retry_at:
            self.full = True
        if self.full:
            self._full_sync()
        elif self.containers:
            containers, self.containers = list(self.containers), {}
            self._guarded(lambda world: sync_containers(world, containers, *self.wishes))

    def _full_sync(self) -> None:
        self.full, self.containers, self.retry_at = False, {}, None
        synced = self._guarded(lambda world: sync_all(world, *self.wishes))
        if self.retry_at is None:
            self.retry_pause, self.warned = _FIRST_RETRY, set()
        if synced and not self.ready:
            self.ready = True
            notify.tell("READY=1")
            self.log.info("watching")

    def _guarded(self, work: Callable[[World], Outcome]) -> bool:
        """Do some work, log what it did, and plan to try again where it failed."""
        world = World(self.settings)
        try:
            lines = work(world).done
        except SomeFailed as error:
            lines = error.lines
            for failure in error.failures:
                self._warn_once(report.sentence(failure))
            self._retry()
        except Error as error:
            self._warn_once(report.sentence(error))
            self._retry()
            return False
        finally:
            world.close()
        for line in lines:
            self.log.info(line)
        return True

    def _warn_once(self, message: str) -> None:
        """Log a failure, but not again at each retry."""
        if message not in self.warned:
            self.log.warning(message)
        self.warned.add(message)

    def _retry(self) -> None:
        self.retry_at = monotonic() + self.retry_pause
        self.retry_pause = min(2 * self.retry_pause, _LAST_RETRY)

    def _sign_of_life(self) -> None:
        watchdog = notify.watchdog_seconds()
        if watchdog is not None and monotonic() >= self.alive_at + watchdog:
            notify.tell("WATCHDOG=1")
            self.alive_at = monotonic()
