"""Drivers that come and go: their socket, their start without Docker or Open vSwitch, restarts, sudden deaths.

What each of them forgot or missed is put right by the next one.
"""

import socket
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.host import services
from tests.integration.conftest import ContainerFactory
from tests.integration.support import driver as drivers
from tests.integration.support.commands import OURS, docker, ovs, run
from tests.integration.support.driver import FLAT, POOL, SOCKET, Driver, asked, create, endpoints, post
from tests.integration.support.processes import wait_until
from tests.integration.support.refusal import nothing_changed

INTERFACE = {"Interface": {"Address": "10.9.0.2/24", "AddressIPv6": "", "MacAddress": ""}}


def test_8_docker_is_not_asked_while_it_waits_for_us() -> None:
    with services.dockerd().paused():
        driver = drivers.start()
        try:
            assert asked("CreateNetwork", **POOL, Options=FLAT) == {}
            asked("CreateEndpoint", **INTERFACE)
            asked("Join", SandboxKey="/x")
            assert [asked("Leave"), asked("DeleteEndpoint"), asked("DeleteNetwork")] == [{}, {}, {}]
        finally:
            assert driver.stop() == 0


def test_10_and_13_capabilities_are_right_from_the_first_moment() -> None:
    """Without Open vSwitch, too: Docker asks once in its life."""
    with services.ovsdb().stopped():
        driver = drivers.start()
        assert post("Plugin.Activate") == (200, {"Implements": ["NetworkDriver"]})
        assert post("NetworkDriver.GetCapabilities")[1]["Scope"] == "local"
    try:
        driver.says("Open vSwitch is there")
        assert asked("CreateNetwork", **POOL, Options=FLAT) == {}
        assert asked("DeleteNetwork") == {}
    finally:
        assert driver.stop() == 0


def test_11_the_socket_is_roots_and_goes_with_the_driver() -> None:
    with drivers.running():
        assert stat.S_IMODE(SOCKET.stat().st_mode) == 0o600
        second = run(OURS, "driver")
        assert (second.code, "another driver listens there" in second.err) == (1, True)
    assert not SOCKET.exists()


def test_11_a_dead_socket_is_replaced() -> None:
    SOCKET.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(SOCKET))
    with drivers.running():
        assert post("Plugin.Activate")[0] == 200


@pytest.fixture
def lasting() -> Iterator[list[Driver]]:
    """Return a list of drivers, of which the last one runs; a test may add others. They end with the test."""
    found = [drivers.start()]
    yield found
    if found[-1].process.poll() is not None:
        found.append(drivers.start())
    drivers.remove_networks()
    assert found[-1].stop() == 0
    assert not any("Traceback" in line or "Error:" in line for each in found for line in each.lines)


def test_a_killed_driver_is_missed_by_nobody(lasting: list[Driver], container: ContainerFactory) -> None:
    create("lab", "ovs.mode=flat")
    one, two = container("one", network="lab"), container("two", network="lab")
    lasting[-1].kill()
    assert one.pings("10.9.0.3")
    lasting.append(drivers.start())
    three = container("three", network="lab")
    assert (three.pings("10.9.0.2"), two.pings("10.9.0.4")) == (True, True)
    one.remove()
    assert len(endpoints()) == 2
    two.restart()
    assert two.pings("10.9.0.4")


def test_what_docker_forgot_meanwhile_goes_with_the_next_driver(
    lasting: list[Driver], container: ContainerFactory
) -> None:
    network = create("lab")
    two = container("two", network="lab")
    ids = {"NetworkID": network, "EndpointID": "e" * 64}  # as if Docker had been killed between its calls
    assert asked("CreateEndpoint", **ids, Interface={"Address": "10.9.0.99/24"}).get("Err") is None
    ports = {"com.docker.network.portmap": [{"Proto": 6, "Port": 80, "HostPort": 8080, "HostPortEnd": 8080}]}
    assert asked("ProgramExternalConnectivity", **ids, Options=ports) == {}
    assert asked("CreateNetwork", **POOL, Options=FLAT) == {}
    assert (len(endpoints()), "8080" in run("iptables-save").out) == (2, True)
    lasting[-1].kill()
    lasting.append(drivers.start())
    lasting[-1].says("removed network ffffffffffff, which Docker has forgotten")
    assert [each["attached-mac"] for each in endpoints()] == ["02:42:0a:09:00:02"]
    assert "8080" not in run("iptables-save").out
    assert ovs("list-br") == f"ovsbr-{network[:9]}"
    assert two.pings("10.9.0.1")


