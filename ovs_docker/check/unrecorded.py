"""Ports whose device is a host end of ours and that have no record: somebody removed them and added them again.

What has a record is judged in port.py.
"""

from __future__ import annotations

from ovs_docker.backends.kernel import dumps
from ovs_docker.check.finding import Checked, Finding
from ovs_docker.resolve import ports
from ovs_docker.world import World


def look(world: World, bridge: str | None) -> list[Checked]:
    """Return what is wrong with such ports, all or those of a bridge."""
    rows = [row for row in ports.unrecorded(world.db) if not bridge or bridge in (row.bridge, row.parent)]
    links = dumps.links(world.host.rtnl) if rows else {}
    return [
        Checked(
            f"port {row.name} (bridge {row.bridge})",
            {"bridge": row.bridge, "port": row.name},
            [Finding("record-missing", _SAID, f"ovs-vsctl del-port {row.name}, then ovs-docker add-port")],
        )
        for row in rows
        if row.name in links and links[row.name].group in world.groups  # our mark, which the device keeps
    ]


_SAID = "its record is gone, so that nobody knows whose port it is: was it removed and added again?"
