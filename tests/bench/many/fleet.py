"""Containers m0, m1, … and the two bridges around the timed commands. Nothing in here is timed."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

from tests.bench.neutral import output
from tests.host import DATAPATH, image

BRIDGE, INTERFACE = "br-many", "eth0"


def names(count: int) -> list[str]:
    """Return the names of the first ``count`` containers."""
    return [f"m{number}" for number in range(count)]


def furnish(count: int) -> None:
    """Make the bridge, and start what is lacking of ``count`` containers, side by side."""
    output("ovs-vsctl", "--may-exist", "add-br", BRIDGE, "--", "set", "bridge", BRIDGE, f"datapath_type={DATAPATH}")
    there = set(output("docker", "ps", "--format={{.Names}}").split())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_start, (name for name in names(count) if name not in there)))


def _start(name: str) -> None:
    output("docker", "run", "--detach", f"--name={name}", "--network=none", image.NAME)


def detach() -> None:
    """Take everything off the bridge, whoever put it there."""
    ports = output("ovs-vsctl", "list-ports", BRIDGE).split()
    if ports:
        output("ovs-vsctl", *" -- ".join(f"del-port {port}" for port in ports).split())
    batch = "\n".join(f"link delete {port}" for port in ports)
    subprocess.run(["ip", "-force", "-batch", "-"], input=batch, check=False, capture_output=True, text=True)
