"""A network as it is written into external_ids of its bridge, and read back, whatever stands there."""

from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.model.network import Network, PublishedPort, Subnet, key, networks_in, ports_in, ports_written

SUBNETS = (Subnet("10.8.0.0/24", "10.8.0.1/24"), Subnet("fd00::/64", "fd00::1/64"))
NETWORK = Network("n" * 64, "br0", "ovs", "nat", SUBNETS, "br0", 7, 1400, True, (("ovs.vlan", "7"),))
PORTS = (PublishedPort("tcp", "", 8080, "10.8.0.2", 80), PublishedPort("udp", "::1", 53, "fd00::2", 53))


def test_what_is_written_is_read_back() -> None:
    plain = Network("m" * 64, "br0", "ovs", "flat")
    ids = {network.key: network.written() for network in (NETWORK, plain)}
    assert networks_in("br0", {"owner": "ovs-docker", **ids}) == [NETWORK, plain]


def test_the_next_hop_is_that_of_the_addresses_own_subnet() -> None:
    assert [NETWORK.gateway_for(address) for address in ("10.8.0.9/24", "fd00::9/64", "10.9.0.1/24")] == [
        "10.8.0.1",
        "fd00::1",
        "",
    ]


def test_published_ports_are_read_back() -> None:
    assert (ports_in(ports_written(PORTS)), ports_written(())) == (PORTS, "")


@given(st.text() | st.builds(lambda at, text: NETWORK.written()[:at] + text, st.integers(0, 300), st.text()))
def test_what_somebody_else_has_written_is_no_network(text: str) -> None:
    networks_in("br0", {key("x"): text})
    ports_in(text)
