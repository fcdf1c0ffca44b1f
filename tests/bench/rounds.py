"""What is compared: each verb, ours and the script's in turn, on the same state.

How a process is timed is in timing.py, what the figures are held against in table.py.
"""

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import neutral
from tests.bench.timing import peak_mib, wall_ms

OURS = str(Path(sys.executable).parent / "ovs-docker")
SCRIPT = "/usr/bin/ovs-docker"
PLACE = (neutral.BRIDGE, neutral.INTERFACE, neutral.CONTAINER)


def nothing() -> None:
    """Leave the state as it is."""


@dataclass(frozen=True)
class Verb:
    """A command, the state that it starts from, and how to get back; neither of the two is timed."""

    name: str
    words: tuple[str, ...]
    before: Callable[[], None]
    after: Callable[[], None]


ADDRESS = ("--ipaddress=10.244.1.3/16", "--macaddress=02:00:00:00:01:03")

VERBS = (
    Verb("add-port", ("add-port", *PLACE, *ADDRESS), nothing, neutral.detach),
    Verb("del-port", ("del-port", *PLACE), neutral.attach, neutral.detach),
    Verb("set-vlan", ("set-vlan", *PLACE, "5"), neutral.attach, neutral.detach),
    Verb("--help", ("--help",), nothing, nothing),
)


@dataclass(frozen=True)
class Figures:
    """What a verb took with that many other ports in the database: milliseconds pair by pair, and ours' peak in MiB."""

    verb: str
    ports: int
    script: list[float]
    ours: list[float]
    peak: float

    @property
    def ratio(self) -> float:
        """Return the median of the ratios ours : script of the pairs."""
        return statistics.median(ours / script for ours, script in zip(self.ours, self.script, strict=True))


def compare(verb: Verb, ports: int, pairs: int) -> Figures:
    """Run ``verb`` ``pairs`` times with each program, which of them begins changing from pair to pair."""
    times: dict[str, list[float]] = {SCRIPT: [], OURS: []}
    _measured(wall_ms, SCRIPT, verb)  # warms the page cache, counts for nothing; for ours, peak_mib does
    peak = _measured(peak_mib, OURS, verb)
    for pair in range(pairs):
        for program in (SCRIPT, OURS) if pair % 2 == 0 else (OURS, SCRIPT):
            times[program].append(_measured(wall_ms, program, verb))
    return Figures(verb.name, ports, times[SCRIPT], times[OURS], peak)


def _measured(measure: Callable[[Sequence[str]], float], program: str, verb: Verb) -> float:
    verb.before()
    figure = measure([program, *verb.words])
    verb.after()
    return figure
