"""add-ports: many at once, all or none, again and again; one transaction for all of them."""

import json
from pathlib import Path

import pytest

from tests.host import services
from tests.integration.support import fleet
from tests.integration.support.commands import OURS, Result, ours, ovs, run
from tests.integration.support.containers import Container

DONE = Result(0, "", "")
MISSING = "Failed to get the PID of the container c4: no such container"


@pytest.fixture
def six(bridge: str) -> list[Container]:
    """Return the containers c1 to c6, beside an empty bridge."""
    return fleet.started(6)


@pytest.fixture
def broken(six: list[Container], tmp_path: Path) -> str:
    """Return a file whose ports[3], in the middle, cannot be: its container c4 has gone."""
    six[3].remove()
    return fleet.file_for(tmp_path, six)


def transactions() -> list[str]:
    """Return the comments that add-ports left in the database's log, a line each."""
    shown = run("ovsdb-tool", "-m", "show-log", str(services.DATABASE), check=True).out
    return [line for line in shown.splitlines() if '"ovs-docker: add-port' in line]


def test_traffic_flows_between_any_two_of_them(six: list[Container], tmp_path: Path) -> None:
    ours("add-ports", f"--file={fleet.file_for(tmp_path, six)}", check=True)
    assert [six[0].pings("10.0.0.6"), six[5].pings("10.0.0.3")] == [True, True]


def test_one_transaction_makes_the_bridge_and_all_ports(container: object) -> None:
    names = fleet.names(fleet.started(3))
    before = len(transactions())
    words = ("add-ports", "br-new", "eth0", *names, "--ipaddress=10.0.0.1/24", "--datapath-type=netdev")
    ours(*words, check=True)
    assert (len(transactions()) - before, len(ovs("list-ports", "br-new").split())) == (1, 3)
    said = "add-port eth0 of container c1, eth0 of container c2, eth0 of container c3"
    assert said in transactions()[-1]


def test_openflow_numbers_count_up_in_the_order_of_the_list(six: list[Container]) -> None:
    names = fleet.names(six)
    ours("add-ports", "br-int", "eth0", *names[:3], check=True)
    ours("add-ports", "br-int", "eth0", *reversed(names[3:]), check=True)
    found = json.loads(ours("--format=json", "list-ports", check=True).out)["data"]
    assert [(port["container_name"], port["ofport"]) for port in found] == [
        ("c1", 1),
        ("c2", 2),
        ("c3", 3),
        ("c4", 6),
        ("c5", 5),
        ("c6", 4),
    ]


def test_a_number_that_is_asked_for_is_left_out(six: list[Container], tmp_path: Path) -> None:
    ports = [fleet.port(each.name, number) for number, each in enumerate(six[:3], 1)]
    ports[2] |= {"ofport": 1}
    ours("add-ports", f"--file={fleet.ports_file(tmp_path, ports)}", check=True)
    found = json.loads(ours("--format=json", "list-ports", check=True).out)["data"]
    assert [port["ofport"] for port in found] == [2, 3, 1]


def test_all_that_fail_are_named(six: list[Container], tmp_path: Path) -> None:
    six[1].remove()
    six[4].remove()
    result = ours("add-ports", f"--file={fleet.file_for(tmp_path, six)}")
    assert (result.code, [line.split("(container ")[1][:2] for line in result.err.splitlines()]) == (1, ["c2", "c5"])


def test_one_that_fails_undoes_all_and_is_named(broken: str) -> None:
    before = fleet.picture()
    result = ours("add-ports", f"--file={broken}")
    assert (result.code, result.out, fleet.picture()) == (1, "", before)
    assert f"ports[3] (container c4): {MISSING}" in result.err


