"""Work: what a verb that goes several times down the road has done so far. What there is to do is in verbs/sync.py."""

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
        """Do one kind of work; if it fails, the next is done all the same."""
        signals.release()
        signals.raise_pending()
        try:
            locks.release(self.world)
            work()
        except Error as error:
            self.fail(error)

    def fail(self, *errors: Error) -> None:
        """Collect errors; one that two kinds of work raise is reported once."""
        for error in errors:
            self._failures.setdefault((error.place, error.message), alone(error))

    def do(self, steps: Sequence[Step], lines: Sequence[str]) -> None:
        if steps:
            runner.run(steps, self.world)
            self.lines += lines

    def outcome(self) -> Outcome:
        """Return what was done; raise SomeFailed if something failed, or the error itself if nothing was done."""
        dry = self.world.settings.dry_run
        lines, failures = list(map(_would, self.lines)) if dry else self.lines, list(self._failures.values())
        data = [{"step" if dry else "done": line} for line in lines]
        if len(failures) == 1 and not data and not failures[0].place:
            raise failures[0]
        if failures:
            said = f"{len(failures)} thing{'s' if len(failures) > 1 else ''} could not be done"
            raise SomeFailed(failures, said, data, lines, self.warnings)
        return Outcome(data, lines, self.warnings, done=lines)


def _would(line: str) -> str:
    """Turn what was done into what would be: restored port … into would restore port …."""
    verb, _, rest = line.partition(" ")
    return f"would {_DOING.get(verb, verb)} {rest}"


_DOING = {
    "removed": "remove",
    "deleted": "delete",
    "restored": "restore",
    "repaired": "repair",
    "attached": "attach",
    "adopted": "adopt",
}
