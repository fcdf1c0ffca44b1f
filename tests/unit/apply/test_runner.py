"""Running steps and rolling them back, on errors and on real signals."""

import signal
from time import monotonic

import pytest

from ovs_docker import signals
from ovs_docker.apply import runner
from ovs_docker.errors import Error, Interrupted, KernelRefused, TimedOut
from ovs_docker.world import Settings, World
from tests.unit.recorded import Recorded

pytestmark = pytest.mark.usefixtures("listening")


@pytest.fixture
def world() -> World:
    return World(Settings())


@pytest.fixture
def log() -> list[str]:
    return []


def failing(steps: list[Recorded], world: World) -> BaseException:
    with pytest.raises(BaseException) as raised:
        runner.run(steps, world)
    return raised.value


def undone(cause: BaseException) -> list[str]:
    return [str(error) for error in cause.undo_errors]  # type: ignore[attr-defined]


def test_steps_are_done_in_order(world: World, log: list[str]) -> None:
    runner.run([Recorded("a", log), Recorded("b", log)], world)
    assert log == ["do a", "done a", "do b", "done b"]


def test_a_failure_undoes_all_in_reverse_the_failing_step_too(world: World, log: list[str]) -> None:
    cause = KernelRefused("no")
    steps = [Recorded("a", log), Recorded("b", log), Recorded("c", log, fails=cause), Recorded("d", log)]
    raised = failing(steps, world)
    assert (raised, undone(raised), log) == (
        cause,
        [],
        ["do a", "done a", "do b", "done b", "do c", "undo c", "undo b", "undo a"],
    )


def test_an_undo_that_fails_is_collected_and_the_others_still_run(world: World, log: list[str]) -> None:
    steps = [
        Recorded("a", log, undo_fails=Error("a stays")),
        Recorded("b", log),
        Recorded("c", log, undo_fails=Error("c stays")),
        Recorded("d", log, fails=Error("first")),
    ]
    raised = failing(steps, world)
    assert (str(raised), undone(raised), log[-4:]) == (
        "first",
        ["sentence of c: c stays", "sentence of a: a stays"],
        ["undo d", "undo c", "undo b", "undo a"],
    )


def test_an_undo_that_fails_by_a_bug_or_the_system_stops_no_other_undo(world: World, log: list[str]) -> None:
    steps = [
        Recorded("a", log),
        Recorded("b", log, undo_fails=OSError(24, "Too many open files")),
        Recorded("c", log, undo_fails=KeyError("rows")),
        Recorded("d", log, fails=Error("first")),
    ]
    raised = failing(steps, world)
    assert (str(raised), len(undone(raised)), log[-4:]) == ("first", 2, ["undo d", "undo c", "undo b", "undo a"])


