"""Signals beside threads that wait, as watch has them: real threads, real signals."""

import os
import signal
import threading
from collections.abc import Callable
from queue import Queue

import pytest

from ovs_docker import signals
from ovs_docker.errors import Interrupted

pytestmark = pytest.mark.usefixtures("listening")


def in_a_thread(work: Callable[[], object]) -> list[BaseException]:
    """Run this in a thread to its end; return what it raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    return raised


def wait_for(event: threading.Event) -> None:
    with signals.waiting():
        event.wait(10)


def test_a_thread_that_waits_makes_nobody_else_interruptible() -> None:
    entered, leave = threading.Event(), threading.Event()

    def wait() -> None:
        with signals.waiting():
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=wait)
    thread.start()
    entered.wait(10)
    try:
        os.kill(os.getpid(), signal.SIGTERM)  # we are not waiting for anybody: it is heeded later
    finally:
        leave.set()
        thread.join(10)
    with pytest.raises(Interrupted), signals.waiting():
        pass


def test_a_thread_that_has_waited_leaves_us_interruptible() -> None:
    def wait_and_kill() -> None:
        with signals.waiting():
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=wait_and_kill)
    with pytest.raises(Interrupted), signals.waiting():
        thread.start()
        Queue[None]().get(timeout=5)
    thread.join(10)


def test_a_signal_that_came_before_interrupts_no_thread() -> None:
    signal.raise_signal(signal.SIGTERM)
    free = threading.Event()
    free.set()
    assert in_a_thread(lambda: wait_for(free)) == []
    assert in_a_thread(signals.raise_pending) == []
    with pytest.raises(Interrupted):
        wait_for(free)
