"""Traffic between containers on the userspace datapath: ping, TCP, VLANs, trunks, over IPv4 and IPv6.

What is sent while a port is being attached is tested in test_traffic_attach.py.
"""

import pytest

from tests.integration.conftest import ContainerFactory
from tests.integration.support import frames
from tests.integration.support.commands import Result, ours
from tests.integration.support.containers import Container
from tests.integration.support.transfer import fetched, serve_file

DONE = Result(0, "", "")


def attach(container: Container, *options: str) -> None:
    """Attach with addresses and a MAC that follow from the container's number."""
    number = int(container.name[1:])
    addresses = f"--ipaddress=10.0.0.{number}/24,2001:db8::{number}/64"
    assert ours("add-port", "br-int", "eth0", container.name, addresses, mac(container), *options) == DONE


def mac(container: Container) -> str:
    return f"--macaddress=02:00:00:00:00:{int(container.name[1:]):02x}"


@pytest.mark.parametrize("address", ["10.0.0.2", "2001:db8::2"], ids=["IPv4", "IPv6"])
def test_containers_ping_each_other(address: str, bridge: str, c1: Container, c2: Container) -> None:
    attach(c1)
    attach(c2)
    assert c1.pings(address)


@pytest.mark.parametrize("address", ["10.0.0.2", "2001:db8::2"], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize("mtu", ["", "1400"], ids=["MTU-1500", "MTU-1400"])
def test_tcp_carries_megabytes_unharmed(mtu: str, address: str, bridge: str, c1: Container, c2: Container) -> None:
    attach(c1, f"--mtu={mtu}")
    attach(c2, f"--mtu={mtu}")
    there = serve_file(c2)
    assert c1.pings(address)
    assert fetched(c1, address) == there


@pytest.mark.parametrize("address", ["10.0.0.{}", "2001:db8::{}"], ids=["IPv4", "IPv6"])
def test_a_vlan_joins_its_members_and_separates_the_others(
    address: str, bridge: str, container: ContainerFactory
) -> None:
    c1, c2, c3 = (container(f"c{number}") for number in (1, 2, 3))
    for member, vlan in ((c1, 10), (c2, 10), (c3, 20)):
        attach(member, f"--vlan={vlan}")
    assert (c1.pings(address.format(2)), c1.pings(address.format(3), seconds=0)) == (True, False)


def test_set_vlan_moves_a_container_from_one_vlan_to_another(bridge: str, c1: Container, c2: Container) -> None:
    attach(c1, "--vlan=10")
    attach(c2, "--vlan=20")
    apart = c1.pings("10.0.0.2", seconds=0)
    ours("set-vlan", bridge, "eth0", "c2", "10", check=True)
    assert (apart, c1.pings("10.0.0.2")) == (False, True)


VLANS_SENT = (None, 5, 10, 20, 29, 30)


def arrived(sender: Container, receiver: Container) -> list[tuple[str, int | None]]:
    """Send a frame in each VLAN, and return which came, by the VLAN it was sent in and the tag it had on arrival."""
    address = "02:00:00:00:00:01"
    with frames.listening(receiver) as heard:
        frames.send(sender, *(frames.compose(address, vlan, f"sent in {vlan}".encode()) for vlan in VLANS_SENT))
        found = [frame for frame in heard.listen(0.3) if frame.ethertype == 0x88B5]
    return [(bytes.fromhex(frame.payload).rstrip(b"\0").decode(), frame.vlan) for frame in found]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--trunks=10,20-29",), [("sent in 10", 10), ("sent in 20", 20), ("sent in 29", 29)]),
        (
            ("--vlan=5", "--trunks=10,20-29"),
            [("sent in None", 5), ("sent in 5", 5), ("sent in 10", 10), ("sent in 20", 20), ("sent in 29", 29)],
        ),
        (("--vlan=5",), [("sent in None", 5)]),
        (
            (),
            [
                *(("sent in None", None), ("sent in 5", 5), ("sent in 10", 10)),
                *(("sent in 20", 20), ("sent in 29", 29), ("sent in 30", 30)),
            ],
        ),
    ],
    ids=["trunks", "native", "access", "plain"],
)
def test_a_port_lets_in_exactly_its_vlans(
    options: tuple[str, ...], expected: list[tuple[str, int | None]], bridge: str, c1: Container, c2: Container
) -> None:
    attach(c2)
    attach(c1, *options)
    assert arrived(c1, c2) == expected


def test_a_trunk_brings_tagged_what_an_access_port_sends(bridge: str, c1: Container, c2: Container) -> None:
    attach(c1, "--vlan=10")
    attach(c2, "--trunks=10,20")
    assert arrived(c1, c2) == [("sent in None", 10)]
