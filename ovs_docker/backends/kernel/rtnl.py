"""A netlink socket for routing messages: send, wait for the answer, turn its errno into an exception.

Only the envelope is known here; the messages come from netlink.py. The one exception is deleting
links, 32 bytes packed by hand: del-port needs nothing else, and loading pyroute2's message classes
for it would cost 22 ms, more than the rest of that verb.
"""

import os
import struct
import sys
from collections.abc import Iterator
from socket import AF_NETLINK, SOCK_CLOEXEC, SOCK_RAW, socket

from ovs_docker.errors import KernelRefused, NoPermission

_NETLINK_ROUTE = 0
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 0x1, 0x4, 0x300
NLM_F_CREATE, NLM_F_EXCL = 0x400, 0x200
_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_RTM_DELLINK, _RTM_SETLINK = 17, 19
_IFLA_GROUP = struct.Struct("=HHI")  # length, type 27, the group's number
_IFLA_IFNAME = struct.Struct("=HH16s")  # length, type 3, the name and zeros
_HEADER = struct.Struct("=IHHII")
_EPERM, _ENODEV = 1, 19


class Rtnl:
    """One conversation with the kernel about the network namespace in which the object was made; `with` closes it."""

    def __init__(self) -> None:
        self._socket = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, _NETLINK_ROUTE)
        self._socket.bind((0, 0))
        self._sequence = 0

    def __enter__(self) -> "Rtnl":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def request(self, kind: int, flags: int, payload: bytes) -> None:
        """Send a message and wait for the kernel's acknowledgement; raise OSError with its errno."""
        for _ in self._talk(kind, flags | NLM_F_ACK, payload):
            pass

    def get(self, kind: int, payload: bytes) -> list[bytes]:
        """Return the message (with its header) that answers a request about one thing; raise OSError."""
        return list(self._talk(kind, NLM_F_ACK, payload))

    def dump(self, kind: int, payload: bytes) -> Iterator[bytes]:
        """Yield all messages (with their headers) that answer a dump request; only then may the next be asked."""
        try:
            yield from self._talk(kind, NLM_F_DUMP, payload)
        except OSError as error:
            raise refused("list what is there", error) from None

    def delete_links(self, ifindexes: list[int]) -> None:
        """Delete links and with them their veth peers; ones that are gone already are passed over.

        Several are put into a link group first and deleted with it: each deletion of its own would
        wait for a grace period of the kernel, 20 ms.
        """
        if len(ifindexes) == 1:
            self._request_gone("delete a link", _RTM_DELLINK, _link(ifindexes[0]))
        elif ifindexes:
            group = _IFLA_GROUP.pack(_IFLA_GROUP.size, 27, 0x4F000000 | os.getpid())
            for ifindex in ifindexes:
                self._request_gone("group a link", _RTM_SETLINK, _link(ifindex) + group)
            self._request_gone("delete links", _RTM_DELLINK, _link(0) + group)

    def set_group(self, name: str, group: int) -> None:
        """Put a link into a group; one that is gone already is passed over."""
        named = _IFLA_IFNAME.pack(_IFLA_IFNAME.size, 3, name.encode())
        number = _IFLA_GROUP.pack(_IFLA_GROUP.size, 27, group)
        self._request_gone("group a link", _RTM_SETLINK, _link(0) + named + number)

    def _request_gone(self, what: str, kind: int, payload: bytes) -> None:
        try:
            self.request(kind, 0, payload)
        except OSError as error:
            if error.errno != _ENODEV:
                raise refused(what, error) from None

    def _talk(self, kind: int, flags: int, payload: bytes) -> Iterator[bytes]:
        self._sequence += 1
        header = _HEADER.pack(_HEADER.size + len(payload), kind, flags | NLM_F_REQUEST, self._sequence, 0)
        self._socket.send(header + payload)
        while True:
            for message in _split(self._socket.recv(1 << 17)):
                _, kind, _, sequence, _ = _HEADER.unpack_from(message)
                if sequence != self._sequence:
                    continue
                if kind == _NLMSG_DONE:
                    return
                if kind == _NLMSG_ERROR:
                    return _raise_if(int.from_bytes(message[_HEADER.size :][:4], sys.byteorder, signed=True))
                yield message


def _link(ifindex: int) -> bytes:
    """Compose an ifinfomsg that only names a link."""
    return struct.pack("=BxHiII", 0, 0, ifindex, 0, 0)


def _split(data: bytes) -> Iterator[bytes]:
    while data:
        length = _HEADER.unpack_from(data)[0] if len(data) >= _HEADER.size else 0
        if not _HEADER.size <= length <= len(data):
            raise unreadable()
        yield data[:length]
        data = data[(length + 3) & ~3 :]


def unreadable() -> KernelRefused:
    return KernelRefused("the kernel gave an answer that cannot be read")


def _raise_if(code: int) -> None:
    if code:
        raise OSError(-code, os.strerror(-code))


def refused(what: str, error: OSError) -> KernelRefused | NoPermission:
    """Make our error of the kernel's, saying `what` was tried."""
    if error.errno == _EPERM:
        from ovs_docker.backends.kernel.privilege import lacking

        return lacking(what, "NET_ADMIN")
    return KernelRefused(f"the kernel refused to {what}: {error.strerror}")
