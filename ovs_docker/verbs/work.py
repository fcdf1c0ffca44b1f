"""Work: what a verb that goes several times down the road has done so far. What there is to do, sync.py says."""

from collections.abc import Callable, Sequence

from ovs_docker import locks, signals
from ovs_docker.apply import runner
from ovs_docker.apply.runner import Step
from ovs_docker.errors import Error, alone
from ovs_docker.report.outcome import Outcome, SomeFailed
from ovs_docker.world import World


class Work:
    """What one sync has done."""

    def __init__(self, world: World, force: bool = False) -> None:
        self.world = world
        self.force = force
        self.lines: list[str] = []
        self.restored: set[str] = set()
        self.warnings: list[str] = []
        self._failures: dict[tuple[str, str], Error] = {}

    def stage(self, work: Callable[[], None]) -> None:
        """Do one kind of work; what goes wrong in it does not keep the next from being done."""
        signals.release()
        signals.raise_pending()
        try:
            locks.release(self.world)
            work()
        except Error as error:
            self.fail(error)

    def fail(self, *errors: Error) -> None:
        """Note errors, but not twice what is wrong with two kinds of work."""
        for error in errors:
            self._failures.setdefault((error.place, error.message), alone(error))

    def do(self, steps: Sequence[Step], lines: Sequence[str]) -> None:
        if steps:
            runner.run(steps, self.world)
            self.lines += lines

    def outcome(self) -> Outcome:
        """Tell what was done; raise SomeFailed with that and with what was not, or the one error if that is all."""
        data, failures = [{"done": line} for line in self.lines], list(self._failures.values())
        if len(failures) == 1 and not data and not failures[0].place:
            raise failures[0]
        if failures:
            said = f"{len(failures)} thing{'s' if len(failures) > 1 else ''} could not be done"
            raise SomeFailed(failures, said, data, self.lines)
        return Outcome(data, self.lines, self.warnings, done=self.lines)
