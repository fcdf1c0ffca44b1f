"""Containers that cannot take an interface, and those that look as if they could not.

Containers that go while they are being attached are in test_failures_midway.py.
"""

import pytest

from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import Result, docker, in_namespace, ours
from tests.integration.support.containers import Container
from tests.integration.support.refusal import ADD, nothing_changed, picture, refusal

NO_SUCH = "Failed to get the PID of the container {}: no such container (docker ps -a lists all containers)"
STOPPED = "container c1 is not running (docker start c1)"
ON_HOST = (
    "container {} is on the host's network: its interfaces would be the host's own "
    "(give it a network of its own, e.g. docker run --network none)"
)
EXISTS = "interface {} already exists in container c1 (choose another INTERFACE, or remove that one from the container)"


def addresses(container: Container) -> list[str]:
    return [address.split()[1] for address in picture()["containers"][container.name]["addresses"] if "eth0" in address]


def test_a_container_that_never_was_is_named(bridge: str) -> None:
    with nothing_changed():
        said = refusal("add-port", bridge, "eth0", "nowhere")
    assert said == NO_SUCH.format("nowhere")


@pytest.mark.parametrize("form", ["c1", "short_id", "id"])
def test_a_removed_container_is_named_as_typed(bridge: str, c1: Container, form: str) -> None:
    typed = getattr(c1, form, form)
    c1.remove()
    with nothing_changed():
        said = refusal("add-port", bridge, "eth0", typed)
    assert said == NO_SUCH.format(typed)


def test_part_of_a_name_is_another_name(bridge: str, container: ContainerFactory) -> None:
    container("c10")
    with nothing_changed():
        said = refusal(*ADD)
    assert said == NO_SUCH.format("c1")


def test_a_stopped_container_is_not_attached(bridge: str, c1: Container) -> None:
    c1.stop()
    with nothing_changed():
        said = refusal(*ADD)
    assert said == STOPPED


def test_a_container_that_was_never_started_is_not_attached(bridge: str) -> None:
    docker("create", "--name=c1", "--network=none", "netsho")
    with nothing_changed():
        said = refusal(*ADD)
    assert said == STOPPED


def test_a_paused_container_is_attached(bridge: str, c1: Container) -> None:
    c1.pause()
    assert ours(*ADD, "--ipaddress=10.0.0.1/24") == Result(0, "", "")
    c1.unpause()
    assert addresses(c1) == ["10.0.0.1/24"]


def test_a_container_paused_and_stopped_is_not_attached(bridge: str, c1: Container) -> None:
    c1.pause()
    docker("kill", "c1")
    with nothing_changed():
        said = refusal(*ADD)
    assert said == STOPPED


def test_a_container_on_the_hosts_network_is_not_attached(bridge: str, container: ContainerFactory) -> None:
    container("c1", network="host")
    with nothing_changed():
        said = refusal(*ADD)
    assert said == ON_HOST.format("c1")


def test_nor_is_one_that_shares_the_hosts_network_with_another(bridge: str, container: ContainerFactory) -> None:
    container("c1", network="host")
    container("c2", network="container:c1")
    with nothing_changed():
        said = refusal("add-port", bridge, "eth0", "c2")
    assert said == ON_HOST.format("c2")


def test_a_container_that_shares_anothers_network_is_attached(bridge: str, container: ContainerFactory) -> None:
    c1 = container("c1")
    container("c2", network="container:c1")
    assert ours("add-port", bridge, "eth0", "c2", "--ipaddress=10.0.0.1/24") == Result(0, "", "")
    assert addresses(c1) == ["10.0.0.1/24"]


def test_an_interface_that_the_shared_network_has_already_is_named(bridge: str, container: ContainerFactory) -> None:
    container("c2", network=f"container:{container('c1').id}")
    ours("add-port", bridge, "eth0", "c2", check=True)
    with nothing_changed():
        said = refusal(*ADD)
    assert said == EXISTS.format("eth0")


@pytest.mark.parametrize("interface", ["lo", "eth0"])
def test_an_interface_that_the_container_has_already_is_named(bridge: str, c1: Container, interface: str) -> None:
    in_namespace(c1.pid, "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "peer0")
    with nothing_changed():
        said = refusal("add-port", bridge, interface, "c1")
    assert said == EXISTS.format(interface)


def test_ipv6_is_switched_on_where_docker_switched_it_off(bridge: str, c1: Container, c2: Container) -> None:
    ours(*ADD, "--ipaddress=2001:db8::1/64", check=True)
    ours("add-port", bridge, "eth0", "c2", "--ipaddress=2001:db8::2/64", check=True)
    assert c1.pings("2001:db8::2")
