"""Links, addresses and routes, as pyroute2's message classes on our own socket (rtnl.py).

The classes are loaded without pyroute2's package module: that one imports asyncio and everything
else the library has, 130 ms, twice the old script's whole run; the classes need 15 to 20 ms.
"""

import struct
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import PathFinder
from socket import AF_INET, AF_INET6
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from ovs_docker.backends.kernel.rtnl import NLM_F_CREATE, NLM_F_EXCL, Rtnl, refused, unreadable
from ovs_docker.errors import InterfaceExists, KernelRefused
from ovs_docker.model.addresses import Address, Ip, Network
from ovs_docker.model.port import DefaultRoute

if TYPE_CHECKING:
    from ovs_docker.model.wire import Pair
else:
    Pair = object  # strings cost a NamedTuple 0.1 ms each

_RTM_NEWLINK, _RTM_GETLINK, _RTM_NEWADDR, _RTM_GETADDR, _RTM_NEWROUTE, _RTM_GETROUTE = 16, 18, 20, 22, 24, 26
_IFF_UP = 1
_IFA_F_NODAD = 0x02
_EEXIST = 17
_SHORTEST = 24  # bytes of a header and an ifaddrmsg; the others are longer
_RT_TABLE_MAIN, _RTPROT_BOOT, _RTN_UNICAST, _RTNH_F_ONLINK = 254, 3, 1, 4
_U32 = struct.Struct("=I")
# Length and type of IFLA_AF_SPEC, in it AF_INET, in it IFLA_INET_CONF, in it IPV4_DEVCONF_ARP_NOTIFY
_IN_ARP_NOTIFY = struct.pack("=8H", 20, 26, 16, 2, 12, 1, 8, 22)
_SCOPE_UNIVERSE, _SCOPE_LINK = 0, 253
_MANY = 1000


class Messages(NamedTuple):
    """pyroute2's classes for the three kinds of messages used here."""

    link: Any
    address: Any
    route: Any


_loaded: list[Messages] = []


def load() -> Messages:
    """Load the message classes; called early, while Docker thinks."""
    if not _loaded:
        bare = {} if "pyroute2" in sys.modules else {"pyroute2": _bare_package("pyroute2"), "pyroute2.config": _CONFIG}
        sys.modules.update(bare)
        try:
            from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
            from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg
            from pyroute2.netlink.rtnl.rtmsg import rtmsg
        finally:
            for name in bare:
                del sys.modules[name]  # a later `import pyroute2` is the real one
        _loaded.append(Messages(ifinfmsg, ifaddrmsg, rtmsg))
    return _loaded[0]


# All that the classes ask of pyroute2.config, which loads platform and multiprocessing, 3 ms, for the rest of it.
_CONFIG = ModuleType("pyroute2.config")
_CONFIG.__dict__.update(AF_BRIDGE=7, data_plugins_pkgs=[], data_plugins_path=[])


def _bare_package(name: str) -> ModuleType:
    """Make a module through which the package's submodules are found, without running its __init__."""
    spec = PathFinder.find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError(f"No module named {name!r}", name=name)
    package = ModuleType(name)
    package.__path__ = spec.submodule_search_locations
    package.__dict__["config"] = _CONFIG
    return package


