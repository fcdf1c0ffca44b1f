"""The loop of watch: takes hints in batches and syncs, until a signal stops it. feeds.py produces the hints."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from queue import Empty, Queue
from signal import SIGTERM
from time import monotonic
from typing import NamedTuple

from ovs_docker import signals
from ovs_docker.errors import Error, Interrupted
from ovs_docker.ovn.sync import OVN
from ovs_docker.report import text as report
from ovs_docker.report.outcome import SomeFailed
from ovs_docker.verbs.labelled import Labels
from ovs_docker.verbs.sync import sync_all, sync_containers
from ovs_docker.watch import notify
from ovs_docker.watch.feeds import DockerFeed, Hint, OvsdbFeed
from ovs_docker.watch.log import Log
from ovs_docker.world import Settings, World

# Seconds: events this close together are one batch; no batch waits longer than the second figure.
_QUIET, _PATIENCE = 0.02, 0.2
_FIRST_RETRY, _LAST_RETRY = 1.0, 60.0
# Seconds between two checks of the feeds, and after which a feed without a sign of life counts as dead.
_LOOK, _DEAF = 20.0, 60.0

# Seconds: while watch waits for OVN, no other container gets its port back.
_OVN_PATIENCE = 0.5

What = tuple[str, ...]
EVERYTHING: What = ()
"""What a sync looks at: some containers, by full id, or everything."""


class Retry(NamedTuple):
    """When something is tried again, the pause after that, and the messages of its failures."""

    at: float = 0.0
    pause: float = _FIRST_RETRY
    said: frozenset[str] = frozenset()

    def failed(self, said: frozenset[str]) -> Retry:
        """Return it after one more failure; a failure before `at` does not postpone it."""
        now = monotonic()
        if self.at > now:
            return self._replace(said=said)
        return Retry(now + self.pause, min(2 * self.pause, _LAST_RETRY), said)


class Loop:
    """The state of one watch: which sources are there, what to look at, when to try again."""

    def __init__(self, settings: Settings, labels: Labels | None, log: Log) -> None:
        self.settings = settings._replace(ovn_patience=_OVN_PATIENCE)
        self.labels = labels
        self.log = log
        self.named = settings.ovs_container
        self.hints: Queue[Hint] = Queue()
        self.feeds = [feed(settings, self.hints) for feed in (DockerFeed, OvsdbFeed)]
        self.there = {feed.source: False for feed in self.feeds}
        self.told_lost: set[str] = set()
        self.warned: set[str] = set()
        self.full = False
        self.containers: dict[str, None] = {}
        self.ready = False
        self.retries: dict[What, Retry] = {}
        self.alive_at = self.looked_at = monotonic()

    def run(self) -> None:
        """Run until a signal arrives; SIGTERM ends it cleanly, any other signal raises Interrupted."""
        gc.enable()
        for feed in self.feeds:
            feed.start()
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
        """Wait for a hint, the next retry or systemd's watchdog; then take the hints that follow closely."""
        hint = self._next(self._pause())
        until = monotonic() + _PATIENCE
        while hint:
            self._note(hint)
            hint = self._next(_QUIET) if monotonic() < until else None

    def _next(self, seconds: float) -> Hint | None:
        try:
            with signals.waiting():
                return self.hints.get(timeout=seconds)
        except Empty:
            return None

    def _pause(self) -> float:
        """Return the seconds until something is due without a hint."""
        due = [self.looked_at + _LOOK]
        if all(self.there.values()):
            due += [retry.at for retry in self.retries.values()]
        if (watchdog := notify.watchdog_seconds()) is not None:
            due.append(self.alive_at + watchdog)
        return max(0.0, min(due) - monotonic())

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
            self.log.warning(f"{hint.called or hint.source} is not there, trying again: {hint.lost}")

    def _found(self, hint: Hint) -> None:
        self.there[hint.source] = True
        self.full = True
        if hint.name and hint.name != self.settings.ovs_container:
            self.log.info(f"using the Open vSwitch of container {hint.name}")
        if hint.source == OvsdbFeed.source:
            self.settings = self.settings._replace(ovs_container=hint.name or self.named)
        if hint.engine:
            self.settings = self.settings._replace(docker_host=hint.engine)
            if hint.called != hint.source:
                self.log.info(f"no {hint.source} here: watching {hint.called} at {hint.engine}")
        if hint.source in self.told_lost:
            self.told_lost.discard(hint.source)
            self.log.info(f"{hint.called or hint.source} is back")

    # --- work --------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        """Do what the hints ask for, then one retry that is due, so that neither delays the other."""
        self._look_at_feeds()
        if not all(self.there.values()):
            return
        if self.full:
            self.full, self.containers = False, {}
            self._sync(EVERYTHING)
        elif self.containers:
            containers, self.containers = tuple(self.containers), {}
            self._sync(containers)
        due = {retry.at: what for what, retry in self.retries.items() if retry.at <= monotonic()}
        if due:
            self._sync(due[min(due)])

    def _sync(self, what: What) -> None:
        """Sync containers or everything, log what was done, and plan retries of what failed."""
        lines: Sequence[str] = ()
        warnings: Sequence[str] = ()
        failures, looked = list[Error](), True
        world = World(self.settings)
        try:
            outcome = sync_containers(world, list(what), self.labels) if what else sync_all(world, self.labels)
            lines, warnings = outcome.done, outcome.warnings
        except SomeFailed as error:
            lines, warnings, failures = error.lines, error.warnings, error.failures
        except Error as error:
            failures, looked = [error], False
        except Exception as error:  # too many open files, a bug: one container must not end watch for all
            failures, looked = [Error(f"{type(error).__name__}: {error}")], False
        finally:
            world.close()
        self._plan(what, failures)
        for line in lines:
            self.log.info(line)
        self._warn(what, warnings)
        if looked and what == EVERYTHING and not self.ready:
            self.ready = True
            notify.tell("READY=1")
            self.log.info("watching")

    def _warn(self, what: What, warnings: Sequence[str]) -> None:
        """Log warnings that are new: a port that stays would be reported at each sync."""
        for warning in dict.fromkeys(warnings):
            if warning not in self.warned:
                self.log.warning(warning)
        self.warned = {*warnings, *(self.warned if what else ())}

    def _plan(self, what: What, failures: list[Error]) -> None:
        """Log failures once, not at each retry; plan the retries, one per container if single ports failed."""
        known = {sentence for retry in self.retries.values() for sentence in retry.said}
        # OVN needs a moment to install a port that was just attached: only a retry reports it.
        ripe = [failure for failure in failures if failure.place != OVN or what in self.retries]
        said = dict.fromkeys(map(report.sentence, ripe))
        for sentence in said:
            if sentence not in known:
                self.log.warning(sentence)
        each = [(container,) for container in what]
        failed = each if each and all(failure.place for failure in failures) else [what]
        planned = {one: self.retries.get(one, Retry()).failed(frozenset(said)) for one in failed} if failures else {}
        for one in list(self.retries) if what == EVERYTHING and not failures else [what, *each]:
            self.retries.pop(one, None)
        self.retries.update(planned)

    def _look_at_feeds(self) -> None:
        """Raise Error if a feed has given no sign of life for too long; otherwise tell systemd that watch is alive."""
        now, before = monotonic(), self.looked_at
        self.looked_at = now
        for feed in self.feeds:
            if now - feed.alive_at > _DEAF and now - before < _DEAF / 2:  # else watch itself was stopped
                raise Error(f"nothing has been heard for {_DEAF:g} s of the thread that listens to {feed.source}")
        watchdog = notify.watchdog_seconds()
        if watchdog is not None and now >= self.alive_at + watchdog:
            notify.tell("WATCHDOG=1")
            self.alive_at = now
