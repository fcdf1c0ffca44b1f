"""What the loop of watch makes of hints and failures; nothing is connected."""

from collections.abc import Callable
from queue import Queue
from time import monotonic

import pytest

from ovs_docker.errors import BadValue, Error
from ovs_docker.ovn.sync import OVN
from ovs_docker.report.outcome import Outcome, SomeFailed
from ovs_docker.watch import loop as looping
from ovs_docker.watch.feeds import Feed, Hint
from ovs_docker.watch.log import Log
from ovs_docker.watch.loop import EVERYTHING, Loop, Retry, What
from ovs_docker.world import Settings

DOCKER, OVS = Hint("Docker"), Hint("Open vSwitch")


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    for name in ("WATCHDOG_USEC", "WATCHDOG_PID", "NOTIFY_SOCKET"):
        monkeypatch.delenv(name, raising=False)
    return Loop(Settings(), None, Log(as_json=False, quiet=False))


def note(loop: Loop, *hints: Hint) -> Loop:
    for hint in hints:
        loop._note(hint)
    return loop


def lost(source: Hint) -> Hint:
    return Hint(source.source, lost="the connection was closed")


def failing(*errors: Error) -> Outcome:
    """Fail: with one error, as a look that is not possible does, or with several that are of ports."""
    raise errors[0] if len(errors) == 1 and not errors[0].place else SomeFailed(list(errors), "no", [])


def at(place: str, said: str = "no") -> Error:
    error = Error(said)
    error.place = place
    return error


Work = Callable[[What], Outcome]
Run = Callable[[Work], Loop]


