"""sync with nothing to do at a thousand ports, memory at five thousand, and how soon a watch restores a port."""

import json
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass

from tests.bench.many import fleet
from tests.bench.many.bulk import parts_of
from tests.bench.neutral import output
from tests.bench.rounds import OURS
from tests.bench.timing import peak_mib, wall_ms


@dataclass(frozen=True)
class Resting:
    """sync with nothing to do: median milliseconds, and where they go."""

    ports: int
    ms: float
    parts: dict[str, int]


def resting(containers: int, interfaces: int, rounds: int) -> Resting:
    """Attach ``interfaces`` interfaces to each of ``containers`` containers; measure sync."""
    fleet.furnish(containers)
    for number in range(interfaces):
        words = ("add-ports", fleet.BRIDGE, f"eth{number}", *fleet.names(containers))
        output(OURS, *words, f"--ipaddress=10.{number}.0.1/16")
    ms = statistics.median(wall_ms([OURS, "sync"]) for _ in range(rounds))
    return Resting(containers * interfaces, ms, parts_of(["sync"]))


def peaks(containers: int) -> dict[str, float]:
    """Return the peak memory in MiB of each verb, on the database as it is."""
    place = (fleet.BRIDGE, "eth0")
    fleet.detach()
    calls = {
        "add-port": ["add-port", *place, "m0"],
        "list-ports": ["list-ports"],
        "del-port": ["del-port", *place, "m0"],
        "add-ports": ["add-ports", *place, *fleet.names(containers)],
        "sync": ["sync"],
        "del-ports --all": ["del-ports", fleet.BRIDGE, "--all"],
    }
    return {name: peak_mib([OURS, *words]) for name, words in calls.items()}


@dataclass(frozen=True)
class Restored:
    """Milliseconds from a container's start event to the line that its port is restored."""

    one: float
    many: float
    containers: int


class _Log:
    """The moments at which a watch said that it restored a port."""

    def __init__(self) -> None:
        words = [OURS, "--format=json", "watch"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.moments: list[float] = []
        self.ready = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            if "restored port" in json.loads(line)["message"]:
                self.moments.append(time.time())
            self.ready.set()

    def wait(self, count: int) -> None:
        deadline = time.monotonic() + 60
        while len(self.moments) < count and time.monotonic() < deadline:
            time.sleep(0.005)


def restored(containers: int, rounds: int) -> Restored:
    """Attach all, run a watch, restart one container again and again, then all together."""
    fleet.furnish(containers)
    output(OURS, "add-ports", fleet.BRIDGE, "eth0", *fleet.names(containers), "--ipaddress=10.1.0.1/16")
    log = _Log()
    log.ready.wait(30)
    single = [_restart(log, ["m0"]) for _ in range(rounds)]
    many = _restart(log, fleet.names(containers))
    log.process.terminate()
    log.process.wait()
    return Restored(statistics.median(single), many, containers)


def _restart(log: _Log, names: list[str]) -> float:
    """Kill and start; return the milliseconds from the last start event to the last line."""
    log.moments.clear()
    since = time.time()
    output("docker", "kill", *names)
    output("docker", "start", *names)
    log.wait(len(names))
    filters = ("--filter=event=start", f"--since={since:.3f}", f"--until={time.time():.3f}")
    events = output("docker", "events", *filters, "--format={{.TimeNano}}").split()
    return (log.moments[-1] - int(events[-1]) / 1e9) * 1000
