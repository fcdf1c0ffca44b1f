"""What the loop of watch makes of hints and failures; nothing is connected."""

from collections.abc import Callable
from time import monotonic

import pytest

from ovs_docker.errors import BadValue, Error, SomeFailed
from ovs_docker.report.outcome import Outcome
from ovs_docker.watch import loop as looping
from ovs_docker.watch.feeds import Hint
from ovs_docker.watch.log import Log
from ovs_docker.watch.loop import Loop, Wishes
from ovs_docker.world import Settings, World

DOCKER, OVS = Hint("Docker"), Hint("Open vSwitch")


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    for name in ("WATCHDOG_USEC", "WATCHDOG_PID", "NOTIFY_SOCKET"):
        monkeypatch.delenv(name, raising=False)
    return Loop(Settings(), Wishes(False, None), Log(as_json=False, quiet=False))


def note(loop: Loop, *hints: Hint) -> Loop:
    for hint in hints:
        loop._note(hint)
    return loop


def lost(source: Hint) -> Hint:
    return Hint(source.source, lost="the connection was closed")


def failing(error: Error) -> Callable[[World], Outcome]:
    def work(world: World) -> Outcome:
        raise error

    return work


def fine(*done: str) -> Callable[[World], Outcome]:
    return lambda world: Outcome([], done=done)


# --- hints -------------------------------------------------------------------------------------------------------


def test_a_source_that_is_found_asks_for_a_look_at_everything(loop: Loop) -> None:
    assert (note(loop, DOCKER).full, loop.there) == (True, {"Docker": True, "Open vSwitch": False})


def test_containers_are_collected_each_once_in_order(loop: Loop) -> None:
    note(loop, *(Hint("Docker", container=name) for name in ("b", "a", "b")))
    assert (list(loop.containers), loop.full) == (["b", "a"], False)


def test_a_source_that_goes_and_comes_is_told_once_each(loop: Loop, capsys: pytest.CaptureFixture[str]) -> None:
    note(loop, DOCKER, OVS, lost(DOCKER), lost(DOCKER), lost(DOCKER), DOCKER, lost(OVS), OVS)
    assert capsys.readouterr().out.splitlines() == [
        "warning: Docker is not there, trying again: the connection was closed",
        "Docker is back",
        "warning: Open vSwitch is not there, trying again: the connection was closed",
        "Open vSwitch is back",
    ]
    assert (loop.there, loop.full) == ({"Docker": True, "Open vSwitch": True}, True)


def test_hints_that_come_together_are_one_batch(loop: Loop) -> None:
    for name in ("a", "b", "c"):
        loop.hints.put(Hint("Docker", container=name))
    loop._take_in()
    assert (list(loop.containers), loop.hints.empty()) == (["a", "b", "c"], True)


# --- how long to wait ---------------------------------------------------------------------------------------------


def test_where_nothing_is_due_the_loop_sleeps_until_a_hint(loop: Loop) -> None:
    assert note(loop, DOCKER, OVS)._pause() is None


def test_a_retry_wakes_it(loop: Loop) -> None:
    note(loop, DOCKER, OVS).retry_at = monotonic() + 5
    assert 4 < (loop._pause() or 0) <= 5


@pytest.mark.parametrize("away", [DOCKER, OVS])
def test_a_retry_that_is_due_while_a_source_is_away_does_not_make_it_spin(loop: Loop, away: Hint) -> None:
    note(loop, DOCKER, OVS, lost(away)).retry_at = monotonic() - 1
    assert loop._pause() is None


def test_systemds_watchdog_wakes_it(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "20000000")
    assert 9 < (loop._pause() or 0) <= 10


# --- work --------------------------------------------------------------------------------------------------------


def test_what_was_done_is_logged(loop: Loop, capsys: pytest.CaptureFixture[str]) -> None:
    assert (loop._guarded(fine("restored a", "restored b")), capsys.readouterr().out) == (
        True,
        "restored a\nrestored b\n",
    )


def test_a_failure_is_logged_once_and_tried_again_later_and_later(
    loop: Loop, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses = []
    for _ in range(9):
        loop._guarded(failing(Error("no", "do it")))
        pauses.append(round((loop.retry_at or 0) - monotonic()))
    assert (pauses, capsys.readouterr().out) == ([1, 2, 4, 8, 16, 32, 60, 60, 60], "warning: no (do it)\n")


def test_the_ports_that_failed_are_named_and_what_was_done_is_told(
    loop: Loop, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = BadValue("two\nlines\x1b[2J")
    bad.place = "container c1, label ovs-docker.eth0"
    assert loop._guarded(failing(SomeFailed([bad], "no", [], ["restored b"])))
    assert capsys.readouterr().out.splitlines() == [
        "warning: container c1, label ovs-docker.eth0: two lines\\x1b[2J",
        "restored b",
    ]


@pytest.fixture
def synced(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[World], Outcome]], Loop]:
    """Do a full sync whose work is the given one."""

    def full(work: Callable[[World], Outcome]) -> Loop:
        monkeypatch.setattr(looping, "sync_all", lambda world, labels, project: work(world))
        loop.full = True
        note(loop, DOCKER, OVS)._work()
        return loop

    return full


def test_a_retry_that_is_planned_outlives_another_containers_success(
    synced: Callable[[Callable[[World], Outcome]], Loop],
) -> None:
    loop = synced(failing(SomeFailed([Error("no")], "no", [])))
    planned = loop.retry_at
    loop._guarded(fine("restored b"))
    assert planned is not None and loop.retry_at == planned


def test_a_full_sync_that_went_well_ends_the_retries(
    synced: Callable[[Callable[[World], Outcome]], Loop], capsys: pytest.CaptureFixture[str]
) -> None:
    synced(failing(Error("no")))
    loop = synced(fine())
    assert (loop.retry_at, loop.retry_pause, loop.warned, loop.full) == (None, 1.0, set(), False)
    assert capsys.readouterr().out.splitlines() == ["warning: no", "watching"]


def test_nothing_is_done_while_a_source_is_away(
    synced: Callable[[Callable[[World], Outcome]], Loop], capsys: pytest.CaptureFixture[str]
) -> None:
    loop = synced(fine())
    capsys.readouterr()
    note(loop, lost(DOCKER), Hint("Docker", container="a"))._work()
    assert (list(loop.containers), capsys.readouterr().out) == (
        ["a"],
        "warning: Docker is not there, trying again: the connection was closed\n",
    )
