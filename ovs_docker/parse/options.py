"""Options of one port to PortSpec, with the option and the value named in each error. No I/O.

Whether a value fits the container or the bridge is plan.py's to say; here it is only read.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from ovs_docker.errors import BadValue
from ovs_docker.model import names
from ovs_docker.model.addresses import Address, parse_gateway, parse_host, parse_mac
from ovs_docker.model.port import PortSpec
from ovs_docker.model.record import parse_route
from ovs_docker.parse.hops import check_hops

Options = dict[str, list[str]]
_T = TypeVar("_T")


def port_spec(words: tuple[str, str, str], options: Options, place: str = "") -> PortSpec:
    """Read add-port's three words and its options; raise BadValue for whatever cannot be.

    `place` says which of several ports this is.
    """
    bridge, interface, container = words
    check_interface(interface)
    _check_bridge(bridge)
    fields = {
        field: _read(f"--{option}", read, options[option][-1])
        for option, field, read in _SINGLE
        if options.get(option, [""])[-1]
    }
    if dynamic := fields.get("addresses") == ():
        del fields["addresses"]
    spec = PortSpec(
        bridge,
        interface,
        container,
        place=place,
        dynamic=dynamic,
        port_security="port-security" in options and _read("--port-security", _switch, options["port-security"][-1]),
        routes=tuple(_read("--route", parse_route, text) for text in options.get("route", []) if text),
        external_ids=tuple(_read("--external-id", _pair, text) for text in options.get("external-id", []) if text),
        **fields,
    )
    _check_ovn(spec)
    if not spec.dynamic:
        check_hops(spec)
    return spec


def _read(option: str, read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ValueError as error:
        shown = text if text == " ".join(text.split()) else repr(text)  # a carriage return at the end is not seen
        raise BadValue(f"{option}={shown}: {error}") from None


def check_interface(name: str) -> None:
    """Refuse what the kernel would not take as a device name (dev_valid_name in net/core/dev.c)."""
    if not name:
        raise BadValue("INTERFACE is empty")
    if len(name.encode("utf-8", "surrogateescape")) > 15:
        raise BadValue(f"INTERFACE {name}: longer than 15 bytes", "the kernel allows no more")
    if name in ("all", "default"):
        raise BadValue(f"INTERFACE {name}: the kernel keeps this name for its settings of all interfaces")
    if name in (".", "..") or any(c in "/:%" or c.isspace() or not c.isprintable() for c in name):
        raise BadValue(f"INTERFACE {name!r}: has characters that a device name cannot have")


def _check_bridge(name: str) -> None:
    if len(name.encode("utf-8", "surrogateescape")) > 15 or any(c in "/\\ " or not c.isprintable() for c in name):
        raise BadValue(f"BRIDGE {name!r}: cannot be a bridge's name", "up to 15 bytes, without slashes and blanks")


def number(low: int, high: int) -> Callable[[str], int]:
    """Make a reader of whole numbers from `low` to `high`."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10) or not low <= int(text) <= high:
            raise ValueError(f"needs a whole number from {low} to {high}")
        return int(text)

    return read


def vlan(text: str) -> int:
    """Read a VLAN id, 0-4095 (ovs-vswitchd.conf.db(5), Port.tag)."""
    return number(0, 4095)(text)


def trunks(text: str) -> tuple[int, ...]:
    """Read VLANs and ranges of them: 10,20-29."""
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        low, high = vlan(first), vlan(last if dash else first)
        if low > high:
            raise ValueError(f"the range {part} runs backwards")
        found.update(range(low, high + 1))
    return tuple(sorted(found))


def or_none(word: str, read: Callable[[str], _T], text: str) -> _T | None:
    """Read a word that may be `none`; raise BadValue naming the word."""
    try:
        return None if text == "none" else read(text)
    except ValueError as error:
        raise BadValue(f"{word} {text}: {error}") from None


def _addresses(text: str) -> tuple[Address, ...]:
    """Read addresses; none stands for the word dynamic."""
    if text == "dynamic":
        return ()
    found = tuple(_part(parse_host, part.strip(" "), text) for part in text.split(","))
    if len({address.packed for address in found}) < len(found):
        raise ValueError("names an address twice")
    return found


def _part(read: Callable[[str], Address], part: str, whole: str) -> Address:
    """Read one of several values; its error says which one."""
    try:
        return read(part)
    except ValueError as error:
        raise ValueError(str(error) if part == whole else f"{part or 'an empty part'} {error}") from None


def _gateways(text: str) -> tuple[Address, ...]:
    found = tuple(_part(parse_gateway, part.strip(" "), text) for part in text.split(","))
    if len({gateway.family for gateway in found}) < len(found):
        raise ValueError("names two gateways of one family")
    return found


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise ValueError("needs the form KEY=VALUE")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("is not UTF-8") from None
    if key in names.RESERVED:
        raise ValueError(f"{key} is part of ovs-docker's own record")
    return key, value


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("has characters that cannot be printed")
    return text


def _switch(text: str) -> bool:
    """Read a flag, which on the command line has no value."""
    if text not in ("", "true", "false"):
        raise ValueError("needs true or false")
    return text != "false"


def _datapath(text: str) -> str:
    if text not in ("system", "netdev"):
        raise ValueError("needs system or netdev")
    return text


# option, field of PortSpec, reader
_SINGLE: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("ipaddress", "addresses", _addresses),
    ("gateway", "gateways", _gateways),
    ("macaddress", "mac", parse_mac),
    ("mtu", "mtu", number(68, 65535)),  # ETH_MIN_MTU and ETH_MAX_MTU, veth's limits
    ("vlan", "tag", vlan),
    ("trunks", "trunks", trunks),
    ("iface-id", "iface_id", _printable),
    ("logical-switch", "logical_switch", _printable),
    ("ofport", "ofport", number(1, 65279)),  # ovs-vswitchd.conf.db(5), Interface.ofport_request
    ("datapath-type", "datapath_type", _datapath),
)


MANY = ("route", "external-id")
"""Options that may be repeated."""

FLAGS = ("port-security",)
"""Options without a value on the command line; true or false elsewhere."""

NAMES = (*(option for option, _, _ in _SINGLE), *MANY, *FLAGS)
"""All options of a port, as add-port, files and labels call them."""


def _check_ovn(spec: PortSpec) -> None:
    for option, given in (("--ipaddress=dynamic", spec.dynamic), ("--port-security", spec.port_security)):
        if given and not spec.logical_switch:
            raise BadValue(f"{option}: needs --logical-switch", "it is OVN that does it")
