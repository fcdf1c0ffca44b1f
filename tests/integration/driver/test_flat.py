"""Flat networks: containers that Docker itself starts reach each other through a bridge of Open vSwitch."""

import json
from collections.abc import Callable

import pytest

from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import docker, in_namespace, ovs, run
from tests.integration.support.containers import Container
from tests.integration.support.driver import Driver, create, endpoints, remove_networks
from tests.integration.support.refusal import nothing_changed
from tests.integration.support.transfer import fetched, serve_file

pytestmark = pytest.mark.usefixtures("driver")


def routes(container: Container) -> list[str]:
    return [str(route.get("dst")) for route in container.ip("route")]


def test_containers_of_a_network_reach_each_other(container: ContainerFactory) -> None:
    create("lab", "ovs.mode=flat")
    first, second = container("one", network="lab"), container("two", "--ip=10.9.0.77", network="lab")
    there = serve_file(second)
    assert first.pings("10.9.0.77")
    assert fetched(first, "10.9.0.77") == there
    assert docker("exec", "one", "ping", "-c1", "two")  # Docker's own name service


def test_everything_is_gone_afterwards(container: ContainerFactory, bridge: str) -> None:
    with nothing_changed():
        create("lab", "ovs.mode=flat")
        container("one", network="lab")
        remove_networks()


def test_the_gateway_is_somebody_elses(container: ContainerFactory) -> None:
    create("lab", "ovs.mode=flat", "--gateway=10.9.0.254")
    one = container("one", network="lab")
    (default,) = [route for route in one.ip("route") if route["dst"] == "default"]
    assert (default["gateway"], len(one.ip("link"))) == ("10.9.0.254", 2)
    bridge = ovs("list-br")
    assert "10.9.0.254" not in run("ip", "addr", "show", bridge).out


def test_mac_address_and_both_families(container: ContainerFactory) -> None:
    create("lab", "ovs.mode=flat", "--ipv6", "--subnet=fd00:9::/64")
    one = container("one", "--mac-address=02:00:00:00:00:99", "--ip6=fd00:9::7", network="lab")
    two = container("two", network="lab")
    (link,) = [link for link in one.ip("link") if link["ifname"] == "eth0"]
    assert link["address"] == "02:00:00:00:00:99"
    assert two.pings("fd00:9::7")
    assert "default" in [route["dst"] for route in one.ip("-6", "route")]


def test_a_container_keeps_its_mac_through_a_restart(container: ContainerFactory) -> None:
    create("lab", "ovs.mode=flat")
    one = container("one", network="lab")
    before = one.ip("link")[1]["address"]
    one.restart()
    assert one.ip("link")[1]["address"] == before == "02:42:0a:09:00:02"
    assert len(endpoints()) == 1


def test_vlan_and_mtu(container: ContainerFactory) -> None:
    create("lab", "ovs.mode=flat", "ovs.vlan=7", "ovs.mtu=1400", "ovs.datapath-type=netdev")
    one = container("one", network="lab")
    assert one.ip("link")[1]["mtu"] == 1400
    port = next(port for port in ovs("list-ports", ovs("list-br")).split() if port.endswith("_l"))
    assert ovs("get", "port", port, "tag") == "7"


def test_networks_on_one_bridge_are_apart_by_vlan(container: ContainerFactory, bridge: str) -> None:
    create("red", "ovs.mode=flat", f"ovs.bridge={bridge}", "ovs.vlan=10")
    create("blue", "ovs.mode=flat", f"ovs.bridge={bridge}", "ovs.vlan=20", subnet="10.10.0.0/24")
    one, two = container("one", network="red"), container("two", network="red")
    three = container("three", network="blue")
    assert one.pings("10.9.0.3")
    in_namespace(three.pid, "ip", "addr", "add", "10.9.0.9/24", "dev", "eth0")
    assert not three.pings("10.9.0.2", seconds=1)
    assert two.pings("10.9.0.2")
    remove_networks()
    assert ovs("list-br") == bridge
    assert ovs("--columns=external_ids", "list", "bridge", bridge) == "external_ids        : {}"


def test_a_container_on_two_networks(container: ContainerFactory) -> None:
    create("lab", "ovs.mode=flat")
    create("other", "ovs.mode=flat", subnet="10.10.0.0/24")
    one, two = container("one", network="lab"), container("two", network="other")
    docker("network", "connect", "other", "one")
    assert one.pings("10.10.0.2")
    docker("network", "disconnect", "other", "one")
    assert [link["ifname"] for link in one.ip("link")] == ["lo", "eth0"]
    assert (two.pings("10.10.0.3", seconds=1), len(endpoints())) == (False, 2)


