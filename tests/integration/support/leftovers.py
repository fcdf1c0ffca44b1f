"""What a test may leave behind, and how the private host gets rid of it.

Only for the private host: everything of these kinds goes, whoever made it.
"""

import json
import re
from pathlib import Path

from tests.host import ovn, services
from tests.integration.support import containers
from tests.integration.support.commands import ovs, run

VETH_END = re.compile(r"[0-9a-f]{13}_[lc]")


def remove() -> None:
    """Bring the daemons back, then remove containers, bridges, veth ends and namespace links."""
    for daemon in services.all_daemons():
        daemon.start()
    containers.remove_all()
    removals = [f"del-br {bridge}" for bridge in ovs("list-br").split() if not _is_ovns(bridge)]
    removals += [f"del-port {port}" for port in _ovns_ports() if VETH_END.fullmatch(port)]
    if removals:
        ovs(*" -- ".join(f"--if-exists {removal}" for removal in removals).split(" "))
    for link in json.loads(run("ip", "-json", "link").out):
        if VETH_END.fullmatch(link["ifname"]):
            run("ip", "link", "delete", link["ifname"])
    for entry in Path("/run/netns").glob("*"):
        entry.unlink()


def _is_ovns(bridge: str) -> bool:
    """ovn-controller looks for a bridge that was taken away ever more rarely: it keeps its own while it runs."""
    return bridge == "br-int" and ovn.controller().pid is not None


def _ovns_ports() -> list[str]:
    return ovs("list-ports", "br-int").split() if ovn.controller().pid else []
