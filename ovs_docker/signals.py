"""Ctrl-C, SIGTERM and SIGHUP as an exception that can be held back. Who holds them, and when, is apply.py's."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ovs_docker.errors import Interrupted


class _State:
    """Whether signals are held back, and the one that came meanwhile."""

    held = False
    pending: int | None = None


def listen() -> None:
    """Let the signals raise Interrupted from now on; ignored ones (nohup) stay ignored."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _on_signal)


def _on_signal(number: int, _: FrameType | None) -> None:
    if _State.held:
        _State.pending = number
    else:
        _State.held = True  # one is enough: the next must not cut into the rollback
        raise Interrupted(number)


def hold() -> None:
    """Hold signals back until release()."""
    _State.held = True


def release() -> None:
    _State.held = False


def raise_pending() -> None:
    """Raise Interrupted if a signal came while they were held back."""
    if _State.pending is not None:
        raise Interrupted(_State.pending)


@contextmanager
def let_through() -> Iterator[None]:
    """Let signals interrupt the body."""
    raise_pending()
    _State.held = False
    try:
        yield
    finally:
        _State.held = True
