"""del-ports in bulk: all of ours on a bridge, those that a file names, those that labels name; one transaction."""

from pathlib import Path

import pytest

from tests.host import services
from tests.integration.conftest import ContainerFactory
from tests.integration.support import fleet
from tests.integration.support.commands import Result, ours, ovs, run, script
from tests.integration.support.containers import Container

DONE = Result(0, "", "")


@pytest.fixture
def four(bridge: str, tmp_path: Path) -> list[Container]:
    """Return the attached containers c1 to c4."""
    containers = fleet.started(4)
    ours("add-ports", f"--file={fleet.file_for(tmp_path, containers)}", check=True)
    return containers


def removals() -> int:
    """Count the transactions by which del-ports removed ports."""
    shown = run("ovsdb-tool", "-m", "show-log", str(services.DATABASE), check=True).out
    return shown.count('"ovs-docker: del-port')


def test_all_takes_our_ports_off_the_bridge_in_one_transaction(four: list[Container]) -> None:
    before = removals()
    assert (ours("del-ports", "br-int", "--all"), removals() - before) == (DONE, 1)
    assert (fleet.attached(), ovs("list-ports", "br-int"), four[0].ip("link")[1:]) == ({}, "", [])


def test_all_leaves_other_bridges_and_other_tools_ports(four: list[Container], c5: Container) -> None:
    script("add-port", "br-int", "eth0", "c5", check=True)
    ovs("add-port", "br-int", "p0", "--", "set", "interface", "p0", "type=internal")
    ours("add-port", "br-other", "eth1", "c1", "--datapath-type=netdev", check=True)
    ours("del-ports", "br-int", "--all", check=True)
    assert sorted(fleet.attached()) == ["c1/eth1", "c5/eth0"]
    assert "p0" in ovs("list-ports", "br-int").split()


def test_a_file_names_what_is_detached_and_what_is_not_there_is_passed_over(
    four: list[Container], tmp_path: Path
) -> None:
    ours("del-port", "br-int", "eth0", "c1", check=True)
    file = fleet.ports_file(tmp_path, [fleet.port(name, number) for number, name in enumerate(("c1", "c2", "c9"), 1)])
    assert (ours("del-ports", f"--file={file}"), list(fleet.attached())) == (DONE, ["c3/eth0", "c4/eth0"])


@pytest.mark.parametrize("digits", [12, 16, 63, 64])
def test_a_file_may_name_containers_by_ids_of_any_length(four: list[Container], digits: int, tmp_path: Path) -> None:
    file = fleet.ports_file(tmp_path, [fleet.port(four[0].id[:digits], 1)])
    assert (ours("del-ports", f"--file={file}"), "c1/eth0" in fleet.attached()) == (DONE, False)


def test_labels_name_what_is_detached(bridge: str, container: ContainerFactory) -> None:
    for number, project in enumerate(("blue", "blue", "green"), 1):
        label = f"--label=ovs-docker.eth0=bridge=br-int ipaddress=10.0.0.{number}/24"
        container(f"c{number}", label, f"--label=com.docker.compose.project={project}")
    ours("add-ports", "--labels", check=True)
    assert ours("del-ports", "--labels", "--project=blue") == DONE
    assert list(fleet.attached()) == ["c3/eth0"]


def test_dry_run_touches_nothing(four: list[Container]) -> None:
    before = fleet.picture()
    result = ours("--dry-run", "del-ports", "br-int", "--all")
    removed = [line for line in result.out.splitlines() if line.startswith("remove port")]
    assert (result.code, len(removed), fleet.picture()) == (0, 4, before)


@pytest.fixture
def many(bridge: str) -> list[Container]:
    """Return the containers c1 to c12, attached to br-int."""
    containers = fleet.started(12)
    ours("add-ports", "br-int", "eth0", *fleet.names(containers), check=True)
    return containers


@pytest.fixture
def pair(container: ContainerFactory) -> tuple[Container, Container]:
    """Return p1 and p2, attached to br-pair as 10.0.0.1 and 10.0.0.2."""
    both = container("p1"), container("p2")
    words = ("add-ports", "br-pair", "eth0", "p1", "p2", "--ipaddress=10.0.0.1/24", "--datapath-type=netdev")
    ours(*words, check=True)
    return both


def test_many_ports_are_gone_before_a_busy_switch_has_closed_them(many: list[Container]) -> None:
    with services.vswitchd().paused():
        assert ours("--timeout=2", "del-ports", "br-int", "--all") == DONE
        assert (ovs("--no-wait", "list-ports", "br-int"), many[0].ip("link")[1:]) == ("", [])
    fleet.wait_until(lambda: "_l " not in run("ovs-appctl", "dpif/show").out)


def test_what_is_attached_while_the_switch_is_still_closing_others_works(
    many: list[Container], pair: tuple[Container, Container]
) -> None:
    ours("--no-wait", "del-ports", "br-int", "--all", check=True)
    ours("--no-wait", "del-port", "br-pair", "eth0", "p2", check=True)
    ours("add-port", "br-pair", "eth0", "p2", "--ipaddress=10.0.0.2/24", check=True)
    assert pair[0].pings("10.0.0.2")


def test_nothing_to_detach_is_success(bridge: str) -> None:
    assert ours("del-ports", bridge, "--all") == DONE


@pytest.fixture
def c5(container: ContainerFactory) -> Container:
    """Return one more container."""
    return container("c5")
