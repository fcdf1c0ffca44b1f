"""docker-ovs-plugin's own words: --gateway, --bridge-subnet, --bridge-name make the network ovs once Docker answers."""

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any, NamedTuple

from ovs_docker.errors import BadValue
from ovs_docker.model.addresses import parse_gateway, parse_network
from ovs_docker.world import World

NAME, SUBNET, BRIDGE = "ovs", "172.18.40.0/24", "ovsbr-docker0"


class FirstNetwork(NamedTuple):
    """The network that is made if there is none of that name."""

    subnet: str = SUBNET
    gateway: str = ""
    bridge: str = BRIDGE

    def body(self, driver: str) -> dict[str, Any]:
        """Compose what POST /networks/create of Docker's API takes."""
        gateway = self.gateway or str(ip_network(self.subnet)[1])
        ipam = {"Driver": "default", "Config": [{"Subnet": self.subnet, "Gateway": gateway}]}
        options = {"ovs.bridge": self.bridge}
        return {"Name": NAME, "CheckDuplicate": True, "Driver": driver, "IPAM": ipam, "Options": options}


def first_network(subnet: str, gateway: str, bridge: str) -> FirstNetwork | None:
    """Read the words; None where none was given. Raise BadValue."""
    if not (subnet or gateway or bridge):
        return None
    readers: dict[str, Callable[[str], object]] = {"bridge-subnet": parse_network, "gateway": parse_gateway}
    for option, value in (("bridge-subnet", subnet), ("gateway", gateway)):
        try:
            _ = readers[option](value) if value else None
        except ValueError as error:
            raise BadValue(str(error), option=option, value=value) from None
    return FirstNetwork(subnet or SUBNET, gateway, bridge or BRIDGE)


def make(world: World, driver: str, wish: FirstNetwork) -> bool:
    """Have Docker make the network, unless it has one of that name; tell whether it did."""
    return world.docker.make_network(wish.body(driver))