def make_veth(rtnl: Rtnl, pair: Pair, group: int) -> None:
    """Make both ends in one request, each in its place with its name, MAC and MTU; the host end is up, in `group`."""
    mtu: list[tuple[str, Any]] = [("IFLA_MTU", pair.mtu)] if pair.mtu else []
    peer = [
        ("IFLA_IFNAME", pair.other_end),
        ("IFLA_ADDRESS", pair.mac),
        *([("IFLA_NET_NS_FD", pair.netns.fd)] if pair.netns else []),
        *mtu,
        *([("IFLA_TXQLEN", pair.tx_queue_len)] if pair.tx_queue_len else []),
    ]
    data = {"attrs": [("VETH_INFO_PEER", {"attrs": peer})]}
    info = {"attrs": [("IFLA_INFO_KIND", "veth"), ("IFLA_INFO_DATA", data)]}
    attrs = [("IFLA_IFNAME", pair.host_end), ("IFLA_GROUP", group), *mtu, ("IFLA_LINKINFO", info)]
    payload = _encode(load().link, {"flags": _IFF_UP, "change": _IFF_UP, "attrs": attrs})
    try:
        rtnl.request(_RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, payload)
    except OSError as error:
        if error.errno == _EEXIST:
            raise InterfaceExists(pair.other_end, pair.netns.name if pair.netns else None) from None
        of = f" of {pair.netns.name}" if pair.netns else ""
        raise refused(f"make the veth pair {pair.host_end} - {pair.other_end}{of}", error) from None


def set_up(rtnl: Rtnl, ifindex: int) -> None:
    try:
        rtnl.request(_RTM_NEWLINK, 0, _encode(load().link, {"index": ifindex, "flags": _IFF_UP, "change": _IFF_UP}))
    except OSError as error:
        raise refused("bring up the container's interface", error) from None


def set_mac(rtnl: Rtnl, ifindex: int, mac: str) -> None:
    try:
        rtnl.request(_RTM_NEWLINK, 0, _encode(load().link, {"index": ifindex, "attrs": [("IFLA_ADDRESS", mac)]}))
    except OSError as error:
        raise refused(f"set MAC {mac}", error) from None


def set_arp_notify(rtnl: Rtnl, ifindex: int, value: int) -> None:
    """Set what /proc/sys/net/ipv4/conf/INTERFACE/arp_notify is."""
    try:
        rtnl.request(_RTM_NEWLINK, 0, _encode(load().link, {"index": ifindex}) + _IN_ARP_NOTIFY + _U32.pack(value))
    except OSError as error:
        raise refused("announce the container's addresses", error) from None


def add_address(rtnl: Rtnl, ifindex: int, address: Address) -> None:
    """Add an address as `ip addr add` does: no broadcast address; IPv6 without duplicate detection.

    The administrator chose the address, and while detection runs (1 to 2 s) it could not be announced.
    """
    fields = {
        "family": _family(address),
        "prefixlen": address.network.prefixlen,
        "index": ifindex,
        "flags": _IFA_F_NODAD if address.version == 6 else 0,
        "attrs": [("IFA_LOCAL", str(address.ip)), ("IFA_ADDRESS", str(address.ip))],
    }
    try:
        rtnl.request(_RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, _encode(load().address, fields))
    except OSError as error:
        raise KernelRefused(f"the kernel refused it: {error.strerror}") from None


def add_route(
    rtnl: Rtnl, ifindex: int, destination: Network, via: Ip | None, onlink: bool = False, metric: int = 0
) -> None:
    """Add a route as `ip route add` does (protocol boot, table main); `metric` 0 leaves it to the kernel."""
    attrs: list[tuple[str, Any]] = [("RTA_OIF", ifindex)]
    if destination.prefixlen:
        attrs.append(("RTA_DST", str(destination.network_address)))
    if via:
        attrs.append(("RTA_GATEWAY", str(via)))
    if metric:
        attrs.append(("RTA_PRIORITY", metric))
    fields = {
        "family": _family(destination),
        "dst_len": destination.prefixlen,
        "table": _RT_TABLE_MAIN,
        "proto": _RTPROT_BOOT,
        "scope": _SCOPE_UNIVERSE if via or destination.version == 6 else _SCOPE_LINK,
        "type": _RTN_UNICAST,
        "flags": _RTNH_F_ONLINK if onlink else 0,
        "attrs": attrs,
    }
    try:
        rtnl.request(_RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, _encode(load().route, fields))
    except OSError as error:
        raise KernelRefused(f"the kernel refused it: {error.strerror}") from None


