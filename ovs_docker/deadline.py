"""The time limit of one call, shared by everything that waits. Its default is in world.py's Settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from ovs_docker.errors import TimedOut

PROBE, SILENCE = 5.0, 15.0
"""Seconds, on a connection that lasts: after the first without a word a sign of life is asked for, after the second the
peer counts as gone."""

_LONGEST = 1e9  # seconds: what sockets and the OVSDB server can represent


class Deadline:
    """Counts down from `seconds`; 0 means no limit, as for ovs-vsctl's --timeout."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = monotonic() + min(seconds, _LONGEST) if seconds else None

    def left(self, waiting_for: str) -> float | None:
        """Return the seconds left (None: no limit); raise TimedOut if there are none."""
        if self._end is None:
            return None
        left = self._end - monotonic()
        if left <= 0:
            raise self.passed(waiting_for)
        return left

    def passed(self, waiting_for: str) -> TimedOut:
        """Return the error that it has passed."""
        return TimedOut(f"gave up after {self.seconds:g} s waiting for {waiting_for}", "--timeout=SECS allows more")

    def of_server(self, waiting_for: str) -> float | None:
        """Like left(), for a server, which has to give up before we stop listening."""
        left = self.left(waiting_for)
        return None if left is None else max(left - 0.05, 0.001)

    @contextmanager
    def shared(self, sharers: int) -> Iterator[None]:
        """Limit the body to its share of the time left, if so many share it."""
        end, seconds = self._end, self.seconds
        if end is not None:
            self.seconds = round(max(end - monotonic(), 0) / sharers, 1)
            self._end = monotonic() + self.seconds
        yield
        self._end, self.seconds = end, seconds

    def is_over(self) -> bool:
        return self._end is not None and monotonic() >= self._end

    def grant(self, seconds: float) -> None:
        """Leave at least `seconds` from now: a rollback needs time of its own."""
        if self._end is not None:
            self._end = max(self._end, monotonic() + seconds)
