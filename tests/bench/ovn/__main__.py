"""``python -m tests.bench.ovn``: measure, print the table, fail when the target is missed.

Exit status: 0 the target is met, 1 it is missed or a command failed, 3 not on a private host.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench import neutral
from tests.bench.rounds import OURS
from tests.bench.timing import RunFailed, wall_ms
from tests.host import MARK, image, ovn

TARGET = 1.5
"""What a call may cost on a full northbound database, as a multiple of what it costs on an empty one."""

PLACE = ("br-int", neutral.INTERFACE, neutral.CONTAINER)
ADDRESS = ("--ipaddress=10.1.255.2/16", "--macaddress=02:00:00:00:01:03")
ADD = ("add-port", *PLACE, "--logical-switch=ls0", *ADDRESS)
HEADINGS = ("logical ports", "on switches", "ours without waiting, ms", "ratio", "ours, ms", "OVN's own part, ms")


@dataclass(frozen=True)
class Figures:
    """Medians in milliseconds: ours without waiting for anybody, the whole call, and what OVN needs by itself."""

    ports: int
    switches: int
    alone: float
    whole: float
    engine: float


def main() -> int:
    """Run the benchmark."""
    if MARK not in os.environ:
        print("The benchmark needs a private host: tox -e bench-ovn", file=sys.stderr)
        return 3
    parser = argparse.ArgumentParser(prog="tests.bench.ovn")
    parser.add_argument("--rounds", type=int, default=9, help="runs of each kind (default: 9)")
    parser.add_argument("--ports", type=int, default=10000, help="other logical ports (default: 10000)")
    asked = parser.parse_args()
    try:
        measured = [
            _measured(ports, switches, asked.rounds)
            for ports, switches in ((0, 1), (asked.ports, 100), (asked.ports, 1))
        ]
    except RunFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(_rendered(measured))
    return 0 if all(each.alone <= TARGET * measured[0].alone for each in measured) else 1


def _measured(ports: int, switches: int, rounds: int) -> Figures:
    print(f"{ports:,} logical ports on {switches} switches…", file=sys.stderr, flush=True)
    _begin()
    subprocess.run([sys.executable, "-m", "tests.bench.ovn.filler", str(ports), str(switches)], check=True)
    wait = rounds if switches > 1 or not ports else 0  # ten thousand ports of one switch keep OVN busy for a minute
    alone = _median([_timed(("--no-wait", *ADD)) for _ in range(rounds)])
    figures = Figures(
        ports, switches, alone, _median([_timed(ADD) for _ in range(wait)]), _median([_engine() for _ in range(wait)])
    )
    _end()
    return figures


def _begin() -> None:
    ovn.start_central()
    ovn.start_chassis("bench", "127.0.0.1")
    neutral.output("docker", "run", "--detach", f"--name={neutral.CONTAINER}", "--network=none", image.NAME)


def _end() -> None:
    neutral.output("docker", "rm", "--force", neutral.CONTAINER)
    ovn.stop_all()
    neutral.output("ovs-vsctl", "--if-exists", "del-br", "br-int")


def _timed(words: Sequence[str]) -> float:
    figure = wall_ms([OURS, *words])
    wall_ms([OURS, "del-port", *PLACE])
    _settle()
    return figure


def _engine() -> float:
    """Time OVN from the logical port to ovn-installed, for an interface that is there already."""
    wall_ms([OURS, "add-port", *PLACE, *ADDRESS])
    name, port = f"{neutral.CONTAINER}_{neutral.INTERFACE}", neutral.output("ovs-vsctl", "list-ports", "br-int")
    _settle()
    began = time.perf_counter()
    neutral.output("ovn-nbctl", "lsp-add", "ls0", name, "--", "lsp-set-addresses", name, "02:00:00:00:01:03 10.1.255.2")
    neutral.output("ovs-vsctl", "--timeout=60", "wait-until", "interface", port, "external_ids:ovn-installed=true")
    figure = (time.perf_counter() - began) * 1000
    wall_ms([OURS, "del-port", *PLACE])
    neutral.output("ovn-nbctl", "lsp-del", name)
    _settle()
    return figure


def _settle() -> None:
    neutral.output("ovn-nbctl", "--wait=sb", "sync")
    time.sleep(0.3)


def _median(times: list[float]) -> float:
    return statistics.median(times) if times else 0


def _rendered(measured: list[Figures]) -> str:
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(_cells(each, measured[0]) for each in measured)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(figures: Figures, empty: Figures) -> list[str]:
    ratio = figures.alone / empty.alone
    waited = [f"{figures.whole:.0f}", f"{figures.engine:.0f}"] if figures.whole else ["", ""]
    met = "" if figures is empty else f" (≤ {TARGET}: {'yes' if ratio <= TARGET else '**no**'})"
    return [f"{figures.ports:,}", f"{figures.switches}", f"{figures.alone:.0f}", f"{ratio:.2f}{met}", *waited]


if __name__ == "__main__":
    sys.exit(main())
