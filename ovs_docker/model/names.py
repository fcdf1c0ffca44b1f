"""Names of host ends, their owners, sockets, and the default iface-id.

The keys in external_ids are in model/record.py.
"""

from collections.abc import Iterable, Iterator
from itertools import count

# The largest prime below 2**52: remainders fill 13 hex digits evenly.
_PRIME = (1 << 52) - 47

# The type of a vhost-user port, and its option (ovs-vswitchd.conf.db(5)). vswitchd is the client of the container's
# socket: then either may be restarted.
VHOST_USER, SOCKET = "dpdkvhostuserclient", "vhost-server-path"


def owner(container_id: str, interface: str) -> str:
    """Identify a container's port, for host_end() and locks; `container_id` is the full id."""
    return f"{container_id}/{interface}"


def host_end(owner: str, taken: Iterable[str] = ()) -> str:
    """Return the name of the host end of the veth pair, `[0-9a-f]{13}_l` like the old script's.

    It is derived from the owner, so that a pair left by a killed process can be attributed. `taken` are names to skip:
    the port that replaces a stale one gets another name, or vswitchd would briefly serve the new device by the old
    row. The digits are a remainder modulo a prime, which needs no import; the ids in owners are random already.
    """
    return next(name for name in host_ends(owner) if name not in taken)


def host_ends(owner: str) -> Iterator[str]:
    """Yield the possible names in order, endlessly."""
    for attempt in count():
        yield f"{int.from_bytes(f'{owner}/{attempt}'.encode(), 'big') % _PRIME:013x}_l"


def two_host_ends(owner: str) -> tuple[str, str]:
    """Return both names of an owner's host end: the replacement of a stale port takes the other one."""
    first = host_end(owner)
    return first, host_end(owner, (first,))


def link_groups(database: str) -> tuple[int, int]:
    """Return the link groups of the host ends that were made for a database, given by its Open_vSwitch row's id.

    So the kernel keeps which one records a pair. The second is for those that have been recorded there: a pair that
    still has the first is what a killed call left.
    """
    number = int(database[:7], 16)
    return 0x10000000 | number, 0x20000000 | number


def is_host_end(name: str) -> bool:
    """Tell whether a name has the form of host ends, the script's and ours."""
    return len(name) == 15 and name.endswith("_l") and all(letter in "0123456789abcdef" for letter in name[:13])


def vhost_user_socket(directory: str, interface: str) -> str:
    """Return the path of the socket that the container's DPDK creates, and vswitchd connects to."""
    return f"{directory}/{interface}.sock"


def iface_id(container_name: str, interface: str) -> str:
    return f"{container_name}_{interface}"
