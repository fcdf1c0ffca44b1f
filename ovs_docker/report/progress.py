"""The progress bar of a batch, on stderr, if that is a terminal and the work lasts. Steps count its progress."""

from __future__ import annotations

import sys
from time import monotonic
from typing import Any

_LASTS = 0.3  # seconds; small batches are done by then


class Progress:
    """Counts pieces of work up to `total`; draws a bar only on a terminal, and only if the work lasts."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._since = monotonic()
        self._bar: Any = None

    def tick(self) -> None:
        self.done += 1
        if self._bar is None and sys.stderr.isatty() and monotonic() - self._since > _LASTS:
            self._draw()
        elif self._bar is not None:
            self._bar.update(1)

    def _draw(self) -> None:
        import click

        self._bar = click.progressbar(length=self.total, label="attaching", file=sys.stderr)
        self._bar.__enter__()
        self._bar.update(self.done)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
