"""What several unit tests need: the process's signals as they were, and Hypothesis without a clock."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from ovs_docker import signals

# A loaded machine is no bug; what is slow, the whole suite's time tells.
settings.register_profile("unit", deadline=None, database=None)
settings.load_profile("unit")

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def listening() -> Iterator[None]:
    """Let signals raise Interrupted, as in a call of the command; undo that afterwards."""
    handlers = {number: signal.getsignal(number) for number in NUMBERS}
    signals._State.held, signals._State.pending = False, None
    for number in NUMBERS:
        signal.signal(number, lambda *_: None)  # one that is not listened to must not end the tests
    signals.listen()
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    signals._State.held, signals._State.pending = False, None
