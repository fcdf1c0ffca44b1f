"""A host as a network driver makes it: bridges whose device is the gateway, containers on them, somebody outside.

Containers are imitated by network namespaces. What may reach what is the tests' business.
"""

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import (
    AF_INET,
    AF_INET6,
    IPPROTO_SCTP,
    SO_REUSEADDR,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOL_SOCKET,
    socket,
)
from typing import TypeVar

from ovs_docker.backends.kernel.netns import Netns
from ovs_docker.backends.kernel.nic import checksum_offload_off
from tests.host import DATAPATH
from tests.integration.support.commands import Result, in_namespace, ovs, run
from tests.integration.support.processes import wait_until

PROTOCOLS = {"tcp": (SOCK_STREAM, 0), "udp": (SOCK_DGRAM, 0), "sctp": (SOCK_STREAM, IPPROTO_SCTP)}
Found = TypeVar("Found")


class Place:
    """A network namespace; that of process 0 is the host's."""

    def __init__(self, name: str, pid: int = 0) -> None:
        self.name = name
        self._pid = pid

    def ip(self, *commands: str) -> None:
        """Run commands of ip(8) there."""
        enter = ["nsenter", "-t", str(self._pid), "-n"] if self._pid else []
        done = subprocess.run([*enter, "ip", "-batch", "-"], input="\n".join(commands), text=True, capture_output=True)
        assert done.returncode == 0, done.stderr

    def await_addresses(self) -> None:
        """Wait until IPv6 answers: on a new device the kernel holds addresses back until it has seen the carrier."""
        held = ("ip", "-6", "address", "show", "tentative")
        wait_until(lambda: not self.said(*held).out)

    def said(self, *command: str) -> Result:
        return in_namespace(self._pid, *command) if self._pid else run(*command)

    def within(self, do: Callable[[], Found]) -> Found:
        """Call something in the namespace: sockets that it makes stay there."""
        if not self._pid:
            return do()
        netns = Netns(self._pid, self.name)
        try:
            with netns.entered():
                return do()
        finally:
            netns.close()

    def _socket(self, proto: str, address: str, seconds: float) -> socket:
        kind, number = PROTOCOLS[proto]
        if proto == "sctp":  # whose cookies need a module that User Mode Linux does not load by itself
            self.within(lambda: Path("/proc/sys/net/sctp/cookie_hmac_alg").write_text("none"))
        made = self.within(lambda: socket(AF_INET6 if ":" in address else AF_INET, kind, number))
        made.settimeout(seconds)
        return made

    def _source(self, address: str) -> str:
        """Return the address that packets from there to another have."""
        with self._socket("udp", address, 1) as probe:
            probe.connect((address, 9))
            return str(probe.getsockname()[0])

    @contextlib.contextmanager
    def serving(self, proto: str, address: str, port: int) -> Iterator[None]:
        """Answer whoever asks with the address that he has, seen from here."""
        with self._socket(proto, address, 0.1) as listener:
            listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
            listener.bind((address, port))
            if proto != "udp":
                listener.listen()
            over = threading.Event()
            thread = threading.Thread(target=_answer, args=(listener, over))
            thread.start()
            try:
                yield
            finally:
                over.set()
                thread.join()

    def asks(self, proto: str, address: str, port: int, seconds: float = 8.0) -> str | None:
        """Return the address that a server there sees, None if it is not reached."""
        with self._socket(proto, address, seconds) as client:
            try:
                if proto == "sctp":  # a client that names several addresses is lost where its own is translated
                    client.bind((self._source(address), 0))
                client.connect((address, port))
                return _answer_to(client, seconds)
            except OSError:
                return None


Attempt = tuple[Place, str, int]


def reached(*attempts: Attempt) -> list[tuple[str, str, int]]:
    """Return which TCP ports are reached that should not be: who asks, address, port. What is reached answers soon."""
    with ThreadPoolExecutor(len(attempts)) as threads:
        answers = list(threads.map(lambda attempt: attempt[0].asks("tcp", *attempt[1:], seconds=0.6), attempts))
    return [
        (place.name, address, port) for (place, address, port), answer in zip(attempts, answers, strict=True) if answer
    ]


def _answer_to(client: socket, seconds: float) -> str:
    """Ask until somebody answers: UDP sends nothing again by itself."""
    deadline = time.monotonic() + seconds
    if client.type == SOCK_DGRAM:
        client.settimeout(min(seconds, 1))
    while True:
        client.send(b"who am I?")
        try:
            return client.recv(64).decode()
        except TimeoutError:
            if time.monotonic() > deadline:
                raise


