"""Any bytes in the place of the kernel's answers: what they say, or an error of ours."""

import contextlib
import re
import struct
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from ovs_docker.backends.kernel import dumps, netlink
from ovs_docker.backends.kernel.rtnl import Rtnl
from ovs_docker.errors import Error, KernelRefused
from ovs_docker.model.addresses import parse_address
from tests.fuzz.examples import given

READINGS: list[Callable[[Rtnl], Any]] = [
    dumps.links,
    lambda rtnl: dumps.link_of(rtnl, 1),
    lambda rtnl: dumps.addresses_of(rtnl, 1),
    lambda rtnl: dumps.holder_of(rtnl, parse_address("10.0.0.1/24")),
    lambda rtnl: dumps.default_routes(rtnl, 4),
    lambda rtnl: netlink.set_up(rtnl, 1),
    lambda rtnl: rtnl.delete_links([1, 2]),
]


class Kernel:
    """A netlink socket whose answers are there already; whoever wants more is told that there is none."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks)

    def send(self, data: bytes) -> None: ...

    def recv(self, size: int) -> bytes:
        if not self.chunks:
            raise KernelRefused("nothing more")
        return self.chunks.pop(0)

    def close(self) -> None: ...


# RTA_ENCAP, which the kernel never sends without its type; pyroute2 would look for that for ever.
ENCAPSULATED = re.compile(b"\x16[\x00\x40\x80\xc0]")


def read(*chunks: bytes) -> None:
    """Read everything that is read from the kernel, whose answers these are."""
    if any(map(ENCAPSULATED.search, chunks)):
        return
    for reading in READINGS:
        rtnl = Rtnl()
        rtnl.close()
        rtnl._socket = Kernel(*chunks)  # type: ignore[assignment]
        with contextlib.suppress(Error):
            reading(rtnl)


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def header(kind: int, payload: bytes, length: int) -> bytes:
    return struct.pack("=IHHII", length, kind, 0, 1, 0) + payload


# Links, addresses, routes, the two that end an answer, and others.
kinds = st.sampled_from((16, 20, 24, 2, 3)) | st.integers(0, 65535)
attributes = st.lists(
    st.builds(attribute, st.integers(0, 70) | st.integers(0, 65535), st.binary(max_size=20)), max_size=5
)
payloads = st.builds(lambda fixed, found: fixed + b"".join(found), st.binary(max_size=16), attributes)
messages = st.builds(lambda kind, payload: header(kind, payload, 16 + len(payload)), kinds, payloads)
odd_lengths = st.builds(header, kinds, payloads, st.integers(0, 100) | st.integers(0, 2**32 - 1))


@given(st.lists(st.binary(max_size=60), max_size=3))
def test_any_bytes(chunks: list[bytes]) -> None:
    read(*chunks)


@given(st.lists(messages | odd_lengths, max_size=4))
def test_any_messages(found: list[bytes]) -> None:
    read(b"".join(found))


@given(st.sampled_from((16, 20, 24)), st.binary(min_size=16, max_size=16), attributes)
def test_any_attributes_of_links_addresses_and_routes(kind: int, fixed: bytes, found: list[bytes]) -> None:
    payload = fixed[: {16: 16, 20: 8, 24: 12}[kind]] + b"".join(found)
    read(header(kind, payload, 16 + len(payload)) + header(3, b"", 16))


def test_a_link_with_a_name_that_is_no_text() -> None:
    """Containers that may name their links may name them so."""
    name = b"\xff\xfe[0m\x01"
    payload = bytes(16) + attribute(3, name + b"\0") + attribute(4, struct.pack("=I", 1500))
    read(header(16, payload, 16 + len(payload)) + header(3, b"", 16))