def default_routes(rtnl: Rtnl, family: int) -> list[DefaultRoute]:
    """Return the default routes of table main in the socket's namespace, the ruling one first."""
    fields = {"family": AF_INET if family == 4 else AF_INET6}
    messages = _dump(rtnl, _RTM_GETROUTE, load().route, fields, _is_default)
    gets = [message.get_attr for message in _few(messages, "default routes")]
    found = [DefaultRoute(get("RTA_GATEWAY") or "", get("RTA_OIF") or 0, get("RTA_PRIORITY") or 0) for get in gets]
    return sorted(found, key=lambda default: default.metric)


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


def links(rtnl: Rtnl) -> dict[str, Link]:
    """Return all links of the socket's namespace by name."""
    return dict(map(_link, _dump(rtnl, _RTM_GETLINK, load().link, {"family": 0})))


def link_of(rtnl: Rtnl, ifindex: int) -> Link | None:
    """Return one link of the socket's namespace."""
    try:
        found = rtnl.get(_RTM_GETLINK, _encode(load().link, {"index": ifindex}))
    except OSError:
        return None
    if len(found) != 1:
        raise unreadable()
    return _link(_decoded(load().link, found[0]))[1]


def _link(message: Any) -> tuple[str, Link]:
    get = message.get_attr
    return get("IFLA_IFNAME"), Link(
        message["index"],
        bool(message["flags"] & _IFF_UP),
        get("IFLA_ADDRESS") or "",
        get("IFLA_MTU") or 0,
        get("IFLA_TXQLEN") or 0,
        get("IFLA_LINK"),
        get("IFLA_GROUP") or 0,
    )


def addresses_of(rtnl: Rtnl, ifindex: int) -> list[str]:
    """Return a link's addresses with their prefix lengths, link-local ones left out."""

    def wanted(data: bytes) -> bool:  # ifaddrmsg (rtnetlink(7))
        return _U32.unpack_from(data, 20)[0] == ifindex and data[19] != _SCOPE_LINK

    messages = _dump(rtnl, _RTM_GETADDR, load().address, {"family": 0}, wanted)
    return [f"{each.get_attr('IFA_ADDRESS')}/{each['prefixlen']}" for each in _few(messages, "addresses")]


def holder_of(rtnl: Rtnl, address: Address) -> int | None:
    """Return the ifindex of the link that has an address, None if none has."""
    messages = _dump(
        rtnl, _RTM_GETADDR, load().address, {"family": _family(address)}, lambda data: address.ip.packed in data
    )
    found = [message["index"] for message in messages if message.get_attr("IFA_ADDRESS") == str(address.ip)]
    return int(found[0]) if found else None


def _dump(
    rtnl: Rtnl, kind: int, message_class: Any, fields: dict[str, Any], wanted: Callable[[bytes], bool] = bool
) -> Iterator[Any]:
    """Ask for all of a kind; decode those whose bytes are `wanted`: decoding takes a hundred times as long as looking.

    A container that may change its own network can have hundreds of thousands.
    """
    for data in rtnl.dump(kind, _encode(message_class, fields)):
        if len(data) < _SHORTEST:
            raise unreadable()
        if wanted(data):
            yield _decoded(message_class, data)


def _decoded(message_class: Any, data: bytes) -> Any:
    message = message_class(data)
    try:
        message.decode()
    except Exception:  # whatever pyroute2 meets in bytes that are no message
        raise unreadable() from None
    return message


def _few(messages: Iterator[Any], what: str) -> Iterator[Any]:
    """Refuse what nobody has so many of on purpose."""
    for number, message in enumerate(messages):
        if number == _MANY:
            raise KernelRefused(f"there are more than {_MANY} {what} in the container")
        yield message


def _family(address: Address | Network) -> int:
    return AF_INET if address.version == 4 else AF_INET6


def _encode(kind: Any, fields: dict[str, Any]) -> bytes:
    message = kind()
    for name, value in fields.items():
        message[name] = value
    message.encode()
    return bytes(message.data[16:])  # without the nlmsghdr, which is rtnl.py's
