"""Ethernet frames at one interface of a container, seen and sent from the host by a packet socket in its namespace.

Run as a program inside the namespace; tests use `listening` and `send`. VLAN tags are taken from where the kernel
puts them: beside the frame, not in it (packet(7), PACKET_AUXDATA).
"""

import contextlib
import json
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.integration.support.containers import Container

ETH_P_ALL, ETH_P_ARP, ETH_P_IPV6 = 0x0003, 0x0806, 0x86DD
SOL_PACKET, PACKET_AUXDATA, TP_STATUS_VLAN_VALID = 263, 8, 1 << 4
AUXDATA = struct.Struct("=IIIHHHH")


class Frame(NamedTuple):
    """A frame that came in: MACs as text, EtherType, VLAN or None, payload in hex."""

    destination: str
    source: str
    ethertype: int
    vlan: int | None
    payload: str


class Listener:
    """The frames that come in at an interface; those of before it listened are not among them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.frames: list[Frame] = []

    def wait_for(self, wanted: Callable[[Frame], bool], seconds: float = 2.0) -> bool:
        """Say whether such a frame comes, or has come, within ``seconds``."""
        deadline = time.monotonic() + seconds
        while not any(wanted(frame) for frame in self.frames):
            if time.monotonic() > deadline:
                return False
            self._read()
        return True

    def listen(self, seconds: float) -> list[Frame]:
        """Go on for ``seconds`` and return all frames seen so far."""
        self.wait_for(lambda _: False, seconds)
        return self.frames

    def _read(self) -> None:
        """Take in one line; the program prints an empty one every tenth of a second without frames."""
        assert self._process.stdout
        if line := self._process.stdout.readline().strip():
            self.frames.append(Frame(*json.loads(line)))


@contextlib.contextmanager
def listening(container: Container, interface: str = "eth0") -> Iterator[Listener]:
    """Listen at ``interface`` from before the body begins until it has ended."""
    command = _in(container, "listen", interface)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "listening\n"
        yield Listener(process)
        process.kill()


def send(container: Container, *frames: bytes, interface: str = "eth0") -> None:
    """Send frames as they are, tag and all, out of ``interface``."""
    subprocess.run(_in(container, "send", interface, *(frame.hex() for frame in frames)), check=True)


def _in(container: Container, *words: str) -> list[str]:
    return ["nsenter", "-t", str(container.pid), "-n", sys.executable, "-m", __name__, *words]


def compose(source: str, vlan: int | None, text: bytes) -> bytes:
    """Make a broadcast frame of the local experimental EtherType that carries ``text``, tagged or not."""
    tag = b"" if vlan is None else struct.pack("!HH", 0x8100, vlan)
    return b"\xff" * 6 + bytes.fromhex(source.replace(":", "")) + tag + b"\x88\xb5" + text.ljust(46, b"\0")


def _listen(interface: str) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as packets:
        packets.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        packets.bind((interface, ETH_P_ALL))
        packets.settimeout(0.1)
        print("listening", flush=True)
        while True:
            try:
                data, ancillary, _, where = packets.recvmsg(1 << 16, socket.CMSG_SPACE(AUXDATA.size))
            except TimeoutError:
                print(flush=True)
                continue
            if where[2] != socket.PACKET_OUTGOING:
                print(json.dumps(_frame(data, ancillary)), flush=True)


def _frame(data: bytes, ancillary: list[tuple[int, int, bytes]]) -> Frame:
    vlan = None
    for _, _, value in ancillary:
        status, _, _, _, _, tci, _ = AUXDATA.unpack(value[: AUXDATA.size])
        vlan = tci & 0xFFF if status & TP_STATUS_VLAN_VALID else None
    return Frame(data[:6].hex(":"), data[6:12].hex(":"), int.from_bytes(data[12:14], "big"), vlan, data[14:].hex())


def _send(interface: str, *frames: str) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as packets:
        packets.bind((interface, 0))
        for frame in frames:
            packets.send(bytes.fromhex(frame))


if __name__ == "__main__":
    {"listen": _listen, "send": _send}[sys.argv[1]](*sys.argv[2:])
