"""The host's rules for the driver's networks: masquerade, published ports, who reaches whom. All in chains of our own.

The filter's chain is reached from DOCKER-USER; without it (dockerd --iptables=false) from FORWARD. There the host's own
rules stand before ours and decide first, and so does every firewall beside iptables (the nftables tables of firewalld):
they have to let pass what is forwarded to and from the bridges, and new connections to published ports. No policy is
changed, and no foreign rule. INPUT is never filtered: containers reach the host's services if the host lets them.

Published ports answer on 127.0.0.1 but not on ::1: for IPv6 the kernel has no route_localnet. SCTP clients that name
several addresses get no answer where their own is translated. Two calls must not run at the same time, and there is one
set of rules on a host: a call names the networks of every driver there.
"""

from collections.abc import Sequence

from ovs_docker.driver.firewall import forwarding, iptables
from ovs_docker.driver.firewall.fenced import Fenced, Published, check, holder
from ovs_docker.driver.firewall.rules import Tables, compose
from ovs_docker.driver.firewall.saved import amiss, guarded_bridges, neighbours, read, restoring
from ovs_docker.errors import Error, KernelRefused

__all__ = ["Fenced", "Published", "holder", "missing", "program"]

_TOOL = {4: "iptables", 6: "ip6tables"}
_TRIES = 3


def program(networks: Sequence[Fenced]) -> None:
    """Make the rules be those of these networks and no others; raise BadValue, KernelRefused, TimedOut.

    Called again it puts back what was flushed; where nothing is amiss it only reads. An empty list removes everything.
    """
    check(networks)
    for version in _TOOL:
        _program(networks, version)
    forwarding.allow(networks)


def _program(networks: Sequence[Fenced], version: int) -> None:
    """Others may change rules between reading and writing: a jump that was to be removed is gone, then."""
    for attempt in range(_TRIES):
        tables, wanted = _look(networks, version)
        if not amiss(tables, wanted, version):
            return
        forwarding.forbid_loopback(guarded_bridges(tables) - guarded_bridges(wanted))
        try:
            return iptables.restore(version, restoring(tables, wanted, version))
        except KernelRefused:
            if attempt == _TRIES - 1:
                raise


def _look(networks: Sequence[Fenced], version: int) -> tuple[Tables, Tables]:
    """Return what is there and what should be: nothing where there is no ip6tables, or no IPv6, and none is needed."""
    try:
        tables = read(iptables.save(version))
    except KernelRefused:
        if any(network.has(version) for network in networks):
            raise
        return {}, {}
    return tables, compose(networks, neighbours(tables), version)


def missing(networks: Sequence[Fenced]) -> list[str]:
    """Say in sentences what these networks lack on this host."""
    try:
        check(networks)
        said = [f"{_TOOL[version]}: {what}" for version in _TOOL for what in amiss(*_look(networks, version), version)]
    except Error as error:
        return [error.message]
    return said + forwarding.missing(networks)
