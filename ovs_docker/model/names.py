"""The names that others see: host ends, locks, the default iface-id. What stands in external_ids is record.py's."""

from collections.abc import Iterable, Iterator
from itertools import count

# The largest prime below 2**52: remainders fill 13 hex digits evenly.
_PRIME = (1 << 52) - 47


def owner(container_id: str, interface: str) -> str:
    """Say whose a container's port is, as host_end() and locks have it: `container_id` is the full one."""
    return f"{container_id}/{interface}"


def host_end(owner: str, taken: Iterable[str] = ()) -> str:
    """Return the name of the host's end of the veth pair, `[0-9a-f]{13}_l` as the old script's.

    It follows from the owner, so that a pair left by a killed process is known to be ours and whose it
    is. `taken` holds names to step over: the port that replaces a stale one gets another name, or
    vswitchd would serve the new device by the old row for a moment. The digits are a remainder modulo
    a prime: a hash needs no import here, and the ids of which owners are made are random.
    """
    return next(name for name in host_ends(owner) if name not in taken)


def host_ends(owner: str) -> Iterator[str]:
    """Return the possible names in order, without end."""
    for attempt in count():
        yield f"{int.from_bytes(f'{owner}/{attempt}'.encode(), 'big') % _PRIME:013x}_l"


def two_host_ends(owner: str) -> tuple[str, str]:
    """Return the names that an owner's host end may have: a stale port's replacement takes the other one."""
    first = host_end(owner)
    return first, host_end(owner, (first,))


def link_group(database: str) -> int:
    """Return the link group of the host ends that were made for a database, given by its Open_vSwitch row's id.

    So the kernel keeps which one has recorded a pair; an alias would take a second request.
    """
    return 0x10000000 | int(database[:7], 16)


def is_host_end(name: str) -> bool:
    """Tell whether the name has the form that the script and we give to host ends."""
    return len(name) == 15 and name.endswith("_l") and all(letter in "0123456789abcdef" for letter in name[:13])


def iface_id(container_name: str, interface: str) -> str:
    return f"{container_name}_{interface}"
