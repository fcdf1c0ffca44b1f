"""What is wrong with a vhost-user port: its socket, and whether vswitchd is connected to it. Others are in port.py."""

from __future__ import annotations

import os
from collections.abc import Iterator
from stat import S_ISSOCK

from ovs_docker.check.finding import Finding
from ovs_docker.model.port import PortRow


def is_there(socket: str) -> bool:
    """Tell whether there is a socket of this path itself: a symbolic link could lead to any socket of the host."""
    try:
        return S_ISSOCK(os.lstat(socket).st_mode) and os.path.realpath(socket) == socket
    except (OSError, ValueError):  # anybody may write into a record
        return False


def findings(row: PortRow, there: bool) -> Iterator[Finding]:
    """Return what is wrong with a port whose socket is, or is not, `there`; not what vswitchd itself says of it."""
    if not row.has_socket:
        said = f"ovs-vswitchd was told another socket or type; recorded is {row.socket}"
        yield Finding("socket-differs", said, "ovs-docker sync makes it as recorded")
    elif not there:
        name = row.socket.rpartition("/")[2]
        hint = f"its DPDK application creates it, e.g. by --vdev=net_virtio_user0,path=…/{name},server=1"
        yield Finding("no-socket", f"there is no socket {row.socket}", hint)
    elif row.works and row.rows[0].get("link_state") != "up":
        said = f"ovs-vswitchd is not connected to {row.socket}"
        hint = "the DPDK application must run, with memory that can be shared; ovs-vswitchd's log says more"
        yield Finding("socket-not-connected", said, hint)
