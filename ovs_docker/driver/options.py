"""The words of docker network create -o and of --driver-opt: one table each, and what contradicts what. Pure.

The words of docker-ovs-plugin (net.gopher.ovs.…) and of dovesnap (ovs.bridge.…) are read as well.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from ovs_docker.errors import BadValue
from ovs_docker.model.addresses import parse_mac
from ovs_docker.model.network import MODES
from ovs_docker.parse import readers
from ovs_docker.parse.vlans import number

_vlan = number(1, 4094)


class Uplink(NamedTuple):
    """An interface of the host that becomes a port of the bridge."""

    name: str
    ofport: int | None = None
    vlan: int | None = None


class NetworkOptions(NamedTuple):
    """What a network was asked to be; None and empty: not said."""

    mode: str = ""
    bridge: str = ""
    vlan: int | None = None
    mtu: int | None = None
    datapath_type: str = ""
    uplinks: tuple[Uplink, ...] = ()
    uplink_force: bool = False
    controllers: tuple[str, ...] = ()
    fail_mode: str = ""
    datapath_id: str = ""
    protocols: tuple[str, ...] = ()
    hwaddr: str = ""
    dhcp: bool = False


class PortOptions(NamedTuple):
    """What an endpoint's port was asked to be."""

    vlan: int | None = None
    trunks: tuple[int, ...] = ()
    ofport: int | None = None
    iface_id: str = ""
    external_ids: tuple[tuple[str, str], ...] = ()


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"needs {', '.join(choices[:-1])} or {choices[-1]}")
        return text

    return read


def _flag(text: str) -> bool:
    return _one_of("true", "false")(text.lower()) == "true"


def _device(text: str) -> str:
    """Read the name of a device (netdevice(7)): at most 15 characters."""
    if not 0 < len(text.encode(errors="replace")) < 16 or "/" in text or not text.isprintable() or " " in text:
        raise ValueError("is no name of a device: 1 to 15 characters, no slash and no space")
    return text


def _devices(text: str) -> tuple[Uplink, ...]:
    return tuple(Uplink(_device(name)) for name in text.split(","))


def _add_ports(text: str) -> tuple[Uplink, ...]:
    """Read dovesnap's PORT[/OFPORT[/ACL[/VLAN]]],…; an ACL is FAUCET's, which is not here."""
    found = []
    for each in text.split(","):
        name, ofport, acl, vlan, *more = [*each.split("/"), "", "", ""][: max(4, each.count("/") + 1)]
        if acl or more:
            raise ValueError(f"{each}: only PORT[/OFPORT[//VLAN]] is supported, ACLs need FAUCET")
        found.append(Uplink(_device(name), readers.ofport(ofport) if ofport else None, _vlan(vlan) if vlan else None))
    return tuple(found)


def _datapath_id(text: str) -> str:
    """Read a datapath ID, up to 16 hexadecimal digits, also with 0x before it as dovesnap has it."""
    digits = text.lower().removeprefix("0x")
    if not 0 < len(digits) < 17 or not set(digits) <= set("0123456789abcdef") or not int(digits, 16):
        raise ValueError("needs 1 to 16 hexadecimal digits, not all zero")
    return digits.zfill(16)


def _targets(text: str) -> tuple[str, ...]:
    found = tuple(text.split(","))
    if not all(target.partition(":")[0] in ("tcp", "ssl", "unix") and target.partition(":")[2] for target in found):
        raise ValueError("needs tcp:HOST:PORT, ssl:HOST:PORT or unix:PATH, separated by commas")
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


