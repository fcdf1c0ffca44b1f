"""A database that answers, but whose ovs-vswitchd is not on this host: that is said, and nobody's ports are touched."""

from collections.abc import Iterator

import pytest

from tests.integration.support import fleet
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.elsewhere import Elsewhere, elsewhere
from tests.integration.support.refusal import nothing_changed, refusal
from tests.integration.support.watching import Watch

RUNS = (
    "on another host, or in a network namespace of its own "
    "(--db has to name the database of this host's Open vSwitch; --ovs-container=NAME names a container's)"
)


@pytest.fixture(scope="module")
def far(private_host: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    with elsewhere(tmp_path_factory.mktemp("far")) as other:
        yield other


def test_a_port_that_its_vswitchd_cannot_see_is_told_and_taken_back(c1: Container, far: Elsewhere) -> None:
    """Of a database without bridges nothing tells before a port is there whose it is."""
    far.vsctl("del-br", "br-far")
    before = far.vsctl("show")
    with nothing_changed():
        said = refusal(far.option, "add-port", "br-new", "eth0", "c1", "--datapath-type=netdev")
    words = said.split()
    device = words[words.index("device") + 1].rstrip(",")
    assert said == (
        f"ovs-vswitchd does not see device {device}, which is here: the ovs-vswitchd of this database runs {RUNS}"
    )
    assert (device[-2:], far.vsctl("show")) == ("_l", before)
    far.add_bridge("br-far")


@pytest.mark.parametrize("verb", ["sync", "watch"])
def test_neither_their_ports_nor_our_links_are_cleaned_up(
    verb: str, bridge: str, c1: Container, far: Elsewhere
) -> None:
    ours("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.1/24", check=True)
    ids = "external_ids={container_id=x,container_iface=eth0,owner=ovs-docker,ovs-docker-id=%s}" % ("0" * 64)
    far.vsctl("--no-wait", "add-port", "br-far", "0123456789abc_l", "--", "set", "interface", "0123456789abc_l", ids)
    said = "no bridge of this database has its device here (br-far): its ovs-vswitchd runs on another host"
    before = far.vsctl("list-ports", "br-far"), fleet.rows()
    with nothing_changed():
        if verb == "sync":
            assert refusal(far.option, "sync").startswith(said)
        else:
            running = Watch(far.option, "watch")
            running.says(said)
            running.stop()
    assert (far.vsctl("list-ports", "br-far"), fleet.rows()) == before
    assert before[0] == "0123456789abc_l"
    far.vsctl("--no-wait", "del-port", "0123456789abc_l")


def test_beside_its_socket_the_switch_is_found_in_its_namespace(c1: Container, c2: Container, far: Elsewhere) -> None:
    words = ("add-ports", "br-far", "eth0", "c1", "c2", "--ipaddress=10.0.0.1/24")
    assert ours(far.beside, *words) == Result(0, "", "")
    assert c1.pings("10.0.0.2")
    assert ours(far.beside, "del-ports", "br-far", "--all") == ours(far.beside, "sync") == Result(0, "", "")


def test_a_host_without_bridges_syncs_in_peace() -> None:
    assert (ovs("list-br"), ours("sync")) == ("", Result(0, "", ""))