def test_one_that_the_switch_refuses_undoes_all_and_the_new_bridge(six: list[Container], tmp_path: Path) -> None:
    ports = [fleet.port(each.name, number) for number, each in enumerate(six, 1)]
    ports[0] |= {"bridge": "br-new", "datapath-type": "netdev"}
    ports[2] |= {"ofport": 7}
    before = fleet.picture()
    ovs("add-port", "br-int", "p7", "--", "set", "interface", "p7", "type=internal", "ofport_request=7")
    result = ours("add-ports", f"--file={fleet.ports_file(tmp_path, ports)}")
    ovs("del-port", "p7")
    assert (result.code, fleet.picture()) == (1, before)
    assert "ports[2] (container c3): --ofport=7: bridge br-int gave" in result.err


def test_keep_going_attaches_the_rest_and_lists_what_failed(broken: str) -> None:
    result = ours("add-ports", f"--file={broken}", "--keep-going")
    lines = result.err.splitlines()
    assert (result.code, len(lines), lines[-1]) == (1, 2, "ovs-docker: 1 of 6 ports not attached")
    assert f"ports[3] (container c4): {MISSING}" in lines[0]
    assert fleet.attached() == {f"c{number}/eth0": [f"10.0.0.{number}/24"] for number in (1, 2, 3, 5, 6)}


def test_keep_going_tells_programs_what_failed_and_what_did_not(broken: str) -> None:
    result = ours("--format=json", "add-ports", f"--file={broken}", "--keep-going")
    told = json.loads(result.out)
    assert (result.code, told["status"], [error["code"] for error in told["errors"]]) == (
        1,
        "error",
        ["no-such-container"],
    )
    assert [(port["container_name"], port["state"]) for port in told["data"]] == [
        (f"c{number}", "up") for number in (1, 2, 3, 5, 6)
    ]


def test_the_same_file_can_be_applied_again_and_again(six: list[Container], tmp_path: Path) -> None:
    words = ("add-ports", f"--file={fleet.file_for(tmp_path, six)}", "--may-exist")
    assert ours(*words) == DONE
    before = (fleet.picture(), len(transactions()))
    assert (ours(*words), (fleet.picture(), len(transactions()))) == (DONE, before)


def test_what_the_kernel_refuses_to_one_does_not_keep_the_others_waiting(six: list[Container], tmp_path: Path) -> None:
    """The second try needs the locks that the first one held."""
    refused, *others = (fleet.port(container.name, number) for number, container in enumerate(six, 1))
    wishes = [{**refused, "ipaddress": "::1/128"}, *others]
    done = ours("--timeout=8", "add-ports", "--keep-going", f"--file={fleet.ports_file(tmp_path, wishes)}")
    assert (done.code, "the kernel refused it" in done.err, len(fleet.attached())) == (1, True, len(six) - 1)


def test_applying_again_attaches_only_what_is_missing(six: list[Container], tmp_path: Path) -> None:
    words = ("add-ports", f"--file={fleet.file_for(tmp_path, six)}", "--may-exist")
    ours(*words, check=True)
    before = fleet.picture()
    ours("del-port", "br-int", "eth0", "c5", check=True)
    assert (ours(*words), fleet.picture()) == (DONE, before)


def test_without_may_exist_one_that_is_attached_fails_all(six: list[Container], tmp_path: Path) -> None:
    ours("add-port", "br-int", "eth0", "c5", check=True)
    before = fleet.picture()
    result = ours("add-ports", f"--file={fleet.file_for(tmp_path, six)}")
    assert (result.code, fleet.picture()) == (1, before)
    assert "ports[4] (container c5): Port already attached for CONTAINER=c5" in result.err


def test_dry_run_says_it_all_and_touches_nothing(six: list[Container], tmp_path: Path) -> None:
    before = fleet.picture()
    result = ours("--dry-run", "add-ports", f"--file={fleet.file_for(tmp_path, six)}")
    made = [line for line in result.out.splitlines() if line.startswith("make veth pair")]
    assert (result.code, len(made), fleet.picture()) == (0, 6, before)


def test_more_containers_than_open_files_are_allowed(bridge: str, tmp_path: Path) -> None:
    containers = fleet.started(20)
    file = fleet.file_for(tmp_path, containers)
    run("prlimit", "--nofile=24:4096", OURS, "add-ports", f"--file={file}", check=True)
    assert len(fleet.attached()) == 20
