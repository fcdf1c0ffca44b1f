"""Words and options of one port to a PortSpec; errors name option and value. No I/O.

Whether they suit the container and the bridge is checked in plan/.
"""

from typing import Any

from ovs_docker.errors import BadValue
from ovs_docker.model.port import PortSpec
from ovs_docker.parse import readers
from ovs_docker.parse.hops import check_hops
from ovs_docker.parse.options import PORT, Option, Options


def port_spec(words: tuple[str, str, str], options: Options, place: str = "") -> PortSpec:
    """Read add-port's three words and its options; raise BadValue. `place` says which of several ports this is."""
    bridge, interface, container = words
    check_interface(interface)
    _check_bridge(bridge)
    fields = {option.field: _read(option, options[option.name]) for option in PORT if _is_given(option, options)}
    if dynamic := fields.get("addresses") == ():
        del fields["addresses"]
    spec = PortSpec(bridge, interface, container, place=place, dynamic=dynamic, **fields)
    if spec.vhost_user:
        _check_vhost_user(spec)
    _check_ovn(spec)
    if not spec.dynamic:
        check_hops(spec)
    return spec


def _is_given(option: Option, options: Options) -> bool:
    texts = options.get(option.name)
    return bool(texts and (not option.metavar or (any(texts) if option.many else texts[-1])))


def _read(option: Option, texts: list[str]) -> Any:
    if option.many:
        return tuple(_read_one(option, text) for text in texts if text)
    return _read_one(option, texts[-1])


def _read_one(option: Option, text: str) -> Any:
    try:
        return getattr(readers, option.field)(text)
    except ValueError as error:
        shown = text if text == " ".join(text.split()) else repr(text)  # shows a carriage return at the end
        raise BadValue(str(error), option=option.name, value=shown) from None


def check_interface(name: str) -> None:
    """Raise BadValue for a name that the kernel refuses (dev_valid_name in net/core/dev.c)."""
    if not name:
        raise BadValue("INTERFACE is empty")
    if len(name.encode("utf-8", "replace")) > 15:
        raise BadValue(f"INTERFACE {name}: longer than 15 bytes", "the kernel allows no more")
    if name in ("all", "default"):
        raise BadValue(f"INTERFACE {name}: the kernel reserves this name")
    if name in (".", "..") or any(c in "/:%" or c.isspace() or not c.isprintable() for c in name):
        raise BadValue(f"INTERFACE {name!r}: has characters that a device name cannot have")


def _check_bridge(name: str) -> None:
    if "," in name:
        raise BadValue(f"BRIDGE {name!r}: has a comma", "separate options with blanks")
    if len(name.encode("utf-8", "replace")) > 15 or any(c in "/\\ " or not c.isprintable() for c in name):
        raise BadValue(f"BRIDGE {name!r}: is not a valid bridge name", "up to 15 bytes, without slashes and blanks")


_LONGEST = 107  # bytes of a socket's path (unix(7), sun_path)


def _check_vhost_user(spec: PortSpec) -> None:
    """Refuse what somebody would have to set up inside, and a path that no socket can have."""
    for option in PORT:
        chosen = option.field == "addresses" and spec.dynamic
        if option.needs_veth and (getattr(spec, option.field) or chosen):
            raise BadValue("cannot be given with --vhost-user", "the container's DPDK application sets it", option.name)
    if spec.datapath_type not in (None, "netdev"):
        raise BadValue("cannot be given with --vhost-user", "it needs netdev", "datapath-type", spec.datapath_type)
    if len(spec.socket.encode()) > _LONGEST:
        said = f"the socket {spec.socket} would have a path longer than {_LONGEST} bytes"
        raise BadValue(said, "choose a shorter one", "vhost-user", spec.vhost_user)


def _check_ovn(spec: PortSpec) -> None:
    wishes = ("ipaddress", "dynamic", spec.dynamic), ("port-security", None, spec.port_security)
    for option, value, given in wishes:
        if given and not spec.logical_switch:
            raise BadValue("needs --logical-switch", "OVN does it", option, value)