def test_a_bug_in_a_step_is_rolled_back_too(world: World, log: list[str]) -> None:
    raised = failing([Recorded("a", log), Recorded("b", log, fails=ZeroDivisionError())], world)
    assert (type(raised), log[-2:]) == (ZeroDivisionError, ["undo b", "undo a"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_during_a_step_is_held_back_until_its_end(number: int, world: World, log: list[str]) -> None:
    raised = failing([Recorded("a", log, signals=[number]), Recorded("b", log)], world)
    assert (type(raised), raised.args, log) == (Interrupted, (number,), ["do a", "done a", "undo a"])


def test_a_signal_interrupts_a_step_that_waits_at_once(world: World, log: list[str]) -> None:
    steps = [Recorded("a", log), Recorded("b", log, interruptible=True, signals=[signal.SIGTERM])]
    raised = failing(steps, world)
    assert (type(raised), log) == (Interrupted, ["do a", "done a", "do b", "undo b", "undo a"])


def test_signals_are_held_back_again_after_a_step_that_waits(world: World, log: list[str]) -> None:
    steps = [
        Recorded("a", log, interruptible=True),
        Recorded("b", log, signals=[signal.SIGINT]),
        Recorded("c", log),
    ]
    assert (type(failing(steps, world)), log) == (
        Interrupted,
        ["do a", "done a", "do b", "done b", "undo b", "undo a"],
    )


@pytest.mark.parametrize("waits", [False, True])
def test_a_second_signal_does_not_cut_into_the_rollback(waits: bool, world: World, log: list[str]) -> None:
    steps = [
        Recorded("a", log, undo_signals=[signal.SIGINT]),
        Recorded("b", log, interruptible=waits, signals=[signal.SIGTERM], undo_signals=[signal.SIGINT]),
        Recorded("c", log),
    ]
    raised = failing(steps, world)
    assert (raised.args, log[-2:]) == ((signal.SIGTERM,), ["undo b", "undo a"])


def test_a_signal_during_the_rollback_of_a_failure_changes_nothing(world: World, log: list[str]) -> None:
    cause = Error("first")
    steps = [Recorded("a", log, undo_signals=[signal.SIGINT]), Recorded("b", log, fails=cause)]
    assert (failing(steps, world), log[-2:]) == (cause, ["undo b", "undo a"])


def test_a_failure_beats_a_signal_that_came_during_the_same_step(world: World, log: list[str]) -> None:
    cause = Error("first")
    assert failing([Recorded("a", log, signals=[signal.SIGINT], fails=cause)], world) == cause


def test_a_signal_after_the_last_step_is_too_late(world: World, log: list[str]) -> None:
    runner.run([Recorded("a", log)], world)
    signal.raise_signal(signal.SIGTERM)
    assert log == ["do a", "done a"]


def test_a_signal_between_two_runs_keeps_the_second_from_starting(world: World, log: list[str]) -> None:
    """del-port waits for vswitchd in a second run; Ctrl-C must end that wait."""
    runner.run([Recorded("a", log)], world)
    signal.raise_signal(signal.SIGTERM)
    raised = failing([Recorded("b", log, interruptible=True)], world)
    assert (type(raised), log) == (Interrupted, ["do a", "done a"])


def test_after_a_failure_signals_interrupt_again(world: World, log: list[str]) -> None:
    failing([Recorded("a", log, fails=Error("no"))], world)
    with pytest.raises(Interrupted), signals.waiting():
        signal.raise_signal(signal.SIGTERM)


def test_the_rollback_has_time_of_its_own(log: list[str]) -> None:
    world = World(Settings(timeout=0.001))
    until = monotonic() + 0.002
    while monotonic() < until:
        pass
    with pytest.raises(TimedOut):
        world.deadline.left("anything")
    failing([Recorded("a", log, fails=Error("too late"))], world)
    assert 8 < (world.deadline.left("the rollback") or 0) <= 10


def test_under_verbose_each_step_is_said_before_it_is_done(log: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    failing([Recorded("a", log), Recorded("b", log, fails=Error("no"))], World(Settings(verbose=True)))
    assert capsys.readouterr() == ("", "ovs-docker: sentence of a\novs-docker: sentence of b\n")


def test_without_verbose_nothing_is_said(world: World, log: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    runner.run([Recorded("a", log)], world)
    assert capsys.readouterr() == ("", "")


def test_on_a_dry_run_steps_are_told_and_not_done(log: list[str]) -> None:
    world = World(Settings(dry_run=True))
    runner.run([Recorded("a", log), Recorded("b", log)], world)
    runner.run([Recorded("c", log)], world)
    assert (world.planned, log) == (["sentence of a", "sentence of b", "sentence of c"], [])


def test_an_ignored_signal_stays_ignored(world: World) -> None:
    """As under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signals.listen()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_a_signal_interrupts_a_wait_outside_of_steps_once() -> None:
    with pytest.raises(Interrupted) as raised, signals.waiting():
        signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)
    assert raised.value.signum == signal.SIGINT


def test_a_signal_at_another_time_interrupts_the_next_wait() -> None:
    signal.raise_signal(signal.SIGTERM)
    with pytest.raises(Interrupted) as raised, signals.waiting():
        pass
    assert raised.value.signum == signal.SIGTERM
