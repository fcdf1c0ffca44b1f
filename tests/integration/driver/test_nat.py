"""nat and routed networks as Docker's users know them: a way out, published ports, and walls between networks.

Which rules do that is in test_firewall*.py.
"""

from collections.abc import Callable

import pytest

from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import ovs, run, start
from tests.integration.support.containers import Container
from tests.integration.support.driver import create, endpoints, remove_networks
from tests.integration.support.processes import wait_until
from tests.integration.support.refusal import nothing_changed

pytestmark = pytest.mark.usefixtures("driver")
OUTSIDE, HERE = "192.0.2.9", "192.0.2.1"


@pytest.fixture
def outside(far_end: Callable[[str], None]) -> None:
    """Put another host on the host's own network; only the host's address is known there."""
    far_end(f"{OUTSIDE}/24")
    run("ip", "addr", "add", f"{HERE}/24", "dev", "up0", check=True)


def serve(container: Container, says: str = "hello") -> None:
    """Answer each TCP connection to port 80 with a word."""
    container.exec_background("sh", "-c", f"while true; do echo {says} | nc -l -p 80; done")


def said(*command: str) -> str:
    """Return what a client hears, as soon as the server is up."""
    heard = ""

    def hears() -> bool:
        nonlocal heard
        heard = run(*command, timeout=20).out.strip()
        return bool(heard)

    wait_until(hears)
    return heard


def silent(*command: str) -> bool:
    return run(*command, timeout=20).out.strip() == ""


def client(address: str, port: int, *before: str) -> tuple[str, ...]:
    """Return a command that connects and prints what it hears."""
    family = f"[{address}]" if ":" in address else address
    return (*before, "curl", "-s", "-m", "2", "--http0.9", f"http://{family}:{port}")


def inside(container: Container, address: str, port: int) -> tuple[str, ...]:
    return ("docker", "exec", container.id, "nc", "-w", "2", address, str(port))


def test_containers_reach_the_outside_and_each_other(container: ContainerFactory, outside: None) -> None:
    create("lab", "ovs.mode=nat")
    one, two = container("one", network="lab"), container("two", network="lab")
    assert (one.pings("10.9.0.3"), two.pings("10.9.0.1"), one.pings(OUTSIDE)) == (True, True, True)


def test_published_ports_answer_from_everywhere(container: ContainerFactory, outside: None) -> None:
    create("lab")
    one, two = container("one", "--publish=8080:80", network="lab"), container("two", network="lab")
    serve(one)
    assert said(*client(HERE, 8080, "ip", "netns", "exec", "far")) == "hello"
    assert said(*client(HERE, 8080)) == "hello"
    assert said(*client("127.0.0.1", 8080)) == "hello"
    assert said(*inside(two, HERE, 8080)) == "hello"
    assert said(*inside(one, HERE, 8080)) == "hello"
    one.stop()
    assert "8080" not in run("iptables-save").out
    one.start()
    serve(one)
    assert said(*client("127.0.0.1", 8080)) == "hello"


def test_host_addresses_ranges_and_ports_of_dockers_choice(container: ContainerFactory, outside: None) -> None:
    create("lab")
    container("one", "--publish=127.0.0.1:8080:80", "--publish=9000-9001:90-91/udp", "--publish=80", network="lab")
    container("two", "--publish=192.0.2.1:8080:80", "--publish=8100-8110:80", network="lab")
    container("three", "--publish=8100-8110:80", network="lab")
    ports = sorted(ids["ovs-docker-ports"] for ids in endpoints() if "ovs-docker-ports" in ids)
    assert '["tcp","",8101,"10.9.0.4",80]' in "".join(ports)
    rules = run("iptables-save", "-t", "nat").out
    for words in ("-d 127.0.0.1/32 -p tcp -m tcp --dport 8080", "-d 192.0.2.1/32 -p tcp", "-p udp -m udp --dport 9001"):
        assert words in rules