_READERS: dict[str, Callable[[str], Any]] = {
    "mode": _one_of(*MODES),
    "bridge": _device,
    "vlan": _vlan,
    "mtu": readers.mtu,
    "datapath_type": _one_of("system", "netdev"),
    "uplinks": _devices,
    "uplink_force": _flag,
    "controllers": _targets,
    "fail_mode": _one_of("standalone", "secure"),
    "datapath_id": _datapath_id,
    "protocols": _words,
    "hwaddr": parse_mac,
    "dhcp": _flag,
}
_OURS = {
    "ovs.mode": "mode",
    "ovs.bridge": "bridge",
    "ovs.vlan": "vlan",
    "ovs.mtu": "mtu",
    "ovs.datapath-type": "datapath_type",
    "ovs.uplink": "uplinks",
    "ovs.uplink-force": "uplink_force",
    "ovs.controller": "controllers",
    "ovs.fail-mode": "fail_mode",
    "ovs.datapath-id": "datapath_id",
    "ovs.protocols": "protocols",
    "ovs.dhcp": "dhcp",
}
_THEIRS = {
    "com.docker.network.driver.mtu": "mtu",
    "net.gopher.ovs.bridge.mode": "mode",
    "net.gopher.ovs.bridge.name": "bridge",
    "net.gopher.ovs.bridge.mtu": "mtu",
    "net.gopher.ovs.bridge.bind_interface": "uplinks",
    "ovs.bridge.mode": "mode",
    "ovs.bridge.name": "bridge",
    "ovs.bridge.mtu": "mtu",
    "ovs.bridge.vlan": "vlan",
    "ovs.bridge.dpid": "datapath_id",
    "ovs.bridge.controller": "controllers",
    "ovs.bridge.ovs_local_mac": "hwaddr",
    "ovs.bridge.dhcp": "dhcp",
    "ovs.bridge.bind_interface": "uplinks",
}
# Words whose values have a form of their own.
_SPECIAL: dict[str, tuple[str, Callable[[str], Any]]] = {
    "ovs.bridge.add_ports": ("uplinks", _add_ports),
    "ovs.bridge.userspace": ("datapath_type", lambda text: "netdev" if _flag(text) else "system"),
}
NETWORK = {word: (field, _READERS[field]) for word, field in {**_OURS, **_THEIRS}.items()} | _SPECIAL
"""What may stand after docker network create -o: the field and its reader."""
PORT: dict[str, tuple[str, Callable[[str], Any]]] = {
    "ovs.vlan": ("vlan", _vlan),
    "ovs.trunks": ("trunks", readers.trunks),
    "ovs.ofport": ("ofport", readers.ofport),
    "ovs.iface-id": ("iface_id", readers.iface_id),
}
"""What may stand after --driver-opt, besides ovs.external-id.KEY."""
_EXTERNAL_ID = "ovs.external-id."


def network_options(words: Mapping[str, str]) -> NetworkOptions:
    """Read the options of a network; raise BadValue for one that is unknown, makes no sense or contradicts another."""
    options = NetworkOptions(**_fields(words, NETWORK))
    if options.dhcp:
        raise BadValue("ovs.dhcp: addresses by DHCP are not supported yet", "--subnet, or ovs.mode=flat without it")
    return options


def port_options(words: Mapping[str, str]) -> PortOptions:
    """Read the options of an endpoint; raise BadValue."""
    ids = [(word, text) for word, text in words.items() if word.startswith(_EXTERNAL_ID)]
    found = _fields({word: text for word, text in words.items() if not word.startswith(_EXTERNAL_ID)}, PORT)
    pairs = []
    for word, text in ids:
        with _at(word, text):
            pairs.append(readers.external_ids(f"{word.removeprefix(_EXTERNAL_ID)}={text}"))
    return PortOptions(**found, external_ids=tuple(pairs))


def _fields(words: Mapping[str, str], table: Mapping[str, tuple[str, Callable[[str], Any]]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    said: dict[str, str] = {}
    for word, text in words.items():
        if word not in table:
            raise BadValue(f"unknown option {word}", f"known are {', '.join(sorted(table))}")
        field, read = table[word]
        with _at(word, text):
            value = read(text)
        if found.setdefault(field, value) != value:
            raise BadValue(f"{word}={text} contradicts {said[field]}")
        said[field] = f"{word}={text}"
    return found


@contextmanager
def _at(word: str, text: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise BadValue(f"{word}={text}: {error}") from None
