"""Ports on logical switches over restarts, removals and kills of containers and of calls; many at once."""

import json
import time
from pathlib import Path

import pytest

from tests.host import ovn
from tests.integration.support import fleet, logical, ports
from tests.integration.support.commands import Result, ours
from tests.integration.support.containers import Container
from tests.integration.support.processes import started, wait_until
from tests.integration.support.refusal import ADD, DEL, refusal
from tests.integration.support.watching import watch

DONE = Result(0, "", "")
ON_LS0 = "--logical-switch=ls0"
FIRST = (*ADD, ON_LS0, "--ipaddress=10.0.0.2/24", "--port-security")


pytestmark = pytest.mark.usefixtures("routed_ls0")


@pytest.fixture
def two(c1: Container, c2: Container) -> tuple[Container, Container]:
    """Attach both containers to the switch."""
    ours(*FIRST, check=True)
    ours("add-port", "br-int", "eth0", "c2", ON_LS0, "--ipaddress=dynamic", check=True)
    return c1, c2


def kept() -> object:
    """Return what outlives a restart: the ports with their records, but for OpenFlow's statistics, and the network."""
    return [logical.without_state(str(row)) for row in fleet.rows().values()], logical.picture()


def test_sync_restores_a_restarted_container(two: tuple[Container, Container]) -> None:
    before, port = kept(), ports.of("c1")
    for container in two:
        container.restart()
    done = ours("sync")
    assert (done.code, sorted(line[:13] for line in done.out.splitlines())) == (0, ["restored port"] * 2)
    assert (kept(), ports.record(port)["ovn-installed"], two[0].pings("10.0.0.3")) == (before, "true", True)


def test_watch_restores_a_restarted_container(two: tuple[Container, Container]) -> None:
    before = kept()
    with watch() as running:
        two[1].restart()
        running.says("restored port")
        assert (kept(), running.count("warning"), two[1].pings("10.0.0.2")) == (before, 0, True)


def test_sync_takes_a_removed_containers_logical_port_away(two: tuple[Container, Container]) -> None:
    two[0].remove()
    done = ours("sync")
    assert (done.out.split()[0], logical.ports()) == ("removed", {"ls0": ["c2_eth0", "ls0-lr0"]})


def test_sync_does_the_rest_where_the_northbound_database_is_away(two: tuple[Container, Container]) -> None:
    ours("add-port", "br-int", "eth1", "c1", check=True)
    two[0].remove()
    with ovn.northbound().stopped():
        done = ours("sync")
    ovn.northd().restart()
    lines = done.err.splitlines()
    assert (done.code, done.out.count("removed port"), len(lines)) == (1, 1, 2)
    assert "whose containers are gone: no server leads the OVN northbound database" in lines[0]
    assert (ours("sync").out.count("removed port"), logical.ports()) == (1, {"ls0": ["c2_eth0", "ls0-lr0"]})


def uuid(name: str) -> str:
    return logical.nb("--bare", "--columns=_uuid", "find", "Logical_Switch_Port", f"name={name}")


def test_the_same_call_again_after_a_restart_keeps_the_logical_port(two: tuple[Container, Container]) -> None:
    """Its row, that is: port groups and their ACLs refer to that."""
    c1, before, rows = two[0], logical.picture(), uuid("c1_eth0")
    c1.restart()
    assert (ours(*FIRST), logical.picture(), uuid("c1_eth0"), c1.pings("10.0.0.3")) == (DONE, before, rows, True)


def test_a_replacement_that_fails_leaves_the_logical_port_as_it_was(two: tuple[Container, Container]) -> None:
    two[0].restart()
    with ovn.controller().stopped(), logical.nothing_changed():
        refusal("--timeout=1.5", *ADD, ON_LS0, "--ipaddress=10.0.0.9/24", "--macaddress=02:00:00:00:00:09")


def test_a_replacement_without_a_logical_switch_takes_the_logical_port_away(two: tuple[Container, Container]) -> None:
    two[0].restart()
    assert (ours(*ADD), logical.ports()) == (DONE, {"ls0": ["c2_eth0", "ls0-lr0"]})


def test_what_a_killed_call_left_the_next_one_takes_over(c1: Container) -> None:
    dynamic = (*ADD, ON_LS0, "--ipaddress=dynamic")
    with ovn.northd().stopped():
        process = started(*dynamic)
        wait_until(lambda: "c1_eth0" in logical.ports()["ls0"])
        process.kill()
        process.communicate()
    assert (ours(*dynamic), logical.ports(), ours(*DEL), logical.ports()) == (
        DONE,
        {"ls0": ["c1_eth0", "ls0-lr0"]},
        DONE,
        {"ls0": ["ls0-lr0"]},
    )


