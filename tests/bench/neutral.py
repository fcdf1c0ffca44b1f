"""State around the timed commands, made and removed by neither of the two that are compared.

Nothing in here is timed.
"""

import subprocess
import time

from tests.host import DATAPATH, image

BRIDGE, INTERFACE, CONTAINER = "br-bench", "eth0", "bench"
HOST_END = "0123456789abc_l"
VETH = ("type", "veth", "peer", "name", INTERFACE, "netns")


class NeverSettled(Exception):
    """Open vSwitch did not take a configuration over in time."""


def output(*command: str) -> str:
    """Return what ``command`` prints; raises CalledProcessError."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def furnish() -> None:
    """Make the bridge and the container that every round uses."""
    output("ovs-vsctl", "add-br", BRIDGE, "--", "set", "bridge", BRIDGE, f"datapath_type={DATAPATH}")
    output("docker", "run", "--detach", f"--name={CONTAINER}", "--network=none", image.NAME)


def attach() -> None:
    """Attach the container by hand, with the marks of the old script."""
    pid = output("docker", "inspect", "--format={{.State.Pid}}", CONTAINER)
    output("ip", "link", "add", HOST_END, *VETH, pid)
    output("ip", "link", "set", HOST_END, "up")
    marks = (f"external_ids:container_id={CONTAINER}", f"external_ids:container_iface={INTERFACE}")
    output("ovs-vsctl", "add-port", BRIDGE, HOST_END, "--", "set", "interface", HOST_END, *marks)


def detach() -> None:
    """Detach whatever is attached to the bridge, whoever did it."""
    for port in output("ovs-vsctl", "list-ports", BRIDGE).split():
        output("ovs-vsctl", "del-port", port)
        subprocess.run(["ip", "link", "delete", port], check=False, capture_output=True)


def settle(seconds: float = 300.0) -> None:
    """Wait until the switch has taken the whole database over; raises NeverSettled."""
    deadline = time.monotonic() + seconds
    while _behind():
        if time.monotonic() > deadline:
            raise NeverSettled
        time.sleep(0.2)


def _behind() -> bool:
    wanted, reached = output("ovs-vsctl", "get", "Open_vSwitch", ".", "next_cfg", "cur_cfg").split()
    return int(reached) < int(wanted)
