"""sync: what restarts took comes back as it was, what removed containers and crashes left goes, a second run rests."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.host import services
from tests.integration.conftest import ContainerFactory
from tests.integration.support import fleet, ports
from tests.integration.support.commands import Result, ours, run
from tests.integration.support.containers import Container
from tests.integration.support.processes import ended, started, wait_until
from tests.integration.support.snapshot import Picture, snapshot

DONE = Result(0, "", "")
EVERYTHING = (
    *("--ipaddress=10.0.0.1/24,2001:db8::1/64", "--gateway=10.0.0.254", "--route=10.9.0.0/16,10.0.0.253"),
    *("--vlan=5", "--trunks=10,20-22", "--mtu=1400", "--iface-id=lsp1", "--external-id=tenant=blue"),
)


@pytest.fixture
def attached(bridge: str, c1: Container) -> Container:
    """Return c1, attached with every option there is."""
    ours("add-port", bridge, "eth0", "c1", *EVERYTHING, check=True)
    return c1


def wiring() -> tuple[Picture, Picture]:
    """Return what a restored port has in common with itself before: its rows, and the container's end."""
    return fleet.rows(), snapshot()["containers"]


def test_a_restarted_container_has_its_port_back_as_it_was(attached: Container) -> None:
    before = wiring()
    attached.restart()
    assert wiring() != before
    (port,) = before[0]
    assert ours("sync") == Result(0, f"restored port {port} of eth0 of container c1 on bridge br-int\n", "")
    assert wiring() == before


def test_the_number_that_flows_name_is_kept_beside_younger_ports(three: list[Container]) -> None:
    before = fleet.rows()
    for container in three[:2]:
        container.restart()
    ours("sync", check=True)
    assert fleet.rows() == before
    assert three[0].pings("10.0.0.3")


def test_a_second_run_does_nothing(three: list[Container]) -> None:
    fleet.restart(three)
    ours("sync", check=True)
    before = snapshot()
    assert (ours("sync"), snapshot()) == (DONE, before)


def test_with_nothing_to_do_nothing_is_written(three: list[Container]) -> None:
    before = run("ovsdb-tool", "show-log", str(services.DATABASE)).out, snapshot()
    assert ours("sync") == DONE
    assert (run("ovsdb-tool", "show-log", str(services.DATABASE)).out, snapshot()) == before


def test_a_removed_containers_port_goes(three: list[Container]) -> None:
    three[1].remove()
    result = ours("sync")
    assert (result.code, result.err, "of eth0 of container c2, which is gone" in result.out) == (0, "", True)
    assert fleet.attached() == {"c1/eth0": ["10.0.0.1/24"], "c3/eth0": ["10.0.0.3/24"]}


def test_a_stopped_containers_port_waits_for_it(three: list[Container]) -> None:
    before = fleet.rows()
    three[1].stop()
    assert ours("sync") == DONE
    three[1].start()
    ours("sync", check=True)
    assert (fleet.rows(), three[1].pings("10.0.0.1")) == (before, True)


def test_a_stray_veth_pair_goes(three: list[Container]) -> None:
    (stray,) = [name for name, row in fleet.rows().items() if "container_id=c2" in str(row)]
    fleet.lose_row(stray)
    assert ours("sync") == Result(0, f"deleted stray veth pair {stray}\n", "")
    assert (three[1].ip("link")[1:], ours("sync")) == ([], DONE)


def test_a_lock_is_not_held_while_other_work_is_waited_for(three: list[Container]) -> None:
    """That of a stray's interface: whoever held it and waited for another would wait for add-ports, and it for him."""
    fleet.lose_row(port := ports.of("c2"))
    three[0].restart()
    with services.vswitchd().paused():
        syncing = started("--timeout=8", "sync")
        wait_until(lambda: not links(port))  # then it restores c1, and waits for vswitchd
        time.sleep(0.5)
        again = ours("--timeout=4", "--no-wait", "add-port", "br-int", "eth0", "c2")
    assert (again, ended(syncing).code) == (DONE, 0)


def links(name: str) -> bool:
    return run("ip", "link", "show", name).code == 0


def test_a_row_without_its_veth_pair_is_made_whole(three: list[Container]) -> None:
    before = wiring()
    (row,) = [name for name, row in fleet.rows().items() if "container_id=c2" in str(row)]
    run("ip", "link", "delete", row, check=True)
    assert ours("sync") == Result(0, f"restored port {row} of eth0 of container c2 on bridge br-int\n", "")
    assert wiring() == before


def test_dry_run_says_what_would_be_done_and_touches_nothing(three: list[Container]) -> None:
    three[0].restart()
    three[1].remove()
    fleet.links_are_gone("c1", "c2")
    before = snapshot()
    foretold = ours("--dry-run", "sync")
    assert (foretold.code, len(foretold.out.splitlines()), snapshot()) == (0, 2, before)
    done = foretold.out.replace("would remove", "removed").replace("would restore", "restored")
    assert (ours("sync"), foretold.out.count("would ")) == (replace(foretold, out=done), 2)


def test_programs_read_what_would_be_done(three: list[Container]) -> None:
    three[1].remove()
    told = json.loads(ours("--format=json", "--dry-run", "sync").out)
    assert [(list(each), each["step"].split()[:2]) for each in told["data"]] == [(["step"], ["would", "remove"])]


def test_programs_read_what_was_done(three: list[Container]) -> None:
    three[1].remove()
    told = json.loads(ours("--format=json", "sync").out)
    assert (told["command"], told["status"], len(told["data"])) == ("sync", "success", 1)
    assert told["data"][0]["done"].endswith("of eth0 of container c2, which is gone")


def test_wishes_of_labels_and_files_are_attached(bridge: str, container: ContainerFactory, tmp_path: Path) -> None:
    container("c1", "--label=ovs-docker.eth0=bridge=br-int ipaddress=10.0.0.1/24")
    container("c2")
    file = f"--file={fleet.ports_file(tmp_path, [fleet.port('c2', 2)])}"
    for wishes in ("--labels", file):
        first = ours("sync", wishes)
        assert (first.code, first.err, len(first.out.splitlines())) == (0, "", 1)
        assert ours("sync", wishes) == DONE
    assert fleet.attached() == {"c1/eth0": ["10.0.0.1/24"], "c2/eth0": ["10.0.0.2/24"]}