@pytest.fixture
def working(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the loop, with both sources there, whose syncs do this; it says what they look at."""

    def become(work: Work) -> Loop:
        monkeypatch.setattr(looping, "sync_all", lambda world, labels: work(EVERYTHING))
        monkeypatch.setattr(looping, "sync_containers", lambda world, ids, labels: work(tuple(ids)))
        loop.there = dict.fromkeys(loop.there, True)
        return loop

    return become


def make_due(loop: Loop) -> None:
    """Let the time of every retry come."""
    loop.retries = {what: retry._replace(at=monotonic() - 1) for what, retry in loop.retries.items()}


def planned(loop: Loop) -> dict[What, int]:
    """Return in how many seconds what is tried again."""
    return {what: round(retry.at - monotonic()) for what, retry in loop.retries.items()}


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


def test_where_nothing_is_due_the_loop_sleeps_until_a_hint_or_the_next_look_at_the_feeds(loop: Loop) -> None:
    assert 19 < note(loop, DOCKER, OVS)._pause() <= 20


def test_a_retry_wakes_it(loop: Loop) -> None:
    note(loop, DOCKER, OVS).retries = {("a",): Retry(monotonic() + 5), EVERYTHING: Retry(monotonic() + 9)}
    assert 4 < loop._pause() <= 5


@pytest.mark.parametrize("away", [DOCKER, OVS])
def test_a_retry_that_is_due_while_a_source_is_away_does_not_make_it_spin(loop: Loop, away: Hint) -> None:
    note(loop, DOCKER, OVS, lost(away)).retries = {EVERYTHING: Retry(monotonic() - 1)}
    assert 19 < loop._pause() <= 20


def test_systemds_watchdog_wakes_it(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "20000000")
    assert 9 < loop._pause() <= 10


# --- feeds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("feed", [0, 1], ids=["Docker", "Open vSwitch"])
def test_a_feed_that_shows_no_sign_of_life_ends_the_watch(loop: Loop, feed: int) -> None:
    loop.feeds[feed].alive_at -= 61
    with pytest.raises(Error, match=f"nothing has been heard for 60 s .* {loop.feeds[feed].source}"):
        loop._work()


def test_feeds_that_were_stopped_together_with_the_loop_have_time_to_show_that_they_live(loop: Loop) -> None:
    for feed in loop.feeds:
        feed.alive_at -= 600
    loop.looked_at -= 600
    loop._work()


class Clumsy(Feed):
    """A feed that stumbles over everything."""

    source = "Docker"

    def follow(self) -> None:
        raise KeyError("Actor")


def test_a_feed_that_stumbles_tells_it_and_goes_on(loop: Loop) -> None:
    Clumsy(Settings(), loop.hints).start()
    assert [loop.hints.get(timeout=5) for _ in range(3)] == [Hint("Docker", lost="KeyError: 'Actor'")] * 3


def test_a_feed_waits_for_nobody_longer_than_its_sign_of_life_may_take() -> None:
    given = (Settings(timeout=seconds) for seconds in (0, 1, 60))
    assert [Feed(settings, Queue()).settings.timeout for settings in given] == [15, 1, 15]


# --- work --------------------------------------------------------------------------------------------------------


def test_what_was_done_is_logged(working: Run, capsys: pytest.CaptureFixture[str]) -> None:
    working(lambda what: Outcome([], done=["restored a", "restored b"]))._sync(("a",))
    assert capsys.readouterr().out == "restored a\nrestored b\n"


def test_a_failure_is_logged_once_and_tried_again_later_and_later(
    working: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    loop = working(lambda what: failing(Error("no", "do it")))
    loop.full, pauses = True, []
    for _ in range(9):
        loop._work()
        pauses.append(planned(loop)[EVERYTHING])
        make_due(loop)
    assert (pauses, capsys.readouterr().out) == ([1, 2, 4, 8, 16, 32, 60, 60, 60], "warning: no (do it)\n")


def test_the_ports_that_failed_are_named_and_what_was_done_is_told(
    working: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = BadValue("two\nlines\x1b[2J")
    bad.place = "container c1, label ovs-docker.eth0"

    def work(what: What) -> Outcome:
        raise SomeFailed([bad], "no", [], ["restored b"])

    loop = working(work)
    loop._sync(EVERYTHING)
    assert (loop.ready, capsys.readouterr().out.splitlines()) == (
        True,
        ["warning: container c1, label ovs-docker.eth0: two lines\\x1b[2J", "restored b", "watching"],
    )


@pytest.mark.parametrize("error", [OSError(24, "Too many open files"), KeyError("x"), RecursionError("deep")], ids=repr)
def test_whatever_goes_wrong_is_told_and_tried_again(
    working: Run, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(what: What) -> Outcome:
        raise error

    loop = working(work)
    loop._sync(("a", "b"))
    assert (planned(loop), capsys.readouterr().out) == (
        {("a", "b"): 1},
        f"warning: {type(error).__name__}: {error}\n",
    )


def test_a_container_that_fails_again_and_again_puts_nobody_off_not_even_itself(working: Run) -> None:
    loop = working(lambda what: failing(at("container a, label")) if "a" in what else Outcome([]))
    loop.containers = {"a": None}
    loop._work()
    make_due(loop)
    loop._work()
    assert planned(loop) == {("a",): 2}
    first = loop.retries["a",].at
    for _ in range(5):
        loop.containers = {"a": None}
        loop._work()
    assert loop.retries["a",].at == first


def test_a_new_failure_does_not_wait_for_the_pause_of_an_old_one(working: Run) -> None:
    loop = working(lambda what: failing(at(f"container {what[0]}")))
    loop.retries = {("a",): Retry(monotonic() + 60, 60)}
    loop._sync(("b",))
    assert planned(loop) == {("a",): 60, ("b",): 1}


def test_of_a_batch_each_container_is_tried_by_itself_and_the_good_ones_only_once(
    working: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    looked: list[What] = []

    def work(what: What) -> Outcome:
        looked.append(what)
        return failing(at("container b")) if "b" in what else Outcome([])

    loop = working(work)
    loop._sync(("a", "b", "c"))
    for _ in range(5):
        make_due(loop)
        loop._work()
    assert (sorted(looked[1:]), list(loop.retries)) == ([("a",), ("b",), ("b",), ("b",), ("c",)], [("b",)])
    assert capsys.readouterr().out == "warning: container b: no\n"


def test_what_is_nobodys_fault_is_tried_again_as_it_was(working: Run) -> None:
    loop = working(lambda what: failing(Error("gave up waiting")))
    loop._sync(("a", "b"))
    assert planned(loop) == {("a", "b"): 1}


def test_a_retry_comes_even_where_there_is_always_something_else_to_do(working: Run) -> None:
    looked: list[What] = []
    loop = working(lambda what: looked.append(what) or Outcome([]))  # type: ignore[func-returns-value]
    loop.retries, loop.containers = {("a",): Retry(monotonic() - 1)}, {"b": None}
    loop._work()
    assert (looked, loop.retries) == ([("b",), ("a",)], {})


def test_a_retry_that_is_planned_outlives_another_containers_success(working: Run) -> None:
    loop = working(lambda what: Outcome([], done=["restored b"]))
    loop.retries = {("a",): Retry(monotonic() + 1), EVERYTHING: Retry(monotonic() + 1)}
    loop._sync(("b",))
    assert list(loop.retries) == [("a",), EVERYTHING]


def test_a_full_sync_that_went_well_ends_the_retries(working: Run, capsys: pytest.CaptureFixture[str]) -> None:
    working(lambda what: failing(Error("no")))._sync(EVERYTHING)
    loop = working(lambda what: Outcome([]))
    loop.retries["a",] = Retry(monotonic() + 60, 60)
    loop.full = True
    loop._work()
    assert (loop.retries, loop.full) == ({}, False)
    assert capsys.readouterr().out.splitlines() == ["warning: no", "watching"]


def test_nothing_is_done_while_a_source_is_away(working: Run, capsys: pytest.CaptureFixture[str]) -> None:
    loop = working(lambda what: Outcome([]))
    note(loop, lost(DOCKER), Hint("Docker", container="a"))._work()
    assert (list(loop.containers), capsys.readouterr().out) == (
        ["a"],
        "warning: Docker is not there, trying again: the connection was closed\n",
    )


def test_that_ovn_has_not_installed_a_port_yet_is_told_where_a_retry_finds_it_so(
    working: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    loop = working(lambda what: failing(at(OVN, "not installed yet")))
    loop._sync(("a",))
    assert (planned(loop), capsys.readouterr().out) == ({("a",): 1}, "")
    for _ in range(2):
        make_due(loop)
        loop._work()
    assert capsys.readouterr().out == "warning: OVN: not installed yet\n"


def test_warnings_are_logged_once_and_also_those_of_a_sync_that_fails(
    working: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    def sync(what: What) -> Outcome:
        if what == EVERYTHING:
            return Outcome([], warnings=["port a stays"])
        raise SomeFailed([at("c", "no")], "no", [], warnings=["port a stays", "port b stays"])

    loop = working(sync)
    for what in (EVERYTHING, EVERYTHING, ("c",), EVERYTHING):
        loop._sync(what)
    said = [line for line in capsys.readouterr().out.splitlines() if "stays" in line]
    assert said == ["warning: port a stays", "warning: port b stays"]
