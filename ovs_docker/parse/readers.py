"""One reader per option, named after its field in parse/options.py, which raises ValueError with the reason. No I/O."""

from collections.abc import Callable
from typing import TypeVar

from ovs_docker.model.addresses import Address, Ip, parse_gateway, parse_host, parse_mac, parse_network
from ovs_docker.model.port import LAST_NUMBER, Route
from ovs_docker.model.record import INSTALLED, OURS, RESERVED
from ovs_docker.parse.options import PORT
from ovs_docker.parse.vlans import number, tag, trunks

__all__ = ["tag", "trunks"]
_T = TypeVar("_T")
_CHOICES = {option.field: option.choices for option in PORT}


mac = parse_mac
mtu = number(68, 65535)  # ETH_MIN_MTU and ETH_MAX_MTU, veth's limits
tx_queue_len = number(1, 1_000_000)  # the kernel takes what fits 32 bits, and memory as it fills
ofport = number(1, LAST_NUMBER)


def addresses(text: str) -> tuple[Address, ...]:
    """Read addresses; none means the word dynamic."""
    if text == "dynamic":
        return ()
    found = tuple(_part(parse_host, part.strip(" "), text) for part in text.split(","))
    if len({address.ip for address in found}) < len(found):
        raise ValueError("names an address twice")
    return found


def gateways(text: str) -> tuple[Ip, ...]:
    """Read next hops, at most one per family."""
    found = tuple(_part(parse_gateway, part.strip(" "), text) for part in text.split(","))
    if len({gateway.version for gateway in found}) < len(found):
        raise ValueError("names two gateways of one family")
    return found


def _part(read: Callable[[str], _T], part: str, whole: str) -> _T:
    """Read one of several values, and name it in the error."""
    try:
        return read(part)
    except ValueError as error:
        raise ValueError(str(error) if part == whole else f"{part or 'an empty part'} {error}") from None


def routes(text: str) -> Route:
    """Read DST[,via]."""
    destination, comma, via = text.partition(",")
    route = Route(parse_network(destination), parse_gateway(via) if comma else None)
    if route.via and route.via.version != route.destination.version:
        raise ValueError("mixes IPv4 and IPv6")
    return route


def external_ids(text: str) -> tuple[str, str]:
    """Read KEY=VALUE."""
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise ValueError("needs the form KEY=VALUE")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("is not UTF-8") from None
    if "\0" in text:
        raise ValueError("has a NUL, which no database takes")
    if key in RESERVED or key.startswith(f"{OURS}-"):
        raise ValueError(f"{key} is part of ovs-docker's own record")
    if key.startswith(INSTALLED):
        raise ValueError(f"{key} is OVN's to write")
    return key, value


def iface_id(text: str) -> str:
    if not text.isprintable():
        raise ValueError("has characters that cannot be printed")
    return text


logical_switch = iface_id


def port_security(text: str) -> bool:
    """Read a flag, which has a value only in files and labels."""
    if text not in ("", "true", "false"):
        raise ValueError("needs true or false")
    return text != "false"


def vhost_user(text: str) -> str:
    """Read a directory; whether the container has it, resolve/vhost_user.py finds out."""
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if not text.startswith("/") or not parts or ".." in parts or not text.isprintable():
        raise ValueError("needs the absolute path of a directory")
    return "/" + "/".join(parts)


def datapath_type(text: str) -> str:
    if text not in _CHOICES["datapath_type"]:
        raise ValueError(f"needs {' or '.join(_CHOICES['datapath_type'])}")
    return text
