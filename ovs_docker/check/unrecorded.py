"""Host ends of ours whose port has no record, or that have no port: somebody removed it, or added it again without.

What has a record is judged in port.py.
"""

from __future__ import annotations

from ovs_docker.backends.kernel import dumps
from ovs_docker.check.finding import Checked, Finding
from ovs_docker.resolve import ports, survey
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


def portless(world: World) -> list[Checked]:
    """Return the interfaces of containers whose port is gone from the database."""
    return [
        Checked(
            f"host end {name} ({interface} of container {container})",
            {"bridge": None, "port": name},
            [Finding("port-gone", "it is in no port any more: was that removed with ovs-vsctl?", _AGAIN)],
        )
        for name, interface, container in survey.portless(world)
    ]


_AGAIN = "ovs-docker add-port attaches the interface again, ovs-docker sync --force deletes it"
