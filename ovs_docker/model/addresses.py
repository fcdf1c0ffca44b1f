"""Parses IP and MAC addresses; errors give the reason. The values are the standard library's.

ipaddress costs 1.2 ms to import. netaddr, 34 ms, would also read 02:00:00 as a MAC address.
"""

import ipaddress
from ipaddress import ip_address, ip_interface, ip_network

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Address = ipaddress.IPv4Interface | ipaddress.IPv6Interface  # with its prefix length
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_HEX = frozenset("0123456789abcdefABCDEF")


def parse_ip(text: str) -> Ip:
    """Read an IP address without a prefix or zone."""
    try:
        if "%" not in text:
            return ip_address(text)
    except ValueError:
        pass
    raise ValueError("is not an IP address")


def parse_address(text: str) -> Address:
    """Read ADDRESS or ADDRESS/PREFIX; without a prefix /32 or /128, as `ip addr add` does.

    The prefix may be a dotted netmask (10.0.0.1/255.255.255.0), which the script passed to ip(8).
    """
    ip, slash, length = text.partition("/")
    host = parse_ip(ip)
    return ip_interface((host, _prefix(length, host.max_prefixlen) if slash else host.max_prefixlen))


def _prefix(text: str, bits: int) -> int:
    if bits == 32 and "." in text:
        mask = int(parse_ip(text))
        prefix = mask.bit_count()
        if mask != (1 << 32) - (1 << (32 - prefix)):
            raise ValueError("has a netmask with holes")
        return prefix
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) > bits:
        raise ValueError(f"needs a prefix length from 0 to {bits}")
    return int(text)


def parse_host(text: str) -> Address:
    """Read the address of an interface, like parse_address; the script's callers give network addresses, too."""
    address = parse_address(text)
    _check_usable(address.ip)
    network = address.network
    if network.version == 4 and network.prefixlen < 31 and address.ip == network.broadcast_address:
        raise ValueError(f"is the broadcast address of {network}")
    return address


def parse_gateway(text: str) -> Ip:
    """Read a next hop: an address without a prefix."""
    ip = parse_ip(text)
    _check_usable(ip)
    return ip


def _check_usable(ip: Ip) -> None:
    if ip.is_unspecified:
        raise ValueError("is the unspecified address")
    if ip.packed == b"\xff\xff\xff\xff":
        raise ValueError("is the broadcast address")
    if ip.is_multicast:
        raise ValueError("is a multicast address")
    if ip.version == 4 and ip.is_loopback:
        raise ValueError("is a loopback address")


def is_link_local(ip: Ip) -> bool:
    """Tell whether an address is in fe80::/10, which every IPv6 interface reaches."""
    return ip.version == 6 and ip.is_link_local


def is_single(address: Address) -> bool:
    """Tell whether it is a /32 or /128: its network has no other host, so gateways are on-link."""
    return address.network.num_addresses == 1


def parse_network(text: str) -> Network:
    """Read a route's destination; the kernel requires its host bits to be zero."""
    address = parse_address(text)
    if address.network.network_address != address.ip:
        raise ValueError(f"has host bits set: its network is {address.network}")
    return address.network


def default_route(version: int) -> Network:
    return ip_network("0.0.0.0/0" if version == 4 else "::/0")


def span(address: Address) -> str:
    """Describe a network's range, for a hint."""
    return f"{address.network} holds {address.network[0]} to {address.network[-1]}"


_MAC_FORMS = ((":", 6, (1, 2)), ("-", 6, (1, 2)), (".", 3, (4,)), ("", 1, (12,)))
"""Separator, number of groups and digits per group: 02:00:00:00:01:03, 02-00-…, 0200.0000.0103, 020000000103."""


def parse_mac(text: str) -> str:
    """Return the MAC as xx:xx:xx:xx:xx:xx; other notations have six octets or twelve digits as well."""
    mac = bytes.fromhex(_mac_digits(text))
    if mac[0] & 1:
        raise ValueError("is a multicast (group) address; the first byte must be even")
    if not any(mac):
        raise ValueError("is all zero")
    return mac.hex(":")


def _mac_digits(text: str) -> str:
    for separator, count, lengths in _MAC_FORMS:
        groups = text.split(separator) if separator else [text]
        if len(groups) == count and all(len(group) in lengths and _HEX.issuperset(group) for group in groups):
            return "".join(group.zfill(max(lengths)) for group in groups)
    raise ValueError("is not a MAC address like 02:00:00:00:01:03")


def random_mac(randomness: bytes) -> str:
    """Make a locally administered unicast MAC of six random bytes."""
    return bytes([randomness[0] & 0xFC | 0x02, *randomness[1:6]]).hex(":")
