"""The names that others see: device names, external_ids keys, the default iface-id.

What is stored under them is record.py's.
"""

from collections.abc import Iterable
from itertools import count

# Interface.external_ids. The first two are the old script's; the next three are this trade's customs
# (Open vSwitch's IntegrationGuide has iface-id and attached-mac).
CONTAINER_ID = "container_id"
CONTAINER_IFACE = "container_iface"
IFACE_ID = "iface-id"
ATTACHED_MAC = "attached-mac"
OWNER = "owner"
FULL_ID = "ovs-docker-id"
NAME = "ovs-docker-name"
ADDRESSES = "ovs-docker-addresses"
GATEWAY = "ovs-docker-gateway"
ROUTES = "ovs-docker-routes"
MTU = "ovs-docker-mtu"
LOGICAL_SWITCH = "ovs-docker-logical-switch"
PORT_SECURITY = "ovs-docker-port-security"
DYNAMIC = "ovs-docker-dynamic"
ENGINE = "ovs-docker-engine"
"""Absent for Docker: the first records have none."""

RESERVED = frozenset(
    (
        *(CONTAINER_ID, CONTAINER_IFACE, IFACE_ID, ATTACHED_MAC, OWNER),
        *(FULL_ID, NAME, ADDRESSES, GATEWAY, ROUTES, MTU, ENGINE),
        *(LOGICAL_SWITCH, PORT_SECURITY, DYNAMIC),
    )
)
OURS = "ovs-docker"

# The largest prime below 2**52: remainders fill 13 hex digits evenly.
_PRIME = (1 << 52) - 47


def host_end(container_id: str, interface: str, taken: Iterable[str] = ()) -> str:
    """Return the name of the host's end of the veth pair, `[0-9a-f]{13}_l` as the old script's.

    It follows from the full container id and the interface, so that a pair left by a killed process
    is known to be ours and whose it is. `taken` holds names to step over: the port that replaces a
    stale one gets another name, or vswitchd would serve the new device by the old row for a moment.
    The digits are a remainder modulo a prime: a hash needs no import here, and container ids are random.
    """
    return next(name for name in host_ends(container_id, interface) if name not in taken)


def host_ends(container_id: str, interface: str) -> Iterable[str]:
    """Return the possible names in order, without end."""
    for attempt in count():
        text = f"{container_id}/{interface}/{attempt}"
        yield f"{int.from_bytes(text.encode(), 'big') % _PRIME:013x}_l"


def two_host_ends(container_id: str, interface: str) -> tuple[str, str]:
    """Return the names that an interface's host end may have: a stale port's replacement takes the other one."""
    first = host_end(container_id, interface)
    return first, host_end(container_id, interface, (first,))


def is_host_end(name: str) -> bool:
    """Tell whether the name has the form that the script and we give to host ends."""
    return len(name) == 15 and name.endswith("_l") and all(letter in "0123456789abcdef" for letter in name[:13])


def iface_id(container_name: str, interface: str) -> str:
    return f"{container_name}_{interface}"


HOST = "ovs-docker-host"
"""On a logical port: the chassis for whose container it was made, by its system-id."""


def logical_port_marks(container_id: str, interface: str) -> dict[str, str]:
    """Return what stands in external_ids of the logical port that we made for an interface."""
    return {OWNER: OURS, FULL_ID: container_id, CONTAINER_IFACE: interface}


def lock_name(container_id: str, interface: str) -> str:
    """Name the OVSDB lock (RFC 7047 section 4.1.8) that attaching this interface holds."""
    return "ovs_docker_" + host_end(container_id, interface)
