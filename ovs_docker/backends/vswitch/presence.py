"""Checks that a database is this host's, if no control socket proves it: the bridges' devices have to be here.

A bridge's name is no proof, every host has a br-int; the device's index and MAC have to be those in the database.
"""

from time import monotonic, sleep

from ovs_docker.backends.kernel import nic
from ovs_docker.backends.kernel.host_side import HostSide
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, one
from ovs_docker.deadline import Deadline
from ovs_docker.errors import VswitchdElsewhere

_PAUSE = 0.1  # seconds
_LOCAL = 65534  # OFPP_LOCAL: the port of the bridge's own device


def await_devices(db: Ovsdb, host: HostSide, deadline: Deadline) -> None:
    """Wait for any bridge's device, for a database known to be this host's: its vswitchd may have just started.

    Raises VswitchdElsewhere a moment before the time is over.
    """
    left = deadline.left("ovs-vswitchd")
    until = None if left is None else monotonic() + left - 2 * _PAUSE
    while True:
        try:
            return check(db, host, known=True)
        except VswitchdElsewhere:
            if until is not None and monotonic() > until:
                raise
        sleep(_PAUSE)


def check(db: Ovsdb, host: HostSide, known: bool = False) -> None:
    """Raise VswitchdElsewhere for another host's database.

    For one `known` to be this host's, the device of any of its bridges is enough.
    """
    local = {"op": "select", "table": "Interface", "where": [["ofport", "==", _LOCAL]]}
    bridges, devices = db.rows(
        [
            {"op": "select", "table": "Bridge", "where": [], "columns": ["name"]},
            local | {"columns": ["name", "ifindex", "mac_in_use"]},
        ]
    )
    if known:
        bridges = devices  # vswitchd may have just started, without devices so far
    if bridges and not any(_is_here(host, row, known) for row in devices):
        names = ", ".join(sorted(row["name"] for row in bridges)[:3])
        raise VswitchdElsewhere(
            f"no bridge of this database has its device here ({names}): its ovs-vswitchd runs "
            "on another host or in a network namespace of its own, or does not run"
        )


def _is_here(host: HostSide, row: Row, known: bool) -> bool:
    index = host.index_of(row["name"])
    if index is None or known:
        return known and index is not None
    with host.entered():
        return (index, nic.mac_of(row["name"])) == (one(row["ifindex"]), one(row["mac_in_use"]))
