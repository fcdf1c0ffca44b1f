"""The MTU that this host's tunnels leave of the underlay's. Reads only."""

from ovs_docker.backends.kernel import dumps
from ovs_docker.model.addresses import Address, parse_address
from ovs_docker.world import World

# Bytes that a tunnel adds to an IP packet: the inner Ethernet header, IPv4, UDP, and its own with what OVN puts there
# (ovn-architecture(7), Tunnel Encapsulations). IPv6 is 20 bytes longer.
_OVERHEAD = {"geneve": 14 + 20 + 8 + 16, "vxlan": 14 + 20 + 8 + 8, "stt": 14 + 20 + 20 + 18}
_LONGER_IPV6 = 20
_USUAL = 1500


def mtu(world: World) -> int | None:
    """Return the MTU in bytes of traffic through the tunnels; None if this host has none.

    A device that cannot be found (it may be in another namespace) is assumed to have an MTU of 1500 bytes.
    """
    kinds = world.chassis.encap_types.split(",")
    overhead = max(_OVERHEAD.get(kind.strip(), 0) for kind in kinds)
    try:
        ends = [parse_address(text.strip()) for text in world.chassis.encap_ips.split(",")]
    except ValueError:
        return None
    longer = {4: 0, 6: _LONGER_IPV6}
    return min(_underlay(world, end) - overhead - longer[end.version] for end in ends) if overhead else None


def _underlay(world: World, end: Address) -> int:
    rtnl = world.host.rtnl
    ifindex = dumps.holder_of(rtnl, end)
    link = dumps.link_of(rtnl, ifindex) if ifindex else None
    return link.mtu if link else _USUAL
