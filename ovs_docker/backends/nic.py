"""What an interface needs besides netlink, all of it done inside its namespace: sysctl, offloads, announcements."""

import struct
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import ioctl
from socket import AF_INET, SOCK_DGRAM, if_nametoindex, socket

from ovs_docker.errors import KernelRefused

_SIOCETHTOOL, _ETHTOOL_STXCSUM = 0x8946, 0x17


def index_of(name: str) -> int | None:
    """Return the ifindex of a device in the current namespace, None if there is none."""
    try:
        return if_nametoindex(name)
    except OSError:
        return None


def enable_ipv6(interface: str) -> None:
    """Switch IPv6 on for one interface: Docker switches it off in containers of `--network none`."""
    path = f"/proc/sys/net/ipv6/conf/{interface}/disable_ipv6"
    try:
        with open(path, "w") as sysctl:
            sysctl.write("0")
    except OSError as error:
        raise KernelRefused(
            f"cannot switch on IPv6 for {interface} in the container: {error.strerror}",
            "is IPv6 compiled in and not disabled on the kernel's command line?",
        ) from None


def checksum_offload_off(interface: str) -> None:
    """Make the kernel fill in checksums: the userspace datapath does not, and TCP would hang.

    See Open vSwitch's FAQ on userspace datapath and TX checksum offload; `ethtool -K INTERFACE tx off`.
    """
    value = array("I", [_ETHTOOL_STXCSUM, 0])
    request = struct.pack("16sP16x", interface.encode(), value.buffer_info()[0])
    with socket(AF_INET, SOCK_DGRAM) as any_socket:
        try:
            ioctl(any_socket, _SIOCETHTOOL, request)
        except OSError as error:
            raise KernelRefused(f"cannot switch off checksum offload of {interface}: {error.strerror}") from None


@contextmanager
def announcing(interface: str, ipv6: bool) -> Iterator[None]:
    """Let the kernel announce the interface's addresses when its MAC is set, during the body.

    See arp_notify and ndisc_notify in the kernel's Documentation/networking/ip-sysctl.rst.
    """
    notify = [f"/proc/sys/net/ipv4/conf/{interface}/arp_notify"]
    notify += [f"/proc/sys/net/ipv6/conf/{interface}/ndisc_notify"] if ipv6 else []
    before = [_exchange(path, "1") for path in notify]
    yield
    for path, value in zip(notify, before):
        _exchange(path, value)


def _exchange(path: str, value: str) -> str:
    """Write a sysctl; return what it was."""
    try:
        with open(path) as sysctl:
            before = sysctl.read()
        with open(path, "w") as sysctl:
            sysctl.write(value)
    except OSError as error:
        raise KernelRefused(f"cannot set {path} in the container: {error.strerror}") from None
    return before
