"""What Docker's remote driver protocol demands, rule by rule, on the driver's own socket.

Docker's part is played by the test, but where Docker itself is what matters.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_docker.driver.app import METHODS
from tests.integration.conftest import ContainerFactory
from tests.integration.support import driver as drivers
from tests.integration.support.commands import docker, ovs, run
from tests.integration.support.driver import FLAT, IDS, NETWORK, POOL, asked, post
from tests.integration.support.refusal import nothing_changed

INTERFACE = {"Interface": {"Address": "10.9.0.2/24", "AddressIPv6": "", "MacAddress": ""}}
NAT = {**POOL, "Options": {"com.docker.network.generic": {}}}


@pytest.fixture
def network(driver: drivers.Driver, bridge: str) -> Iterator[None]:
    """Make a flat network that Docker does not know; the driver thinks that Docker is about to."""
    options = {"com.docker.network.generic": {"ovs.mode": "flat", "ovs.bridge": bridge}}
    assert asked("CreateNetwork", **POOL, Options=options) == {}
    yield
    asked("DeleteEndpoint")
    asked("DeleteNetwork")


def host_links() -> list[str]:
    return [name for _, name in socket.if_nameindex() if name.endswith(("_l", "_c"))]


@pytest.mark.parametrize("method", METHODS)
def test_1_and_2_every_method_answers_with_an_object(driver: drivers.Driver, method: str) -> None:
    """For objects that are not there, too: many methods fail then, in words."""
    status, answer = post(method, {**IDS, **POOL, **INTERFACE, "Options": FLAT})
    assert (status, type(answer)) == (200, dict)
    asked("DeleteNetwork")


def test_1_an_unknown_method_is_not_found(driver: drivers.Driver) -> None:
    assert post("NetworkDriver.Fly", {}) == (404, {"Err": "no such method: NetworkDriver.Fly"})


def test_4_a_retry_with_an_empty_body_is_refused_and_nothing_is_done(driver: drivers.Driver) -> None:
    with nothing_changed():
        for method in ("CreateNetwork", "CreateEndpoint", "Join", "DeleteNetwork"):
            status, answer = post(f"NetworkDriver.{method}", raw=b"")
            assert (status, list(answer)) == (400, ["Err"])
            assert answer["Err"].startswith("the body is empty (a retry by Docker")


def test_5_what_docker_gave_is_not_in_the_answer(network: None) -> None:
    assert asked("CreateEndpoint", **INTERFACE) == {"Interface": {"MacAddress": "02:42:0a:09:00:02"}}
    asked("DeleteEndpoint")
    given = {"Interface": {**INTERFACE["Interface"], "MacAddress": "02:00:00:00:00:05"}}
    assert asked("CreateEndpoint", **given) == {"Interface": {}}


def test_5_a_second_create_of_an_endpoint_answers_like_the_first(network: None) -> None:
    first = asked("CreateEndpoint", **INTERFACE)
    with nothing_changed():
        assert asked("CreateEndpoint", **INTERFACE) == first


def test_6_the_gateway_is_a_bare_address(network: None) -> None:
    asked("CreateEndpoint", **INTERFACE)
    answer = asked("Join", SandboxKey="/var/run/docker/netns/x")
    assert answer == {"InterfaceName": {"SrcName": answer["InterfaceName"]["SrcName"], "DstPrefix": "eth"}} | {
        "Gateway": "10.9.0.1"
    }
    assert answer["InterfaceName"]["SrcName"] in host_links()


def test_6_delete_without_leave_takes_everything(network: None, bridge: str) -> None:
    asked("CreateEndpoint", **INTERFACE)
    assert asked("DeleteEndpoint") == {}
    assert (ovs("list-ports", bridge), host_links()) == ("", [])


def test_7_what_is_gone_is_deleted_with_success(network: None) -> None:
    asked("CreateEndpoint", **INTERFACE)
    for _ in range(2):
        assert [asked(method) for method in ("Leave", "DeleteEndpoint", "RevokeExternalConnectivity")] == [{}, {}, {}]
    assert [asked("DeleteNetwork") for _ in range(2)] == [{}, {}]


def test_7_what_somebody_has_half_removed_is_deleted_with_success(network: None, bridge: str) -> None:
    asked("CreateEndpoint", **INTERFACE)
    ovs("del-port", next(port for port in ovs("list-ports", bridge).split()))
    assert asked("DeleteEndpoint") == {}
    assert host_links() == []
    asked("CreateEndpoint", **INTERFACE)
    run("ip", "link", "delete", next(name for name in host_links() if name.endswith("_l")), check=True)
    assert asked("DeleteEndpoint") == {}
    assert ovs("list-ports", bridge) == ""


def test_13_two_drivers_have_names_and_networks_of_their_own(driver: drivers.Driver, tmp_path: Path) -> None:
    other = drivers.start("--name=lab", "--mode=flat", "--mtu=1300")
    try:
        docker("network", "create", "--driver=lab", "--subnet=10.9.0.0/24", "net1")
        assert '\\"driver\\":\\"lab\\"' in ovs("--columns=external_ids", "list", "bridge")
        assert '\\"mtu\\":1300' in ovs("--columns=external_ids", "list", "bridge")
        docker("network", "rm", "net1")
    finally:
        assert other.stop() == 0


def test_14_docker_adds_no_bridge_of_its_own(driver: drivers.Driver, container: ContainerFactory) -> None:
    docker("network", "create", "--driver=ovs", "--opt=ovs.mode=flat", "--ipam-driver=null", "bare")
    container("one", network="bare")
    assert "docker_gwbridge" not in docker("network", "ls", "--format={{.Name}}").split()


def test_a_failed_request_rolls_docker_back(driver: drivers.Driver, container: ContainerFactory) -> None:
    drivers.create("lab", "ovs.mode=flat")
    one = container("one")
    docker("network", "disconnect", "none", "one")
    with nothing_changed():
        refused = run("docker", "network", "connect", "--driver-opt=ovs.colour=red", "lab", one.name)
    assert "unknown option ovs.colour" in refused.err


def test_the_bodys_limit_is_told(driver: drivers.Driver) -> None:
    status, answer = post("NetworkDriver.CreateNetwork", {"NetworkID": NETWORK, "x": "y" * (2 << 20)})
    assert (status, answer) == (400, {"Err": "the body has more than 1 MiB"})
