"""Runs steps, and rolls them back on errors and signals. The steps are in the other modules here."""

from collections.abc import Sequence

from ovs_docker import signals
from ovs_docker.errors import Error, Interrupted, WorldChanged
from ovs_docker.world import World

_ROLLBACK_TIME = 10  # seconds; when a rollback starts, the call's time may be over


class Step:
    """A reversible action, which describe() puts in words."""

    interruptible = False
    """True if `do` only waits; otherwise signals are held back until `do` has returned."""

    def describe(self) -> list[str]:
        return []

    def do(self, world: World) -> None:
        raise NotImplementedError

    def undo(self, world: World) -> None:
        """Undo `do`, even if it failed half-way."""


def run(steps: Sequence[Step], world: World) -> None:
    """Do all steps, or undo them in reverse order and raise the first cause, with the failures in its `undo_errors`.

    Signals are handled before each step and while a step waits; one that comes after the last step is too late.
    On a dry run the steps are only described. The database of another host is refused.
    """
    if steps:
        world.check_here()
    if world.settings.dry_run:
        _describe(steps, world)
    else:
        _do_all(steps, world)


def _describe(steps: Sequence[Step], world: World) -> None:
    from ovs_docker import locks

    world.planned += [line for step in steps for line in step.describe()]
    locks.release(world)


def _do_all(steps: Sequence[Step], world: World) -> None:
    done: list[Step] = []
    signals.hold()
    try:
        for step in steps:
            signals.raise_pending()
            done.append(step)
            _do(step, world)
    except BaseException as cause:
        cause.undo_errors = _roll_back(done, world, cause)  # type: ignore[attr-defined]
        world.let_go()
        if not isinstance(cause, Interrupted):
            signals.release()
        raise


def _do(step: Step, world: World) -> None:
    for line in step.describe() if world.settings.verbose else ():
        world.say(line)
    if step.interruptible:
        with signals.let_through():
            step.do(world)
    else:
        step.do(world)


def _roll_back(done: list[Step], world: World, cause: BaseException) -> list[Error]:
    world.deadline.grant(_ROLLBACK_TIME)
    if not isinstance(cause, WorldChanged):  # the connection works
        world.renew_db()
    failures: list[Error] = []
    for step in reversed(done):
        try:
            step.undo(world)
        except Error as error:
            failures.append(_left(step, error))
        except Exception as error:  # a bug, or the system's: the other steps are still undone
            failures.append(_left(step, Error(f"{type(error).__name__}: {error}")))
    return failures


def _left(step: Step, error: Error) -> Error:
    """Say what a step may have left that could not be undone."""
    if lines := step.describe():
        more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
        error.said = f"{lines[0]}{more}: {error.said}"
    return error