@pytest.mark.parametrize("after", ["the container stays", "the container is removed"])
def test_what_a_killed_call_left_sync_takes_away(c1: Container, after: str) -> None:
    with ovn.northd().stopped():
        process = started(*ADD, ON_LS0, "--ipaddress=dynamic")
        wait_until(lambda: "c1_eth0" in logical.ports()["ls0"])
        process.kill()
        process.communicate()
    if after == "the container is removed":
        c1.remove()
    before = logical.picture()
    assert (ours("--dry-run", "sync").out, logical.picture()) == ("would remove stray logical port c1_eth0\n", before)
    assert (ours("sync").out, logical.ports()) == ("removed stray logical port c1_eth0\n", {"ls0": ["ls0-lr0"]})
    assert ours("sync") == DONE


def test_sync_leaves_logical_ports_of_other_hosts_and_of_other_tools(two: tuple[Container, Container]) -> None:
    logical.nb("lsp-add", "ls0", "theirs", "--", "set", "Logical_Switch_Port", "theirs", "external_ids:owner=others")
    marks = ("external_ids:owner=ovs-docker", "external_ids:ovs-docker-host=host2", "external_ids:ovs-docker-id=x")
    logical.nb("lsp-add", "ls0", "elsewhere", "--", "set", "Logical_Switch_Port", "elsewhere", *marks)
    before = logical.picture()
    assert (ours("sync"), logical.picture()) == (DONE, before)


def test_sync_makes_logical_ports_again_that_somebody_deleted(two: tuple[Container, Container]) -> None:
    """With the addresses that the containers have, those that OVN had chosen, too."""
    words = logical.port("c2_eth0")["dynamic_addresses"]
    logical.nb("lsp-del", "c1_eth0", "--", "lsp-del", "c2_eth0")
    told = sorted(f"restored logical port {port} on logical switch ls0" for port in ("c1_eth0", "c2_eth0"))
    foretold = [line.replace("restored", "would restore") for line in told]
    assert sorted(ours("--dry-run", "sync").out.splitlines()) == foretold
    assert logical.ports() == {"ls0": ["ls0-lr0"]}
    assert (sorted(ours("sync").out.splitlines()), logical.port("c2_eth0")["addresses"]) == (told, words)
    assert (ours("sync"), ours("check").code, two[0].pings("10.0.0.3")) == (DONE, 0, True)
    assert (ours("del-ports", "br-int", "--all"), logical.ports()) == (DONE, {"ls0": ["ls0-lr0"]})


def test_sync_restores_a_port_of_which_both_ends_are_gone(two: tuple[Container, Container]) -> None:
    logical.nb("lsp-del", "c1_eth0")
    two[0].restart()
    assert [line[:13] for line in ours("sync").out.splitlines()] == ["restored logi", "restored port"]
    assert (ours("sync"), two[0].pings("10.0.0.3")) == (DONE, True)


def test_sync_tells_of_logical_ports_whose_switch_is_gone_and_makes_the_others(c1: Container, c2: Container) -> None:
    logical.switch("ls1")
    ours(*FIRST, check=True)
    ours("add-port", "br-int", "eth1", "c1", "--logical-switch=ls1", check=True)
    ours("add-port", "br-int", "eth1", "c2", "--logical-switch=ls1", check=True)
    logical.nb("ls-del", "ls1", "--", "lsp-del", "c1_eth0")
    done = ours("sync")
    lines = done.err.splitlines()
    assert (done.code, done.out, len(lines)) == (1, "restored logical port c1_eth0 on logical switch ls0\n", 3)
    assert [("eth1 of container" in line, "--logical-switch=ls1: there is none" in line) for line in lines] == [
        *((True, True),) * 2,
        (False, False),
    ]


def test_sync_leaves_somebody_elses_logical_port_of_that_name_alone(c1: Container) -> None:
    ours(*FIRST, check=True)
    logical.nb("lsp-del", "c1_eth0", "--", "lsp-add", "ls0", "c1_eth0")
    before = logical.picture()
    assert (ours("sync"), logical.picture()) == (DONE, before)


