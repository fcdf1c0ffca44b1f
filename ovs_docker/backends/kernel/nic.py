"""What an interface needs besides netlink, all of it done inside its namespace: sysctl, offloads, announcements."""

import os
import struct
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from errno import EACCES, ENODEV, EOPNOTSUPP, EPERM, EROFS
from fcntl import ioctl
from socket import AF_INET, SOCK_DGRAM, socket

from ovs_docker.errors import KernelRefused

_CONFINED = (EPERM, EACCES)
_UNCONFINED = "in a container of ovs-docker's own, docker run --security-opt apparmor=unconfined"
_SIOCGIFHWADDR, _SIOCGIFINDEX = 0x8927, 0x8933
_U32 = struct.Struct("=I")
_SIOCETHTOOL, _ETHTOOL_GDRVINFO, _ETHTOOL_GTXCSUM, _ETHTOOL_STXCSUM = 0x8946, 0x3, 0x16, 0x17


def index_of(name: str) -> int | None:
    """Return the ifindex of a device in the current namespace, None if there is none."""
    request = os.fsencode(name)
    if len(request) > 15:
        return None
    with socket(AF_INET, SOCK_DGRAM) as any_socket:  # no descriptor left: if_nametoindex(3) would know no device
        try:
            return int(_U32.unpack_from(ioctl(any_socket, _SIOCGIFINDEX, request.ljust(32, b"\0")), 16)[0])
        except OSError:
            return None


def mac_of(name: str) -> str:
    """Return the MAC address of a device in the current namespace."""
    with socket(AF_INET, SOCK_DGRAM) as any_socket:
        return ioctl(any_socket, _SIOCGIFHWADDR, struct.pack("32s", name.encode()))[18:24].hex(":")


def is_veth(name: str) -> bool:
    """Tell whether a device of the current namespace is an end of a veth pair (`ethtool -i`): 0.02 ms."""
    info = array("B", struct.pack("=I192x", _ETHTOOL_GDRVINFO))
    try:
        _ethtool(name, info)
    except OSError as error:
        if error.errno in (ENODEV, EOPNOTSUPP):
            return False
        raise
    return info.tobytes()[4:9] == b"veth\0"


def _ethtool(name: str, value: "array[int]") -> None:
    request = struct.pack("16sP16x", os.fsencode(name), value.buffer_info()[0])
    with socket(AF_INET, SOCK_DGRAM) as any_socket:
        ioctl(any_socket, _SIOCETHTOOL, request)


def enable_ipv6(interface: str) -> None:
    """Switch IPv6 on for one interface: Docker switches it off in containers of `--network none`."""
    try:
        _write(f"/proc/sys/net/ipv6/conf/{interface}/disable_ipv6", "0")
    except OSError as error:
        raise KernelRefused(
            f"cannot switch on IPv6 for {interface} in the container: {error.strerror}",
            _UNCONFINED if error.errno in _CONFINED else "is IPv6 not disabled on the kernel's command line?",
        ) from None


def checksum_offload(interface: str) -> bool:
    """Tell whether the kernel leaves checksums to the device."""
    value = array("I", [_ETHTOOL_GTXCSUM, 0])
    try:
        _ethtool(interface, value)
    except OSError:
        return False  # somebody has put another device in place of ours, or it is gone
    return bool(value[1])


def checksum_offload_off(interface: str) -> None:
    """Make the kernel fill in checksums: the userspace datapath does not, and TCP would hang.

    See Open vSwitch's FAQ on userspace datapath and TX checksum offload; `ethtool -K INTERFACE tx off`.
    """
    try:
        _ethtool(interface, array("I", [_ETHTOOL_STXCSUM, 0]))
    except OSError as error:
        raise KernelRefused(f"cannot switch off checksum offload of {interface}: {error.strerror}") from None


@contextmanager
def announcing(interface: str, ipv6: bool, set_arp_notify: Callable[[int], None]) -> Iterator[None]:
    """Let the kernel announce the interface's addresses when its MAC is set, during the body.

    See arp_notify and ndisc_notify in the kernel's Documentation/networking/ip-sysctl.rst. The first is set by
    netlink, which is allowed also where /proc/sys is not to be written; the kernel has no such way for the second.
    """
    try:
        before = int(_read(f"/proc/sys/net/ipv4/conf/{interface}/arp_notify"))
        set_arp_notify(1)
        with _notifying(f"/proc/sys/net/ipv6/conf/{interface}/ndisc_notify") if ipv6 else nullcontext():
            yield
        set_arp_notify(before)
    except OSError as error:
        hint = _UNCONFINED if error.errno in _CONFINED else ""
        said = f"cannot announce the addresses of {interface} in the container: {error.strerror}"
        raise KernelRefused(said, hint) from None


@contextmanager
def _notifying(path: str) -> Iterator[None]:
    before = _read(path)
    _write(path, "1")
    yield
    _write(path, before)


def _read(path: str) -> str:
    with open(path) as sysctl:
        return sysctl.read()


def _write(path: str, value: str) -> None:
    """Write a sysctl, also where /proc/sys is read-only: in a container of our own it is."""
    try:
        with open(path, "w") as sysctl:
            sysctl.write(value)
    except OSError as error:
        if error.errno != EROFS:
            raise
        from ovs_docker.backends.kernel.procfs import write

        write(path, value)
