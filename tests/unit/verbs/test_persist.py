"""Work that starts over where the world changed under it."""

import pytest

from ovs_docker.errors import Error, WorldChanged
from ovs_docker.verbs.each import _ATTEMPTS, persist


def test_work_starts_over_until_nobody_comes_between() -> None:
    attempts = [WorldChanged("x"), WorldChanged("y"), None]

    def work() -> str:
        if error := attempts.pop(0):
            raise error
        return "done"

    assert (persist(work), attempts) == ("done", [])


def test_it_gives_up_in_the_end() -> None:
    tried = []

    def work() -> None:
        tried.append(1)
        raise WorldChanged("again")

    with pytest.raises(WorldChanged):
        persist(work)
    assert len(tried) == _ATTEMPTS


def test_another_failure_is_raised_at_once() -> None:
    tried = []

    def work() -> None:
        tried.append(1)
        raise Error("no")

    with pytest.raises(Error):
        persist(work)
    assert tried == [1]
