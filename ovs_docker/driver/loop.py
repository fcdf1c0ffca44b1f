"""The driver while it runs: serve, put back, reconcile on Docker's events, until a signal ends it.

app.py answers Docker in threads of its own; reconcile.py does the work here.
"""

from __future__ import annotations

import gc
import signal
from contextlib import closing
from queue import Empty, Queue
from threading import Thread
from time import monotonic

from ovs_docker.driver import first_network, reconcile
from ovs_docker.driver.app import SECONDS, App
from ovs_docker.driver.first_network import FirstNetwork
from ovs_docker.driver.networks import Defaults
from ovs_docker.driver.reconcile import Result
from ovs_docker.driver.server import serving
from ovs_docker.errors import Error
from ovs_docker.report.text import sentence
from ovs_docker.watch import notify
from ovs_docker.watch.feeds import DockerFeed, Hint, OvsdbFeed
from ovs_docker.watch.log import Log
from ovs_docker.world import Settings, World

_STOP = signal.SIGTERM, signal.SIGINT, signal.SIGHUP
_RECENT = 30.0  # seconds after a request in which Docker may not list yet what it was about
_QUIET, _AGAIN, _LOOK = 0.5, 5.0, 60.0  # seconds: of hints that are one; to a second look; between looks without a hint
_TICK = 20.0


class Reconciler(Thread):
    """Reconciles once Docker and the database answer, and whenever they say that something went."""

    def __init__(self, app: App, first: FirstNetwork | None) -> None:
        super().__init__(daemon=True, name="reconciler")
        self.app = app
        self.first = first
        self.hints: Queue[Hint] = Queue()
        self.feeds = [DockerFeed(app.settings, self.hints), OvsdbFeed(app.settings, self.hints)]
        self.there = {feed.source: False for feed in self.feeds}
        self.strays: frozenset[str] = frozenset()
        self.said: frozenset[str] = frozenset()
        self.alive_at = monotonic()

    def run(self) -> None:
        """Follow the hints for ever; the thread ends with the process."""
        for feed in self.feeds:
            feed.start()
        pause = _LOOK
        while True:
            self._wait(pause)
            self.alive_at = monotonic()
            self.work(put_back=self.put_back)
            again = self.there[DockerFeed.source] and self.there[OvsdbFeed.source] and self._clean()
            pause = _AGAIN if again else _LOOK

    def _wait(self, seconds: float) -> None:
        """Wait for a hint and those that follow closely."""
        try:
            self._note(self.hints.get(timeout=seconds))
            while True:
                self._note(self.hints.get(timeout=_QUIET))
        except Empty:
            pass

    def _note(self, hint: Hint) -> None:
        there = not hint.lost
        if self.there[hint.source] != there:
            self.there[hint.source] = there
            (self.app.log.info if there else self.app.log.warning)(
                f"{hint.called or hint.source} is there" if there else f"{hint.source} is not there: {hint.lost}"
            )

    def put_back(self, world: World) -> Result:
        return reconcile.put_back(world, self.app.defaults.driver, self._recent)

    def _recent(self) -> set[str]:
        return {name for name, at in self.app.recent.items() if at > monotonic() - _RECENT}

    def _clean(self) -> bool:
        """Reconcile with Docker; tell whether to look again soon."""
        name = self.app.defaults.driver
        found = self.work(clean=lambda world: reconcile.clean(world, name, self._recent, self.strays))
        self.strays = found.strays if found else frozenset()
        if self.first and self.work(first=self._make_first) is not None:
            self.first = None
        return found is None or bool(self.strays) or found.later

    def _make_first(self, world: World) -> Result:
        assert self.first
        made = first_network.make(world, self.app.defaults.driver, self.first)
        return Result([f"made the network {first_network.NAME}"] if made else [], [])

    def work(self, **what: object) -> Result | None:
        """Do one thing with a World of its own and log what came of it; None: it failed."""
        ((_, do),) = what.items()
        try:
            with closing(World(self.app.settings._replace(timeout=4 * SECONDS))) as world:
                found: Result = do(world)  # type: ignore[operator]
        except Error as error:
            self._warn([sentence(error)])
            return None
        except Exception as error:  # too many open files, a bug: without this thread nothing would be cleaned
            self._warn([f"{type(error).__name__}: {error}"])
            return None
        for line in found.done:
            self.app.log.info(line)
        self._warn(found.warnings)
        return found

    def _warn(self, warnings: list[str]) -> None:
        for warning in warnings:
            if warning not in self.said:
                self.app.log.warning(warning)
        self.said = frozenset([*warnings, *list(self.said)[:100]])


def serve(settings: Settings, defaults: Defaults, path: str, first: FirstNetwork | None, log: Log) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP. Docker is not asked on the way up: it may be waiting for us."""
    gc.enable()
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)  # before there are threads: they are only waited for, here
    app = App(settings, defaults, log)
    reconciler = Reconciler(app, first)
    with serving(path, app):
        if not settings.ovs_container:  # to find that one, Docker has to answer
            reconciler.work(put_back=reconciler.put_back)
        reconciler.start()
        notify.tell("READY=1")
        log.info(f"serving Docker's network driver {defaults.driver} on {path}")
        while signal.sigtimedwait(_STOP, notify.watchdog_seconds() or _TICK) is None:
            if monotonic() - reconciler.alive_at < 4 * _LOOK:
                notify.tell("WATCHDOG=1")
        notify.tell("STOPPING=1")
    log.info("stopped")