def _answer(listener: socket, over: threading.Event) -> None:
    while not over.is_set():
        with contextlib.suppress(OSError):  # the time is up, or somebody went away
            if listener.type == SOCK_DGRAM:
                _, peer = listener.recvfrom(64)
                listener.sendto(peer[0].encode(), peer)
            else:
                connection, peer = listener.accept()
                with connection:
                    connection.settimeout(1)
                    connection.recv(64)  # closed with something unread, SCTP takes back what was sent
                    connection.send(peer[0].encode())


class FencedHost:
    """This host, which forwards, and what is around it; ended by `close`."""

    def __init__(self, here: Sequence[str], there: Sequence[str]) -> None:
        """Give the host and who is outside these addresses, an IPv4 and an IPv6 address each."""
        self._processes: list[subprocess.Popen[bytes]] = []
        self._places: list[Place] = []
        self.host = Place("host")
        self.outside = self._place("outside")
        self._pair("ext0", self.outside)
        for place, device, (ip, ip6) in ((self.host, "ext0", here), (self.outside, "eth0", there)):
            place.ip(f"addr add {ip}/24 dev {device}", f"addr add {ip6}/64 dev {device} nodad")

    def bridge(self, name: str, number: int) -> None:
        """Make a bridge whose device has the first address of 10.NUMBER.0.0/24 and fd00:NUMBER::/64."""
        ovs("add-br", name, "--", "set", "bridge", name, f"datapath_type={DATAPATH}")
        addresses = (f"10.{number}.0.1/24", f"fd00:{number}::1/64 nodad")
        self.host.ip(*(f"addr add {address} dev {name}" for address in addresses), f"link set {name} up")

    def container(self, bridge: str, number: int, host: int) -> Place:
        """Attach a container with these addresses of the bridge's subnets."""
        place, end = self._place(f"c{number}.{host}"), f"v{number}x{host}"
        self._pair(end, place)
        # In the userspace datapath the host's kernel sees the frames too: it must not answer for the gateway.
        self.host.ip(f"link set {end} arp off addrgenmode none")
        ovs("add-port", bridge, end)
        addresses = (f"10.{number}.0.{host}/24", f"fd00:{number}::{host}/64 nodad")
        routes = (f"route add default via 10.{number}.0.1", f"route add default via fd00:{number}::1")
        place.ip(*(f"addr add {address} dev eth0" for address in addresses), *routes)
        place.within(lambda: checksum_offload_off("eth0"))
        return place

    def _pair(self, end: str, place: Place) -> None:
        self.host.ip(f"link add {end} type veth peer name eth0 netns {place._pid}", f"link set {end} up")
        place.ip("link set lo up", "link set eth0 up")

    def _place(self, name: str) -> Place:
        process = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        self._processes.append(process)
        own = Path("/proc/self/ns/net").readlink()
        wait_until(lambda: Path(f"/proc/{process.pid}/ns/net").readlink() != own)
        self._places.append(Place(name, process.pid))
        return self._places[-1]

    def await_addresses(self) -> None:
        for place in (self.host, *self._places):
            place.await_addresses()

    def close(self) -> None:
        """End it: devices go with their namespaces, bridges with the test."""
        for process in self._processes:
            process.kill()
            process.wait()
        run("ip", "link", "delete", "ext0")


def programs(variant: str, directory: Path) -> None:
    """Put there what `iptables` and its relatives are in a variant: nft or legacy."""
    for tool in ("iptables", "ip6tables"):
        for name in (tool, f"{tool}-save", f"{tool}-restore"):
            (directory / name).symlink_to(f"/usr/sbin/xtables-{variant}-multi")


EMPTY = "*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n*nat\nCOMMIT\n*raw\nCOMMIT\n"


@contextlib.contextmanager
def forwarding() -> Iterator[None]:
    """Let the host forward IPv4, as dockerd does; at last take away all rules, and what the firewall switched on."""
    switches = [Path("/proc/sys/net") / name for name in ("ipv4/ip_forward", "ipv6/conf/all/forwarding")]
    before = [switch.read_text() for switch in switches]
    switches[0].write_text("1")
    try:
        yield
    finally:
        for tool in ("iptables-restore", "ip6tables-restore"):
            subprocess.run([tool], input=EMPTY, text=True, check=True)
        for switch, value in zip(switches, before, strict=True):
            switch.write_text(value)
