"""Runs steps; the one place that rolls back, on errors and on signals alike. What the steps are is steps/'s."""

from collections.abc import Sequence

from ovs_docker import signals
from ovs_docker.errors import Error, Interrupted, WorldChanged
from ovs_docker.world import World

# Rolling back has time of its own, in seconds: it runs exactly when the call's time may be over.
_ROLLBACK_TIME = 10


class Step:
    """A reversible sentence; what a step does not need it does not have."""

    interruptible = False
    """True where `do` only waits; elsewhere a signal is held back until `do` has ended."""

    def describe(self) -> list[str]:
        return []

    def do(self, world: World) -> None:
        raise NotImplementedError

    def undo(self, world: World) -> None:
        """Undo `do`, also where that failed half-way."""


def run(steps: Sequence[Step], world: World) -> None:
    """Do all steps, or undo in reverse what was done and raise the first cause.

    The cause's attribute `undo_errors` then lists what could not be undone. A signal is heeded
    before a step and where a step waits; one that comes after the last step comes too late.
    On a dry run the steps' sentences are kept and nothing is done. The database of another host is refused.
    """
    if steps:
        world.check_here()
    if world.settings.dry_run:
        from ovs_docker import locks

        world.planned += [line for step in steps for line in step.describe()]
        locks.release(world)
        return
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
    if not isinstance(cause, WorldChanged):  # which came over a connection that works
        world.renew_db()
    failures: list[Error] = []
    for step in reversed(done):
        try:
            step.undo(world)
        except Error as error:
            failures.append(error)
        except Exception as error:  # a bug, or the system's: the other steps are undone all the same
            failures.append(Error(f"{type(error).__name__}: {error}"))
    return failures
