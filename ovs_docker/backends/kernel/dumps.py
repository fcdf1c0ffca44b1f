"""Reads links, addresses and routes. What a container may fill is filtered before decoding, and capped."""

import struct
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from socket import AF_INET, AF_INET6
from typing import Any, NamedTuple

from ovs_docker.backends.kernel.netlink import encode, family_of, load
from ovs_docker.backends.kernel.rtnl import Rtnl, unreadable
from ovs_docker.errors import KernelRefused
from ovs_docker.model.addresses import Address
from ovs_docker.model.port import DefaultRoute

_RTM_GETLINK, _RTM_GETADDR, _RTM_GETROUTE = 18, 22, 26
_IFF_UP = 1
_RT_TABLE_MAIN, _RTN_UNICAST, _SCOPE_LINK = 254, 1, 253
_I32, _U32 = struct.Struct("=i"), struct.Struct("=I")
_SHORTEST = 24  # bytes of a header and an ifaddrmsg; the others are longer
_RTA_OIF = struct.Struct("=HHI")  # length, type 4, the ifindex
_MANY = 1000
_DEFAULTS = {AF_INET: "0.0.0.0/0", AF_INET6: "::/0"}


def default_routes(rtnl: Rtnl, family: int) -> list[DefaultRoute]:
    """Return the default routes of table main in the socket's namespace, the ruling one first."""
    number = AF_INET if family == 4 else AF_INET6
    messages = _dump(rtnl, _RTM_GETROUTE, load().route, number, _is_default)
    gets = [message.get_attr for message in _few(messages, "default routes")]
    found = [DefaultRoute(get("RTA_GATEWAY") or "", get("RTA_OIF") or 0, get("RTA_PRIORITY") or 0) for get in gets]
    return sorted(found, key=lambda default: default.metric)


def routes(rtnl: Rtnl, only: AbstractSet[int]) -> dict[int, list[tuple[str, str]]]:
    """Return destination and next hop ("" without one) of the unicast routes of these links, by ifindex.

    Those of table main, of both families.
    """
    marks = [_RTA_OIF.pack(_RTA_OIF.size, 4, ifindex) for ifindex in only]

    def wanted(data: bytes) -> bool:  # rtmsg (rtnetlink(7))
        is_one = data[16] in _DEFAULTS and (data[20], data[23]) == (_RT_TABLE_MAIN, _RTN_UNICAST)
        return is_one and any(mark in data for mark in marks)

    found: dict[int, list[tuple[str, str]]] = {ifindex: [] for ifindex in only}
    for message in _few(_dump(rtnl, _RTM_GETROUTE, load().route, 0, wanted), "routes", len(only)):
        get = _attributes(message)
        if (device := get("RTA_OIF")) in found:
            to = f"{get('RTA_DST')}/{message['dst_len']}" if message["dst_len"] else ""
            found[device].append((to or _DEFAULTS[message["family"]], get("RTA_GATEWAY") or ""))
    return found


def _is_default(data: bytes) -> bool:
    """Tell by the fixed part of an rtmsg (rtnetlink(7)) whether it is about a default route of table main."""
    return (data[17], data[20], data[23]) == (0, _RT_TABLE_MAIN, _RTN_UNICAST)


class Link(NamedTuple):
    """A link; `mtu` in bytes, `tx_queue_len` in packets, `peer` the ifindex of its other end, if any."""

    ifindex: int
    up: bool
    mac: str
    mtu: int
    tx_queue_len: int
    peer: int | None
    group: int = 0


def links(rtnl: Rtnl, only: AbstractSet[int] | None = None) -> dict[str, Link]:
    """Return the links of the socket's namespace by name: all, or those with these ifindexes."""

    def wanted(data: bytes) -> bool:  # ifinfomsg (rtnetlink(7))
        return only is None or _I32.unpack_from(data, 20)[0] in only

    return dict(map(_link, _dump(rtnl, _RTM_GETLINK, load().link, 0, wanted)))


