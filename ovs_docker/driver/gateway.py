"""The gateway of a network on its device: its addresses, up and down. Which device that is, networks.py decides."""

import ipaddress
from collections.abc import Sequence

from ovs_docker.backends.kernel import dumps, netlink, nic
from ovs_docker.backends.kernel.host_side import HostSide
from ovs_docker.errors import KernelRefused
from ovs_docker.model.network import Network


def bring_up(host: HostSide, network: Network, uplinks: Sequence[str] = ()) -> list[str]:
    """Bring the network's devices up; give the gateway's device the addresses that it lacks, and say which."""
    for name in dict.fromkeys((network.bridge, *uplinks)):
        if index := host.index_of(name):
            netlink.configure(host.rtnl, index)
    return _address(host, network) if network.device else []


def _address(host: HostSide, network: Network) -> list[str]:
    index = host.index_of(network.device)
    if index is None:
        raise KernelRefused(f"device {network.device} is not there", "does ovs-vswitchd run?")
    wanted = [subnet.gateway for subnet in network.subnets if subnet.gateway]
    if any(ipaddress.ip_interface(address).version == 6 for address in wanted):
        with host.entered():
            nic.enable_ipv6(network.device)
    netlink.configure(host.rtnl, index)
    there = set(dumps.addresses_of(host.rtnl, index))
    lacking = [address for address in wanted if address not in there]
    for address in lacking:
        netlink.add_address(host.rtnl, index, ipaddress.ip_interface(address))
    return [f"put {address} back on {network.device}" for address in lacking]


def lacks(host: HostSide, network: Network) -> list[str]:
    """Return the gateway's addresses that are not there."""
    index = host.index_of(network.device) if network.device else None
    there = dumps.addresses_of(host.rtnl, index) if index else []
    return [
        subnet.gateway
        for subnet in network.subnets
        if network.device and subnet.gateway and subnet.gateway not in there
    ]


def take_down(host: HostSide, network: Network) -> None:
    """Take the gateway's addresses off a device that outlives its network; others go with their addresses."""
    index = host.index_of(network.device) if network.device else None
    if not index:
        return
    there = dumps.addresses_of(host.rtnl, index)
    for subnet in network.subnets:
        if subnet.gateway in there:
            netlink.delete_address(host.rtnl, index, ipaddress.ip_interface(subnet.gateway))
