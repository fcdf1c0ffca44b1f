"""Ctrl-C, SIGTERM and SIGHUP as an exception, raised only where the main thread waits; steps hold it back.

Python runs signal handlers in the main thread only; other threads, which watch has, are never interrupted.
"""

import signal
from _thread import get_ident
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ovs_docker.errors import Interrupted


class _State:
    """What the handler knows; `thread` is the one that listens, `pending` a signal that could not be raised yet.

    The order of signals that come together is that of their numbers: SIGHUP seems to come before SIGINT.
    """

    thread = 0
    held = False
    waiting = False
    pending: int | None = None
    came: frozenset[int] = frozenset()


def listen() -> None:
    """Handle the signals from now on, in this thread; ignored ones (nohup) stay ignored."""
    _State.thread = get_ident()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _on_signal)


def _on_signal(number: int, _: FrameType | None) -> None:
    _State.came |= {number}
    if _State.waiting and not _State.held:
        _State.held = True  # one is enough: the next must not interrupt the rollback
        raise Interrupted(number)
    _State.pending = number


def end_by_ctrl_c() -> None:
    """End the process by SIGINT if SIGINT interrupted it; the shell sees status 130.

    bash continues a loop around a command that merely exits with 130. Process 1 of a container cannot be killed
    this way: the function returns.
    """
    if not _State.came or signal.SIGINT in _State.came:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)


@contextmanager
def waiting() -> Iterator[None]:
    """Let signals interrupt the body, unless they are held back; whatever waits for others is wrapped in this.

    Everywhere else a signal is only noted: raised there it could leave a step unrecorded, or a descriptor open.
    """
    if get_ident() != _State.thread:
        yield
        return
    _State.waiting = True
    try:
        if not _State.held:
            raise_pending()
        yield
    finally:
        _State.waiting = False


def hold() -> None:
    _State.held = True


def release() -> None:
    """Let signals raise again; one that came meanwhile waits for raise_pending(), so that it replaces no error."""
    _State.held = False


def raise_pending() -> None:
    """Raise Interrupted if a signal came while they were held back."""
    if _State.pending is not None and get_ident() == _State.thread:
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
