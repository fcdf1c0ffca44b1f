"""Links, addresses and routes, as pyroute2's message classes on our own socket (rtnl.py).

The classes are loaded without pyroute2's package module: that one imports asyncio and everything
else the library has, 130 ms, twice the old script's whole run; the classes need 15 to 20 ms.
"""

import struct
import sys
from importlib.machinery import PathFinder
from socket import AF_INET, AF_INET6
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from ovs_docker.backends.kernel.rtnl import NLM_F_CREATE, NLM_F_EXCL, Rtnl, refused
from ovs_docker.errors import InterfaceExists, KernelRefused
from ovs_docker.model.addresses import Address, Ip, Network

if TYPE_CHECKING:
    from ovs_docker.model.wire import Pair
else:
    Pair = object  # strings cost a NamedTuple 0.1 ms each

_RTM_NEWLINK, _RTM_NEWADDR, _RTM_DELADDR, _RTM_NEWROUTE = 16, 20, 21, 24
_IFF_UP, _IFF_NOARP = 1, 0x80
_IFA_F_NODAD = 0x02
_EEXIST, _ENODEV, _EADDRNOTAVAIL = 17, 19, 99
_RT_TABLE_MAIN, _RTPROT_BOOT, _RTN_UNICAST, _RTNH_F_ONLINK = 254, 3, 1, 4
_U32 = struct.Struct("=I")
# Length and type of IFLA_AF_SPEC, in it AF_INET, in it IFLA_INET_CONF, in it IPV4_DEVCONF_ARP_NOTIFY
_IN_ARP_NOTIFY = struct.pack("=8H", 20, 26, 16, 2, 12, 1, 8, 22)
_SCOPE_UNIVERSE, _SCOPE_LINK = 0, 253


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
    flags = _IFF_UP if pair.answers_arp else _IFF_UP | _IFF_NOARP
    payload = encode(load().link, {"flags": flags, "change": flags, "attrs": attrs})
    try:
        rtnl.request(_RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, payload)
    except OSError as error:
        if error.errno == _EEXIST:
            raise InterfaceExists(pair.other_end, pair.netns.name if pair.netns else None) from None
        of = f" of {pair.netns.name}" if pair.netns else ""
        raise refused(f"make the veth pair {pair.host_end} - {pair.other_end}{of}", error) from None


def configure(
    rtnl: Rtnl, ifindex: int, mac: str | None = None, mtu: int | None = None, tx_queue_len: int | None = None
) -> None:
    """Set attributes of a link and bring it up."""
    given = {"IFLA_ADDRESS": mac, "IFLA_MTU": mtu, "IFLA_TXQLEN": tx_queue_len}
    attrs = [(name, value) for name, value in given.items() if value]
    fields = {"index": ifindex, "flags": _IFF_UP, "change": _IFF_UP, "attrs": attrs}
    try:
        rtnl.request(_RTM_NEWLINK, 0, encode(load().link, fields))
    except OSError as error:
        raise refused("set up a link", error) from None


def set_up(rtnl: Rtnl, ifindex: int) -> None:
    try:
        rtnl.request(_RTM_NEWLINK, 0, encode(load().link, {"index": ifindex, "flags": _IFF_UP, "change": _IFF_UP}))
    except OSError as error:
        raise refused("bring up the container's interface", error) from None


def set_mac(rtnl: Rtnl, ifindex: int, mac: str) -> None:
    try:
        rtnl.request(_RTM_NEWLINK, 0, encode(load().link, {"index": ifindex, "attrs": [("IFLA_ADDRESS", mac)]}))
    except OSError as error:
        raise refused(f"set MAC {mac}", error) from None


def set_arp_notify(rtnl: Rtnl, ifindex: int, value: int) -> None:
    """Set what /proc/sys/net/ipv4/conf/INTERFACE/arp_notify is."""
    try:
        rtnl.request(_RTM_NEWLINK, 0, encode(load().link, {"index": ifindex}) + _IN_ARP_NOTIFY + _U32.pack(value))
    except OSError as error:
        raise refused("announce the container's addresses", error) from None


def add_address(rtnl: Rtnl, ifindex: int, address: Address) -> None:
    """Add an address as `ip addr add` does: no broadcast address; IPv6 without duplicate detection.

    The administrator chose the address, and while detection runs (1 to 2 s) it could not be announced.
    """
    fields = {
        "family": family_of(address),
        "prefixlen": address.network.prefixlen,
        "index": ifindex,
        "flags": _IFA_F_NODAD if address.version == 6 else 0,
        "attrs": [("IFA_LOCAL", str(address.ip)), ("IFA_ADDRESS", str(address.ip))],
    }
    try:
        rtnl.request(_RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, encode(load().address, fields))
    except OSError as error:
        raise KernelRefused(f"the kernel refused it: {error.strerror}") from None


def delete_address(rtnl: Rtnl, ifindex: int, address: Address) -> None:
    """Take an address off a link; if either is gone already, that is passed over."""
    fields = {
        "family": family_of(address),
        "prefixlen": address.network.prefixlen,
        "index": ifindex,
        "attrs": [("IFA_LOCAL", str(address.ip)), ("IFA_ADDRESS", str(address.ip))],
    }
    try:
        rtnl.request(_RTM_DELADDR, 0, encode(load().address, fields))
    except OSError as error:
        if error.errno not in (_EADDRNOTAVAIL, _ENODEV):
            raise refused(f"take {address} off", error) from None


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
        "family": family_of(destination),
        "dst_len": destination.prefixlen,
        "table": _RT_TABLE_MAIN,
        "proto": _RTPROT_BOOT,
        "scope": _SCOPE_UNIVERSE if via or destination.version == 6 else _SCOPE_LINK,
        "type": _RTN_UNICAST,
        "flags": _RTNH_F_ONLINK if onlink else 0,
        "attrs": attrs,
    }
    try:
        rtnl.request(_RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, encode(load().route, fields))
    except OSError as error:
        raise KernelRefused(f"the kernel refused it: {error.strerror}") from None


def family_of(address: Address | Network) -> int:
    return AF_INET if address.version == 4 else AF_INET6


def encode(kind: Any, fields: dict[str, Any]) -> bytes:
    message = kind()
    for name, value in fields.items():
        message[name] = value
    message.encode()
    return bytes(message.data[16:])  # without the nlmsghdr, which is rtnl.py's