def test_a_port_that_is_taken_is_refused(container: ContainerFactory) -> None:
    create("lab")
    container("one", "--publish=8080:80", network="lab")
    words = ("docker", "run", "-d", "--name=two", "--network=lab")
    refused = run(*words, "--publish=8080:81", "netsho")
    assert "port 0.0.0.0:8080/tcp is already allocated" in refused.err
    assert len(endpoints()) == 1
    run("docker", "rm", "-f", "two")
    server = "import socket, time; s = socket.create_server(('127.0.0.1', 8099)); print(1, flush=True); time.sleep(60)"
    taking = start("python3", "-c", server)
    assert taking.stdout and taking.stdout.readline()
    refused = run(*words, "--publish=8099:80", "netsho")
    taking.kill()
    taking.communicate()
    assert "port 0.0.0.0:8099/tcp is already allocated" in refused.err


def test_networks_do_not_reach_each_other(container: ContainerFactory) -> None:
    create("red")
    create("blue", subnet="10.10.0.0/24")
    create("shut", "--internal", subnet="10.11.0.0/24")
    red, blue, shut = (container(name, network=name) for name in ("red", "blue", "shut"))
    assert blue.pings("10.10.0.1")
    assert not red.pings("10.10.0.2", seconds=1)
    assert not shut.pings("10.9.0.2", seconds=1)
    assert shut.pings("10.11.0.1")


def test_ipv6_goes_out_and_in(container: ContainerFactory, outside: None) -> None:
    run("ip", "addr", "add", "2001:db8::1/64", "dev", "up0", "nodad", check=True)
    run("ip", "-n", "far", "addr", "add", "2001:db8::9/64", "dev", "eth0", "nodad", check=True)
    create("lab", "--ipv6", "--subnet=fd00:9::/64")
    one = container("one", "--publish=8080:80", network="lab")
    assert one.pings("2001:db8::9")
    one.exec_background("sh", "-c", "while true; do echo six | nc -l -p 80; done")
    assert said(*client("2001:db8::1", 8080, "ip", "netns", "exec", "far")) == "six"


def test_routed_containers_are_reached_by_their_own_addresses(container: ContainerFactory, outside: None) -> None:
    run("ip", "-n", "far", "route", "add", "10.9.0.0/24", "via", HERE, check=True)
    create("lab", "ovs.mode=routed")
    one = container("one", "--publish=80", network="lab")
    serve(one)
    assert one.pings(OUTSIDE)
    assert said(*client("10.9.0.2", 80, "ip", "netns", "exec", "far")) == "hello"
    assert "MASQUERADE" not in run("iptables-save").out


def test_a_gateway_in_a_vlan_of_a_shared_bridge_has_a_device_of_its_own(
    container: ContainerFactory, bridge: str, outside: None
) -> None:
    create("lab", f"ovs.bridge={bridge}", "ovs.vlan=7")
    one = container("one", network="lab")
    assert one.pings(OUTSIDE)
    (device,) = [port for port in ovs("list-ports", bridge).split() if port.startswith("ovsgw-")]
    assert ovs("get", "port", device, "tag") == "7"
    assert "10.9.0.1" not in run("ip", "addr", "show", bridge).out
    remove_networks()
    assert ovs("list-ports", bridge) == ""


def test_everything_is_gone_afterwards(container: ContainerFactory, bridge: str) -> None:
    before = [run(f"{tool}-save").out.count("\n-A") for tool in ("iptables", "ip6tables")]
    with nothing_changed():
        create("lab", "--ipv6", "--subnet=fd00:9::/64")
        container("one", "--publish=8080:80", network="lab")
        remove_networks()
    assert [run(f"{tool}-save").out.count("\n-A") for tool in ("iptables", "ip6tables")] == before


def test_a_nat_network_without_addresses_is_refused() -> None:
    refused = run("docker", "network", "create", "--driver=ovs", "--ipam-driver=null", "bare")
    assert "ovs.mode=nat needs a subnet" in refused.err


def test_a_gateway_that_the_host_has_already_is_refused(outside: None) -> None:
    with nothing_changed():
        refused = run(
            "docker", "network", "create", "--driver=ovs", "--subnet=192.0.2.0/24", f"--gateway={HERE}", "lab"
        )
    assert f"gateway {HERE}: is an address of this host already" in refused.err