def link_of(rtnl: Rtnl, ifindex: int) -> Link | None:
    """Return one link of the socket's namespace."""
    try:
        found = rtnl.get(_RTM_GETLINK, encode(load().link, {"index": ifindex}))
    except OSError:
        return None
    if len(found) != 1:
        raise unreadable()
    return _link(_decoded(load().link, found[0]))[1]


def other_end(rtnl: Rtnl, end: Link) -> str:
    """Return the name of the link in the socket's namespace that is the other end of a veth pair, "" if none is."""
    there = links(rtnl, {end.peer} if end.peer else set())
    return next((name for name, link in there.items() if link.peer == end.ifindex), "")


def _link(message: Any) -> tuple[str, Link]:
    get = _attributes(message)
    return get("IFLA_IFNAME"), Link(
        message["index"],
        bool(message["flags"] & _IFF_UP),
        get("IFLA_ADDRESS") or "",
        get("IFLA_MTU") or 0,
        get("IFLA_TXQLEN") or 0,
        get("IFLA_LINK"),
        get("IFLA_GROUP") or 0,
    )


def addresses(rtnl: Rtnl, only: AbstractSet[int]) -> dict[int, list[str]]:
    """Return the addresses of these links with their prefix lengths, link-local ones left out, by ifindex."""

    def wanted(data: bytes) -> bool:  # ifaddrmsg (rtnetlink(7))
        return _U32.unpack_from(data, 20)[0] in only and data[19] != _SCOPE_LINK

    found: dict[int, list[str]] = {ifindex: [] for ifindex in only}
    for each in _few(_dump(rtnl, _RTM_GETADDR, load().address, 0, wanted), "addresses", len(only)):
        found[each["index"]].append(f"{_own_address(each)}/{each['prefixlen']}")
    return found


def addresses_of(rtnl: Rtnl, ifindex: int) -> list[str]:
    """Return those of one link."""
    return addresses(rtnl, {ifindex})[ifindex]


def holder_of(rtnl: Rtnl, address: Address) -> int | None:
    """Return the ifindex of the link that has an address, None if none has."""
    messages = _dump(rtnl, _RTM_GETADDR, load().address, family_of(address), lambda data: address.ip.packed in data)
    found = [message["index"] for message in messages if _own_address(message) == str(address.ip)]
    return int(found[0]) if found else None


def _own_address(message: Any) -> str:
    """Return the link's own address; on a point-to-point link IFA_ADDRESS is the peer's (rtnetlink(7))."""
    return message.get_attr("IFA_LOCAL") or message.get_attr("IFA_ADDRESS") or ""


def _dump(
    rtnl: Rtnl, kind: int, message_class: Any, family: int, wanted: Callable[[bytes], bool] = bool
) -> Iterator[Any]:
    """Ask for all of a kind; decode those whose bytes are `wanted`: decoding takes a hundred times as long as looking.

    A container that may change its own network can have hundreds of thousands.
    """
    for data in rtnl.dump(kind, _request(message_class, family)):
        if len(data) < _SHORTEST:
            raise unreadable()
        if wanted(data):
            yield _decoded(message_class, data)


@cache
def _request(message_class: Any, family: int) -> bytes:
    return encode(message_class, {"family": family})


def _decoded(message_class: Any, data: bytes) -> Any:
    message = message_class(data)
    try:
        message.decode()
    except Exception:  # whatever pyroute2 meets in bytes that are no message
        raise unreadable() from None
    return message


def _attributes(message: Any) -> Callable[[str], Any]:
    """Return what get_attr() is, without going through all of them each time; a value is decoded when asked for."""
    slots = {slot[0]: slot for slot in message["attrs"]}
    return lambda name: slots[name][1] if name in slots else None


def _few(messages: Iterator[Any], what: str, links: int = 1) -> Iterator[Any]:
    """Refuse what nobody has so many of on purpose."""
    for number, message in enumerate(messages):
        if number == _MANY * links:
            raise KernelRefused(f"there are more than {_MANY} {what} in the container")
        yield message
