"""IP and MAC addresses as values: parse, print, compare. What a port does with them is model.py's.

netaddr is loaded only where its arithmetic is needed (odd notations, hints): importing it costs
34 ms, half of what the old script takes for a whole add-port; inet_pton and integers do the rest.
"""

from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import NamedTuple


class Address(NamedTuple):
    """An IP address with its prefix length; `packed` is 4 or 16 bytes in network order."""

    packed: bytes
    prefix: int

    @property
    def family(self) -> int:
        """4 or 6."""
        return 4 if len(self.packed) == 4 else 6

    @property
    def bits(self) -> int:
        return len(self.packed) * 8

    @property
    def ip(self) -> str:
        return inet_ntop(AF_INET if len(self.packed) == 4 else AF_INET6, self.packed)

    @property
    def single(self) -> bool:
        """A /32 or /128: its network holds no other host, so a gateway is made on-link."""
        return self.prefix == self.bits

    def network(self) -> int:
        return int.from_bytes(self.packed, "big") >> (self.bits - self.prefix)

    def holds(self, packed: bytes) -> bool:
        """Tell whether the address's network holds `packed`."""
        return len(packed) == len(self.packed) and Address(packed, self.prefix).network() == self.network()

    def __str__(self) -> str:
        return f"{self.ip}/{self.prefix}"


def parse_ip(text: str) -> bytes:
    """Return the address's 4 or 16 bytes; raise ValueError with the reason."""
    try:
        return inet_pton(AF_INET6 if ":" in text else AF_INET, text)
    except (OSError, ValueError):
        raise ValueError("is not an IP address") from None


def parse_address(text: str) -> Address:
    """Read ADDRESS or ADDRESS/PREFIX; without a prefix /32 or /128, as `ip addr add` does.

    The prefix may be a dotted netmask (10.0.0.1/255.255.255.0), which the script passed on to ip(8).
    """
    ip, slash, length = text.partition("/")
    packed = parse_ip(ip)
    bits = len(packed) * 8
    return Address(packed, _prefix(length, bits) if slash else bits)


def _prefix(text: str, bits: int) -> int:
    if bits == 32 and "." in text:
        mask = int.from_bytes(parse_ip(text), "big")
        prefix = mask.bit_count()
        if mask != (1 << 32) - (1 << (32 - prefix)):
            raise ValueError("has a netmask with holes")
        return prefix
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) > bits:
        raise ValueError(f"needs a prefix length from 0 to {bits}")
    return int(text)


def parse_host(text: str) -> Address:
    """Like parse_address, for an address that an interface is to have."""
    address = parse_address(text)
    _usable(address.packed)
    return address


def parse_gateway(text: str) -> Address:
    """Read a next hop: an address without a prefix, kept as /32 or /128."""
    packed = parse_ip(text)
    _usable(packed)
    return Address(packed, len(packed) * 8)


def _usable(packed: bytes) -> None:
    if not any(packed):
        raise ValueError("is the unspecified address")
    if packed == b"\xff\xff\xff\xff":
        raise ValueError("is the broadcast address")
    if (packed[0] == 0xFF and len(packed) == 16) or (packed[0] >> 4 == 0xE and len(packed) == 4):
        raise ValueError("is a multicast address")


def is_link_local(packed: bytes) -> bool:
    """Tell whether `packed` is in fe80::/10, which every IPv6 interface reaches."""
    return len(packed) == 16 and packed[0] == 0xFE and packed[1] & 0xC0 == 0x80


def parse_network(text: str) -> Address:
    """Read a route's destination; its host bits must be zero, which the kernel demands."""
    network = parse_address(text)
    if int.from_bytes(network.packed, "big") & ((1 << (network.bits - network.prefix)) - 1):
        raise ValueError(f"has host bits set: its network is {_cidr(text)}")
    return network


def _cidr(text: str) -> str:
    from netaddr import IPNetwork

    return str(IPNetwork(text).cidr)


def span(address: Address) -> str:
    """Say which addresses a network holds, for a hint."""
    from netaddr import IPNetwork

    network = IPNetwork(str(address))
    return f"{network.cidr} holds {network.network} to {network[-1]}"


def parse_mac(text: str) -> str:
    """Return the MAC as xx:xx:xx:xx:xx:xx; netaddr reads the other notations in use."""
    parts = text.split(":")
    if len(parts) != 6 or not all(len(part) == 2 and _is_hex(part) for part in parts):
        parts = _eui48(text)
    first = int(parts[0], 16)
    if first & 1:
        raise ValueError("is a multicast (group) address; the first byte must be even")
    if all(int(part, 16) == 0 for part in parts):
        raise ValueError("is all zero")
    return ":".join(parts).lower()


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdefABCDEF" for letter in text)


def _eui48(text: str) -> list[str]:
    from netaddr import EUI, AddrFormatError, mac_unix_expanded

    try:
        if text.isascii():
            return str(EUI(text, version=48, dialect=mac_unix_expanded)).split(":")
    except (AddrFormatError, ValueError):
        pass
    raise ValueError("is not a MAC address like 02:00:00:00:01:03")


def random_mac(randomness: bytes) -> str:
    """Make a locally administered unicast MAC of six random bytes."""
    return bytes([randomness[0] & 0xFC | 0x02, *randomness[1:6]]).hex(":")
