"""Two hosts on one underlay: the first has OVN's databases and ovn-northd, both have an ovn-controller.

Between them an Ethernet bridge, over it Geneve. What is attached to the logical network is the tests' business.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.host import ovn
from tests.host.second import SecondHost
from tests.integration.support import logical
from tests.integration.support.commands import OURS, Result, run
from tests.integration.support.processes import wait_until

UNDERLAY = "172.16.0.{}"
ROOT = str(Path(__file__).parents[3])
CHASSIS = """
import sys; sys.path.append({root!r})
from tests.host import ovn; ovn.start_chassis({name!r}, {ip!r}, {remote!r})
"""


class Host:
    """One of the two: how commands run there, and its number."""

    def __init__(self, number: int, words: Callable[..., tuple[str, ...]]) -> None:
        self.number = number
        self.ip = UNDERLAY.format(number)
        self._words = words

    def run(self, *command: str, check: bool = True, timeout: float = 90) -> Result:
        """Run a command there; a failure fails the test unless ``check`` is off."""
        return run(*self._words(*command), check=check, timeout=timeout)

    def ours(self, *words: str) -> Result:
        """Run ovs-docker there; it may fail."""
        return self.run(OURS, *words, check=False)

    def container(self, name: str) -> None:
        self.run("docker", "run", "--detach", f"--name={name}", "--network=none", "netsho")

    def inside(self, name: str, *command: str) -> Result:
        """Run a command in a container there."""
        return self.run("docker", "exec", name, *command, check=False)

    def join(self, device: str, datapath: str) -> None:
        """Put the underlay's device on a bridge of the same datapath as the tunnels', which has the host's address."""
        self.run("ip", "link", "set", device, "up")
        words = ("--", "set", "bridge", "br-ex", f"datapath_type={datapath}")
        self.run("ovs-vsctl", "add-br", "br-ex", *words, "--", "add-port", "br-ex", device)
        self.run("ip", "address", "add", f"{self.ip}/24", "dev", "br-ex")
        self.run("ip", "link", "set", "br-ex", "up")

    def start_chassis(self, remote: str) -> None:
        """Start ovn-controller there."""
        words = CHASSIS.format(root=ROOT, name=f"host{self.number}", ip=self.ip, remote=remote)
        self.run(sys.executable, "-c", words)


class Underlay:
    """The two hosts, joined."""

    def __init__(self, datapath: str) -> None:
        self._second = SecondHost()
        self.first, self.second = Host(1, lambda *command: command), Host(2, self._second.words)
        self._join(datapath)

    def _join(self, datapath: str) -> None:
        self.first.run("ip", "link", "add", "underlay", "type", "bridge")
        self.first.run("ip", "link", "set", "underlay", "up")
        for host in (self.first, self.second):
            end, device = f"underlay{host.number}", f"eth-ex{host.number}"
            self.first.run("ip", "link", "add", end, "type", "veth", "peer", "name", device)
            self.first.run("ip", "link", "set", end, "master", "underlay", "up")
            if host is self.second:
                self.first.run("ip", "link", "set", device, "netns", str(self._second.pid))
            host.join(device, datapath)

    def stop(self) -> None:
        self._second.stop()
        self.first.run("ovs-vsctl", "--if-exists", "del-br", "br-ex")
        self.first.run("ip", "link", "delete", "underlay")
        for end in ("underlay1", "underlay2"):
            subprocess.run(["ip", "link", "delete", end], check=False, capture_output=True)


class Pair(Underlay):
    """The two hosts, running OVN."""

    def __init__(self) -> None:
        super().__init__("netdev")
        first = self.first.ip
        ovn.start_central(f"ptcp:6642:{first}", northbound_remotes=(f"ptcp:6641:{first}",))
        for host in (self.first, self.second):
            host.start_chassis(f"tcp:{first}:6642")
        self.second.run("ovs-vsctl", "set", "Open_vSwitch", ".", f'external_ids:ovn-nb="tcp:{first}:6641"')
        self._await_tunnel()

    def _await_tunnel(self) -> None:
        for host in (self.first, self.second):
            wait_until(lambda host=host: "geneve" in host.run("ovs-vsctl", "show").out)  # type: ignore[misc]

    def stop(self) -> None:
        logical.stop()
        super().stop()
