"""Open vSwitch in two containers on the host's network, its run directory shared with the host."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import DATAPATH
from tests.integration.support import fleet, lone_switch, ovs_image
from tests.integration.support.commands import Result, docker, ours, run
from tests.integration.support.containers import Container
from tests.integration.support.watching import watch


@pytest.fixture
def run_directory(tmp_path: Path) -> Iterator[Path]:
    """Return the run directory of an Open vSwitch in containers, the host's own being stopped meanwhile."""
    with lone_switch.no_switch_on_the_host():
        ovs_image.start(tmp_path, "--network=host")
        ovs_image.vsctl("add-br", "br-int", "--", "set", "bridge", "br-int", f"datapath_type={DATAPATH}")
        yield tmp_path / "run"


def test_its_database_is_named_and_all_is_as_usual(run_directory: Path, c1: Container, c2: Container) -> None:
    place = f"--db=unix:{run_directory}/db.sock"
    for number, container in enumerate((c1, c2), 1):
        done = ours(place, "add-port", "br-int", "eth0", container.name, f"--ipaddress=10.0.0.{number}/24")
        assert done == Result(0, "", "")
    assert c1.pings("10.0.0.2")


@pytest.mark.parametrize("named", ["ovsdb-server", "ovs-vswitchd"])
def test_either_container_may_be_named_and_the_host_ends_stay_on_the_host(
    run_directory: Path, c1: Container, c2: Container, named: str
) -> None:
    place = f"--ovs-container={named}"
    words = (place, "add-ports", "br-int", "eth0", "c1", "c2", "--ipaddress=10.0.0.1/24")
    assert ours(*words) == Result(0, "", "")
    ports = ovs_image.vsctl("list-ports", "br-int").split()
    assert (c1.pings("10.0.0.2"), lone_switch.host_ends(run("ip", "-json", "link").out)) == (True, sorted(ports))
    docker("restart", "--time=2", "ovsdb-server", "ovs-vswitchd")
    ovs_image.vsctl("show")
    ours(place, "sync", check=True)
    assert (c1.pings("10.0.0.2"), ours(place, "del-ports", "br-int", "--all")) == (True, Result(0, "", ""))


def test_two_containers_that_share_one_database_are_one_switch(run_directory: Path, c1: Container) -> None:
    found = ours("add-port", "br-int", "eth0", "c1")
    assert (found.code, found.err.startswith("ovs-docker: using the Open vSwitch of container ovs")) == (0, True)


@pytest.mark.parametrize("named", ["ovsdb-server", "ovs-vswitchd"])
def test_each_of_the_two_may_have_a_namespace_of_its_own(tmp_path: Path, named: str) -> None:
    with lone_switch.no_switch_on_the_host():
        ovs_image.start(tmp_path, "--network=none")
        ovs_image.vsctl("add-br", "br-int", "--", "set", "bridge", "br-int", f"datapath_type={DATAPATH}")
        c1, _ = fleet.started(2)
        place = f"--ovs-container={named}"
        ours(place, "add-ports", "br-int", "eth0", "c1", "c2", "--ipaddress=10.0.0.1/24", check=True)
        assert c1.pings("10.0.0.2")
        with watch(words=(place,)) as running:
            docker("restart", "--time=2", "ovs-vswitchd")
            running.says("restored port", 2)
        assert c1.pings("10.0.0.2")