def test_a_reboot_is_healed_before_docker_is_asked(lasting: list[Driver], container: ContainerFactory) -> None:
    create("lab")
    one = container("one", network="lab")
    bridge = ovs("list-br")
    lasting[-1].kill()
    run("ip", "addr", "flush", "dev", bridge, check=True)
    run("ip", "link", "set", bridge, "down", check=True)
    for table in ("filter", "nat"):
        run("iptables", "-t", table, "-F", check=True)
    with services.dockerd().paused():
        lasting.append(drivers.start())
        assert "10.9.0.1/24" in run("ip", "addr", "show", bridge).out
        assert "MASQUERADE" in run("iptables-save").out
    assert one.pings("10.9.0.1")


def test_dockerd_is_killed_and_containers_live_on(lasting: list[Driver], container: ContainerFactory) -> None:
    create("lab")
    one, two = container("one", network="lab"), container("two", network="lab")
    services.dockerd().kill()
    services.dockerd().start()
    lasting[-1].says("Docker is there", times=2)
    assert one.pings("10.9.0.3")
    assert len(endpoints()) == 2
    two.remove()
    wait_until(lambda: len(endpoints()) == 1)
    container("three", network="lab").pings("10.9.0.1")


def test_open_vswitch_restarts(lasting: list[Driver], container: ContainerFactory) -> None:
    create("lab")
    services.ovsdb().restart()
    lasting[-1].says("Open vSwitch is there", times=2)
    assert container("one", network="lab").pings("10.9.0.1")


def test_fifty_endpoints_at_once_and_containers_too(lasting: list[Driver]) -> None:
    network = create("lab", "ovs.mode=flat", subnet="10.9.0.0/16")

    def endpoint(number: int) -> list[str]:
        ids = {"NetworkID": network, "EndpointID": f"{number:064x}"}
        interface = {"Address": f"10.9.1.{number}/16", "MacAddress": ""}
        answers = [asked("CreateEndpoint", **ids, Interface=interface), asked("Join", **ids)]
        return [str(answer["Err"]) for answer in (*answers, asked("DeleteEndpoint", **ids)) if "Err" in answer]

    def container(number: int) -> list[str]:
        done = run("docker", "run", "-d", f"--name=n{number}", "--network=lab", "netsho", timeout=120)
        return [done.err] if done.code else []

    with ThreadPoolExecutor(60) as pool:
        found = [*pool.map(endpoint, range(1, 51)), *pool.map(container, range(8))]
    assert found == [[]] * 58
    assert len(endpoints()) == 8


def test_9_a_request_ends_in_time_whatever_others_do(bridge: str) -> None:
    """Ten seconds, or as many as --timeout says."""
    options = {"com.docker.network.generic": {"ovs.mode": "flat", "ovs.bridge": bridge}}
    with drivers.running(program=(OURS, "--timeout=2")):
        assert asked("CreateNetwork", **POOL, Options=options) == {}
        with nothing_changed(), services.vswitchd().paused():
            assert "did not apply the change within 2 s" in asked("CreateEndpoint", **INTERFACE)["Err"]
        with services.ovsdb().paused():
            assert "gave up after 2 s waiting for the database" in asked("CreateEndpoint", **INTERFACE)["Err"]
        assert asked("DeleteEndpoint") == {}
        assert asked("DeleteNetwork") == {}


def test_the_words_of_docker_ovs_plugin_make_its_network(container: ContainerFactory) -> None:
    words = ("--mode=nat", "--gateway=172.18.40.1", "--bridge-subnet=172.18.40.0/24")
    for _ in range(2):
        driver = drivers.start(*words)
        wait_until(lambda: "ovs" in docker("network", "ls", "--format={{.Name}}").split())
        if not endpoints():
            one = container("one", network="ovs")
        assert one.pings("172.18.40.1")
        assert ovs("list-br") == "ovsbr-docker0"
        assert driver.stop() == 0
    with drivers.running():
        pass
