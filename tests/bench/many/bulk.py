"""add-ports and del-ports --all: ours, by hand, and the script in a loop, in turn on the same containers."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.many import fleet
from tests.bench.many.rivals import ADD_BY_HAND, ADD_IN_A_LOOP, DELETE_BY_HAND, DELETE_IN_A_LOOP, Command, shell
from tests.bench.rounds import OURS
from tests.bench.timing import peak_mib, wall_ms

Prepare = Callable[[], object]


@dataclass(frozen=True)
class Bulk:
    """Median milliseconds of one verb for ``ports`` ports; ``script`` 0 where it was not run; ``parts`` of ours."""

    verb: str
    ports: int
    ours: float
    floor: float
    script: float
    peak: float
    parts: dict[str, int]


def add_ports(count: int, rounds: int, loop: bool) -> Bulk:
    """Measure add-ports of ``count`` containers with address, MAC (a file gives it) and MTU."""
    fleet.furnish(count)
    words = ["add-ports", f"--file={_file(count)}"]
    rivals = shell(ADD_BY_HAND, count), shell(ADD_IN_A_LOOP, count) if loop else []
    return _measured("add-ports", count, words, rivals, fleet.detach, rounds)


def del_ports(count: int, rounds: int, loop: bool) -> Bulk:
    """Measure del-ports --all of ``count`` ports."""
    fleet.furnish(count)

    def attach() -> None:
        fleet.detach()
        subprocess.run([OURS, "add-ports", f"--file={_file(count)}"], check=True)

    rivals = shell(DELETE_BY_HAND, count), shell(DELETE_IN_A_LOOP, count) if loop else []
    return _measured("del-ports --all", count, ["del-ports", fleet.BRIDGE, "--all"], rivals, attach, rounds)


def _measured(
    verb: str, count: int, words: list[str], rivals: tuple[Command, Command], before: Prepare, rounds: int
) -> Bulk:
    floor, script = rivals
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    peak = _after(before, lambda: peak_mib([OURS, *words]))
    for _ in range(rounds):
        times["ours"].append(_after(before, lambda: wall_ms([OURS, *words])))
        times["floor"].append(_after(before, lambda: wall_ms(floor)))
    in_a_loop = _after(before, lambda: wall_ms(script)) if script else 0
    parts = min((_parts(before, words) for _ in range(rounds)), key=lambda each: sum(each.values()))
    fleet.detach()
    ours, by_hand = (statistics.median(times[name]) for name in ("ours", "floor"))
    return Bulk(verb, count, ours, by_hand, in_a_loop, peak, parts)


def _after(before: Prepare, measure: Callable[[], float]) -> float:
    before()
    return measure()


def _parts(before: Prepare, words: list[str]) -> dict[str, int]:
    before()
    return parts_of(words)


def parts_of(words: list[str]) -> dict[str, int]:
    """Return the milliseconds that each part of a call of ours took; raises CalledProcessError."""
    command = [sys.executable, "-m", "tests.bench.many.parts", *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stderr.splitlines()[-1]))


def _file(count: int) -> str:
    ports = [
        {
            "container": name,
            "ipaddress": f"10.1.{number // 250}.{number % 250 + 1}/16",
            "macaddress": f"02:00:00:00:{number // 250:02x}:{number % 250 + 1:02x}",
        }
        for number, name in enumerate(fleet.names(count))
    ]
    path = f"/run/tmp/ports{count}.json"
    with open(path, "w") as file:
        json.dump(
            {"defaults": {"bridge": fleet.BRIDGE, "interface": fleet.INTERFACE, "mtu": 1400}, "ports": ports}, file
        )
    return path
