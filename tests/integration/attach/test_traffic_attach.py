"""What the neighbours see while a port is attached: announcements at once, and nothing outside of its VLAN.

Traffic on attached ports is tested in test_traffic.py.
"""

import pytest

from tests.integration.conftest import ContainerFactory
from tests.integration.support import frames
from tests.integration.support.commands import Result, ours
from tests.integration.support.containers import Container
from tests.integration.support.side_by_side import IPV6_ON

DONE = Result(0, "", "")
OLD_MAC, NEW_MAC = "02:00:00:00:00:01", "02:00:00:00:00:11"
BOTH = "--ipaddress=10.0.0.1/24,2001:db8::1/64"
IN_HEX = {"10.0.0.1": "0a000001", "2001:db8::1": "20010db8000000000000000000000001"}


@pytest.fixture
def neighbour(bridge: str, c2: Container) -> Container:
    """Attach c2, which sees all VLANs of the bridge, tagged."""
    assert ours("add-port", bridge, "eth0", "c2", "--ipaddress=10.0.0.2/24,2001:db8::2/64") == DONE
    return c2


def attach(mac: str, *options: str) -> None:
    assert ours("add-port", "br-int", "eth0", "c1", BOTH, f"--macaddress={mac}", *options) == DONE


def is_gratuitous_arp(frame: frames.Frame) -> bool:
    """Tell whether sender and target of an ARP message are both 10.0.0.1 (RFC 5227 calls it an announcement)."""
    body = frame.payload[:56]
    sender, target = body[28:36], body[48:56]
    return (frame.source, frame.ethertype, sender, target) == (
        OLD_MAC,
        frames.ETH_P_ARP,
        IN_HEX["10.0.0.1"],
        IN_HEX["10.0.0.1"],
    )


def is_unsolicited_advertisement(frame: frames.Frame) -> bool:
    """Tell whether it is ICMPv6 type 136 for 2001:db8::1 that no solicitation asked for, to override (RFC 4861)."""
    message = frame.payload[80:]
    solicited, override = (int(message[8:10] or "0", 16) & bit for bit in (0x40, 0x20))
    return (frame.source, frame.ethertype, message[:2], message[16:48]) == (
        OLD_MAC,
        frames.ETH_P_IPV6,
        "88",
        IN_HEX["2001:db8::1"],
    ) and bool(override and not solicited)


def test_the_addresses_are_announced(neighbour: Container, c1: Container) -> None:
    with frames.listening(neighbour) as heard:
        attach(OLD_MAC)
        announced = heard.wait_for(is_gratuitous_arp), heard.wait_for(is_unsolicited_advertisement)
    assert announced == (True, True)


@pytest.mark.parametrize("value", ["0", "1"])
def test_announcing_leaves_the_containers_settings_as_they_were(
    value: str, bridge: str, container: ContainerFactory
) -> None:
    c1 = container("c1", f"--sysctl=net.ipv4.conf.default.arp_notify={value}")
    ours("add-port", "br-int", "eth0", "c1", "--ipaddress=10.0.0.1/24,2001:db8::1/64", check=True)
    settings = ("ipv4/conf/eth0/arp_notify", "ipv6/conf/eth0/ndisc_notify")
    assert [c1.exec("cat", f"/proc/sys/net/{name}").out.strip() for name in settings] == [value, "0"]


def test_all_addresses_are_announced(neighbour: Container, c1: Container) -> None:
    with frames.listening(neighbour) as heard:
        ours("add-port", "br-int", "eth0", "c1", "--ipaddress=10.0.0.1/24,10.0.0.7/24,192.168.7.7", check=True)
        seen = heard.listen(0.5)
    told = {frame.payload[28:36] for frame in seen if frame.ethertype == frames.ETH_P_ARP}
    assert told == {"0a000001", "0a000007", "c0a80707"}


def test_a_neighbours_stale_entry_is_replaced_at_once(neighbour: Container, c1: Container) -> None:
    attach(OLD_MAC)
    assert neighbour.pings("10.0.0.1")
    assert neighbour.pings("2001:db8::1")
    before = known(neighbour)
    ours("del-port", "br-int", "eth0", "c1", check=True)
    with frames.listening(neighbour) as heard:
        attach(NEW_MAC)
        heard.listen(0.3)
    after = known(neighbour)
    assert (before, after) == (dict.fromkeys(IN_HEX, OLD_MAC), dict.fromkeys(IN_HEX, NEW_MAC))


def known(neighbour: Container) -> dict[str, object]:
    """Return the MACs by which a container's neighbour table has c1's addresses."""
    entries = neighbour.ip("neighbour", "show", "dev", "eth0")
    return {str(entry["dst"]): entry.get("lladdr") for entry in entries if entry["dst"] in IN_HEX}


def test_nothing_leaves_the_vlan_while_the_port_is_attached(neighbour: Container, container: ContainerFactory) -> None:
    container("c1", IPV6_ON)  # its kernel talks as soon as the link is up
    with frames.listening(neighbour) as heard:
        attach(OLD_MAC, "--vlan=10")
        seen = heard.listen(0.5)
    assert {frame.vlan for frame in seen if frame.source == OLD_MAC} == {10}


def test_nothing_untagged_leaves_a_trunk_while_the_port_is_attached(
    neighbour: Container, container: ContainerFactory
) -> None:
    container("c1", IPV6_ON)
    with frames.listening(neighbour) as heard:
        attach(OLD_MAC, "--trunks=10,20")
        seen = heard.listen(0.5)
    assert [frame for frame in seen if frame.source == OLD_MAC] == []


def test_a_new_address_is_reached_with_the_first_ping(neighbour: Container, c1: Container) -> None:
    attach(OLD_MAC)
    reached = [neighbour.exec("ping", "-c", "1", "-W", "1", address).code for address in IN_HEX]
    assert reached == [0, 0]