def test_an_internal_network_has_no_way_out(container: ContainerFactory) -> None:
    create("lab", "ovs.mode=flat", "--internal")
    one, two = container("one", network="lab"), container("two", network="lab")
    assert routes(one) == ["10.9.0.0/24"]
    assert two.pings("10.9.0.2")


def test_a_network_without_addresses(container: ContainerFactory) -> None:
    docker("network", "create", "--driver=ovs", "--opt=ovs.mode=flat", "--ipam-driver=null", "bare")
    one = container("one", network="bare")
    assert [link["ifname"] for link in one.ip("link")] == ["lo", "eth0"]


def test_options_of_an_endpoint(container: ContainerFactory) -> None:
    create("lab", "ovs.mode=flat")
    one = container("one")
    docker("network", "disconnect", "none", "one")
    given = ["ovs.vlan=5", "ovs.trunks=6-7", "ovs.ofport=42", "ovs.iface-id=lsp1", "ovs.external-id.site=berlin"]
    docker("network", "connect", *(f"--driver-opt={option}" for option in given), "lab", one.name)
    port = next(port for port in ovs("list-ports", ovs("list-br")).split() if port.endswith("_l"))
    assert ovs("get", "port", port, "tag", "trunks").split("\n") == ["5", "[6, 7]"]
    assert ovs("get", "interface", port, "ofport", "external_ids:iface-id", "external_ids:site").split() == [
        "42",
        "lsp1",
        "berlin",
    ]


def test_an_uplink_is_a_port_and_is_given_back(container: ContainerFactory, far_end: Callable[[str], None]) -> None:
    far_end("10.9.0.200/24")
    create("lab", "ovs.mode=flat", "ovs.uplink=up0")
    one = container("one", network="lab")
    assert one.pings("10.9.0.200")
    remove_networks()
    assert "up0" in run("ip", "link").out
    assert "up0" not in ovs("show")


def test_an_uplink_with_an_address_is_refused(far_end: Callable[[str], None]) -> None:
    far_end("10.9.0.200/24")
    run("ip", "addr", "add", "192.0.2.1/24", "dev", "up0", check=True)
    words = ("docker", "network", "create", "--driver=ovs", "--opt=ovs.mode=flat", "--opt=ovs.uplink=up0", "lab")
    with nothing_changed():
        refused = run(*words)
    assert "ovs.uplink=up0: has the address 192.0.2.1/24" in refused.err
    assert run(*words[:-1], "--opt=ovs.uplink-force=true", "lab").code == 0


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("ovs.colour=red", "unknown option ovs.colour"),
        ("ovs.mode=bridge", "ovs.mode=bridge: needs flat, routed or nat"),
        ("ovs.uplink=nowhere0", "ovs.uplink=nowhere0: there is no such interface"),
        ("ovs.bridge=lo", "ovs.bridge=lo: there is a device of this name"),
        ("ovs.dhcp=true", "not supported yet"),
    ],
)
def test_a_create_that_cannot_be_leaves_nothing(option: str, said: str) -> None:
    with nothing_changed():
        refused = run("docker", "network", "create", "--driver=ovs", f"--opt={option}", "lab")
    assert refused.code == 1
    assert said in refused.err


def test_openflow_settings_are_the_bridges() -> None:
    options = ["ovs.controller=tcp:192.0.2.9:6653", "ovs.fail-mode=secure", "ovs.datapath-id=0x2a"]
    create("lab", "ovs.mode=flat", "ovs.bridge=br-flow", "ovs.protocols=OpenFlow13", *options)
    assert ovs("get-controller", "br-flow") == "tcp:192.0.2.9:6653"
    assert ovs("get-fail-mode", "br-flow") == "secure"
    assert json.loads(ovs("get", "bridge", "br-flow", "datapath_id")) == "000000000000002a"
    create("more", "ovs.mode=flat", "ovs.bridge=br-flow", subnet="10.10.0.0/24")
    refused = run("docker", "network", "create", "--driver=ovs", "--opt=ovs.bridge=br-flow", f"--opt={options[1]}", "x")
    assert "ovs.fail-mode: bridge br-flow exists already" in refused.err


def test_the_log_has_a_line_for_each_request(driver: Driver) -> None:
    network = create("lab", "ovs.mode=flat")
    driver.says(f"CreateNetwork {network[:12]} in ")
