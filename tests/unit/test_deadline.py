"""The time that one call may take."""

import time

import pytest

from ovs_docker.deadline import Deadline
from ovs_docker.errors import TimedOut


def test_time_counts_down() -> None:
    deadline = Deadline(100)
    first = deadline.left("x") or 0
    time.sleep(0.002)
    assert 90 < (deadline.left("x") or 0) < first <= 100


def test_zero_means_no_limit() -> None:
    deadline = Deadline(0)
    deadline.grant(1)
    assert deadline.left("x") is None


def test_where_no_time_is_left_it_is_said_what_was_waited_for() -> None:
    deadline = Deadline(0.001)
    time.sleep(0.002)
    with pytest.raises(TimedOut) as raised:
        deadline.left("Docker")
    assert (raised.value.message, raised.value.hint) == (
        "gave up after 0.001 s waiting for Docker",
        "--timeout=SECS allows more",
    )


def test_granted_time_extends_the_deadline_and_never_shortens_it() -> None:
    short, long = Deadline(1), Deadline(100)
    short.grant(10)
    long.grant(10)
    assert (8 < (short.left("x") or 0) <= 10, (long.left("x") or 0) > 90) == (True, True)


def test_a_share_is_a_part_of_what_is_left_and_the_rest_is_there_afterwards() -> None:
    deadline, unlimited = Deadline(90), Deadline(0)
    with deadline.shared(3), unlimited.shared(3):
        assert (28 < (deadline.left("x") or 0) <= 30, deadline.seconds, unlimited.left("x")) == (True, 30, None)
    assert (88 < (deadline.left("x") or 0) <= 90, deadline.seconds) == (True, 90)
