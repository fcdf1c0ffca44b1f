"""Which Open vSwitch a call talks to: the database, and the namespace of its vswitchd."""

import os
from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.backends.vswitch import vswitchd

if TYPE_CHECKING:
    from ovs_docker.backends.kernel.netns import Netns
else:
    Netns = object  # strings cost a NamedTuple 0.1 ms each

_RUN = "/var/run/openvswitch"
# Signs of a host's own: run directory, database, package.
_SIGNS = (
    _RUN,
    "/etc/openvswitch/conf.db",
    "/usr/local/etc/openvswitch/conf.db",
    "/usr/sbin/ovs-vswitchd",
    "/usr/local/sbin/ovs-vswitchd",
)


class Switch(NamedTuple):
    """`target` is the database as connect() takes it, `said` as people know it.

    `netns` is vswitchd's network namespace, None if it is ours; `descriptor` the one in `target`, or -1; `container`
    the one in which it was found, if none was named; `here` whether it is known to be this host's: otherwise
    presence.py checks that before anything is changed.
    """

    target: str
    said: str
    netns: Netns | None = None
    descriptor: int = -1
    container: str = ""
    here: bool = False

    def close(self) -> None:
        if self.netns:
            self.netns.close()
        if self.descriptor >= 0:
            os.close(self.descriptor)


def located_at(target: str) -> Switch:
    """Return the Open vSwitch whose database is at this target."""
    method, _, path = target.partition(":")
    if method != "unix":
        return Switch(target, target)
    netns, here = vswitchd.netns_of(vswitchd.pids(os.path.dirname(path) or "."))
    return Switch(target, path, netns, here=here or path == f"{_RUN}/db.sock")


def default_target() -> str:
    """Return where ovs-vsctl looks too: db.sock in $OVS_RUNDIR, else in /var/run/openvswitch."""
    return f"unix:{os.environ.get('OVS_RUNDIR') or _RUN}/db.sock"


def is_here() -> bool:
    """Tell whether this host has an Open vSwitch of its own, running or not, or $OVS_RUNDIR names one."""
    return bool(os.environ.get("OVS_RUNDIR")) or any(map(os.path.exists, _SIGNS))