def test_sync_does_not_take_the_logical_port_of_an_add_port_under_way(c1: Container) -> None:
    with ovn.northd().stopped():
        adding = started(*ADD, ON_LS0, "--ipaddress=dynamic")
        wait_until(lambda: "c1_eth0" in logical.ports()["ls0"])
        syncing = started("sync")
        time.sleep(0.5)
        assert (syncing.poll(), "c1_eth0" in logical.ports()["ls0"]) == (None, True)
    assert (adding.wait(30), syncing.wait(30), "c1_eth0" in logical.ports()["ls0"]) == (0, 0, True)
    adding.communicate()
    syncing.communicate()


def test_may_exist_compares_what_is_ovns(two: tuple[Container, Container]) -> None:
    dynamic = ("add-port", "br-int", "eth0", "c2", ON_LS0, "--ipaddress=dynamic", "--may-exist")
    assert [ours(*FIRST, "--may-exist"), ours(*dynamic)] == [DONE, DONE]
    said = [
        refusal(*ADD, "--may-exist", "--logical-switch=ls9"),
        refusal(*dynamic, "--port-security"),
        refusal(*ADD, ON_LS0, "--ipaddress=dynamic", "--may-exist"),
    ]
    differ = [line.partition("not as asked: ")[2].partition(" ")[0] for line in said]
    assert differ == ["--logical-switch", "--port-security", "--ipaddress"]


def test_many_are_attached_in_one_northbound_transaction_and_told(tmp_path: Path) -> None:
    fleet.started(4)
    before = logical.picture()
    options = {"logical-switch": "ls0", "port-security": True}
    wishes: list[dict[str, object]] = [
        {"bridge": "br-int", "interface": "eth0", "container": f"c{n}", "ipaddress": "dynamic", **options}
        for n in range(1, 5)
    ]
    done = ours("add-ports", f"--file={fleet.ports_file(tmp_path, wishes)}")
    listed = json.loads(ours("--format=json", "list-ports").out)["data"]
    assert (done, [(port["container_name"], port["logical_switch"], port["state"]) for port in listed]) == (
        DONE,
        [(f"c{n}", "ls0", "up") for n in range(1, 5)],
    )
    given = sorted(port["addresses"][0] for port in listed)
    secured = sorted(str(logical.port(f"c{n}_eth0")["port_security"]).split()[1] + "/24" for n in range(1, 5))
    assert given == secured == [f"10.0.0.{n}/24" for n in range(2, 6)]
    assert (ours("del-ports", "br-int", "--all"), logical.picture()) == (DONE, before)


def test_words_and_labels_ask_for_logical_ports_too(tmp_path: Path) -> None:
    fleet.started(2, "--label=ovs-docker.eth1=bridge=br-int logical-switch=ls0 ipaddress=dynamic port-security=true")
    done = [
        ours("add-ports", "br-int", "eth0", "c1", "c2", ON_LS0, "--ipaddress=10.0.0.8/24"),
        ours("add-ports", "--labels"),
    ]
    assert (done, logical.ports()["ls0"]) == ([DONE, DONE], ["c1_eth0", "c1_eth1", "c2_eth0", "c2_eth1", "ls0-lr0"])


def test_one_of_many_that_cannot_be_leaves_none(tmp_path: Path) -> None:
    fleet.started(2)
    logical.nb("lsp-add", "ls0", "c2_eth0")
    with logical.nothing_changed():
        said = refusal("add-ports", "br-int", "eth0", "c1", "c2", ON_LS0, "--ipaddress=dynamic")
    assert said.startswith("ports[1] (container c2): logical port c2_eth0 already exists")


def test_an_iface_id_alone_binds_to_what_somebody_else_made(c1: Container) -> None:
    logical.nb("lsp-add", "ls0", "theirs", "--", "lsp-set-addresses", "theirs", "02:00:00:00:00:07 10.0.0.7")
    before = logical.picture()
    done = ours(*ADD, "--iface-id=theirs", "--ipaddress=10.0.0.7/24", "--macaddress=02:00:00:00:00:07")
    answers = c1.pings("10.0.0.1")
    assert (done, answers, ours(*DEL), logical.picture()) == (DONE, True, DONE, before)


def test_a_dry_run_touches_neither_database(c1: Container) -> None:
    with logical.nothing_changed():
        told = ours("--dry-run", *FIRST).out.splitlines()
    assert [told[0].split(" with ")[0], told[-2]] == [
        "create logical port c1_eth0 on logical switch ls0",
        "wait until OVN has installed logical port c1_eth0",
    ]
