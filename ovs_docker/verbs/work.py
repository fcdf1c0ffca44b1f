"""Work: what a verb that goes several times down the road has done so far. What there is to do, sync.py says."""

from collections.abc import Sequence

from ovs_docker import apply
from ovs_docker.apply import Step
from ovs_docker.errors import Error, SomeFailed
from ovs_docker.outcome import Outcome
from ovs_docker.world import World


class Work:
    """What one sync has done or, on a dry run, would do."""

    def __init__(self, world: World, dry: bool) -> None:
        self.world = world
        self.dry = dry
        self.lines: list[str] = []
        self.failures: list[Error] = []

    def do(self, steps: Sequence[Step], lines: Sequence[str]) -> None:
        if steps and not self.dry:
            apply.run(steps, self.world)
        self.lines += lines if steps else ()

    def outcome(self, total: int) -> Outcome:
        data = [{"done": line} for line in self.lines]
        if self.failures:
            raise SomeFailed(self.failures, total, data, self.lines)
        return Outcome(data, self.lines, done=self.lines)
