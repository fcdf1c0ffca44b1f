"""The words of docker network create -o and of --driver-opt, ours and those of two older drivers."""

import pytest

from ovs_docker.driver.options import NETWORK, NetworkOptions, PortOptions, Uplink, network_options, port_options
from ovs_docker.errors import BadValue


def test_without_words_nothing_is_said() -> None:
    assert (network_options({}), port_options({})) == (NetworkOptions(), PortOptions())


def test_our_own_words() -> None:
    words = {
        "ovs.mode": "routed",
        "ovs.bridge": "br0",
        "ovs.vlan": "7",
        "ovs.mtu": "1400",
        "ovs.datapath-type": "netdev",
        "ovs.uplink": "eth1,eth2",
        "ovs.uplink-force": "true",
        "ovs.controller": "tcp:10.0.0.1:6653,ssl:c:1",
        "ovs.fail-mode": "secure",
        "ovs.datapath-id": "1",
        "ovs.protocols": "OpenFlow13",
        "ovs.dhcp": "false",
    }
    assert network_options(words) == NetworkOptions(
        mode="routed",
        bridge="br0",
        vlan=7,
        mtu=1400,
        datapath_type="netdev",
        uplinks=(Uplink("eth1"), Uplink("eth2")),
        uplink_force=True,
        controllers=("tcp:10.0.0.1:6653", "ssl:c:1"),
        fail_mode="secure",
        datapath_id="0000000000000001",
        protocols=("OpenFlow13",),
    )


def test_the_words_of_docker_ovs_plugin() -> None:
    words = {"mode": "flat", "name": "br0", "mtu": "1450", "bind_interface": "eth1"}
    found = network_options({f"net.gopher.ovs.bridge.{name}": value for name, value in words.items()})
    assert found == NetworkOptions(mode="flat", bridge="br0", mtu=1450, uplinks=(Uplink("eth1"),))


def test_the_words_of_dovesnap() -> None:
    words = {
        "mode": "nat",
        "dpid": "0x1F",
        "controller": "tcp:127.0.0.1:6653",
        "userspace": "true",
        "add_ports": "eth1/3,eth2/4//7,eth3",
        "ovs_local_mac": "0E:00:00:00:00:01",
        "vlan": "100",
    }
    assert network_options({f"ovs.bridge.{name}": value for name, value in words.items()}) == NetworkOptions(
        mode="nat",
        vlan=100,
        datapath_type="netdev",
        uplinks=(Uplink("eth1", 3), Uplink("eth2", 4, 7), Uplink("eth3")),
        controllers=("tcp:127.0.0.1:6653",),
        datapath_id="000000000000001f",
        hwaddr="0e:00:00:00:00:01",
    )


def test_an_endpoints_words() -> None:
    words = {
        "ovs.vlan": "5",
        "ovs.trunks": "6,10-11",
        "ovs.ofport": "9",
        "ovs.iface-id": "lsp",
        "ovs.external-id.a": "b",
    }
    assert port_options(words) == PortOptions(5, (6, 10, 11), 9, "lsp", (("a", "b"),))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"ovs.colour": "red"}, "unknown option ovs.colour"),
        ({"ovs.mode": "bridge"}, "ovs.mode=bridge: needs flat, routed or nat"),
        ({"ovs.vlan": "0"}, "ovs.vlan=0: needs a whole number from 1 to 4094"),
        ({"ovs.mtu": "1400", "com.docker.network.driver.mtu": "1500"}, "contradicts ovs.mtu=1400"),
        ({"ovs.datapath-type": "system", "ovs.bridge.userspace": "true"}, "contradicts ovs.datapath-type=system"),
        ({"ovs.bridge": "a-name-that-is-too-long"}, "is no name of a device"),
        ({"ovs.bridge": "a/b"}, "is no name of a device"),
        ({"ovs.uplink": ""}, "is no name of a device"),
        ({"ovs.bridge.add_ports": "eth1/1/acl"}, "ACLs need FAUCET"),
        ({"ovs.controller": "10.0.0.1"}, "needs tcp:HOST:PORT"),
        ({"ovs.datapath-id": "0"}, "needs 1 to 16 hexadecimal digits"),
        ({"ovs.dhcp": "true"}, "not supported yet"),
    ],
)
def test_a_network_that_cannot_be_is_refused_by_the_word_at_fault(words: dict[str, str], said: str) -> None:
    with pytest.raises(BadValue, match=said):
        network_options(words)


@pytest.mark.parametrize("word", ["ovs.external-id.owner", "ovs.external-id.ovs-docker-x", "ovs.mode", "colour"])
def test_an_endpoint_that_cannot_be_is_refused(word: str) -> None:
    with pytest.raises(BadValue, match=word):
        port_options({word: "x"})


@pytest.mark.parametrize("word", NETWORK)
def test_every_word_refuses_what_makes_no_sense(word: str) -> None:
    if not word.endswith("protocols"):
        with pytest.raises(BadValue, match=word):
            network_options({word: "\0 nonsense / of a word"})
