"""What a test may leave behind, and how the private host gets rid of it.

Only for the private host: everything of these kinds goes, whoever made it.
"""

import json
import re
from pathlib import Path

from tests.host import services
from tests.integration import containers
from tests.integration.commands import ovs, run

VETH_END = re.compile(r"[0-9a-f]{13}_[lc]")


def remove() -> None:
    """Bring the daemons back, then remove containers, bridges, veth ends and namespace links."""
    for daemon in services.all_daemons():
        daemon.start()
    containers.remove_all()
    if bridges := ovs("list-br").split():
        ovs(*" -- ".join(f"--if-exists del-br {bridge}" for bridge in bridges).split(" "))
    for link in json.loads(run("ip", "-json", "link").out):
        if VETH_END.fullmatch(link["ifname"]):
            run("ip", "link", "delete", link["ifname"])
    for entry in Path("/run/netns").glob("*"):
        entry.unlink()
