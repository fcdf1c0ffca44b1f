"""Databases of others: another host's, whose bridges are called as ours are, and what a container offers as one."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import services
from tests.integration.support import fleet, lone_switch, ovs_image, ports
from tests.integration.support.commands import docker, ours, ovs, run
from tests.integration.support.containers import Container
from tests.integration.support.elsewhere import Elsewhere, elsewhere
from tests.integration.support.refusal import nothing_changed, refusal
from tests.integration.support.watching import Watch, watch

PLACE = ("br-int", "eth0", "c1")
SAID = "no bridge of this database has its device here (br-int): its ovs-vswitchd runs on another host"


@pytest.fixture(scope="module")
def far(private_host: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """Return another host's switch, with a bridge and a port recorded as ours are."""
    with elsewhere(tmp_path_factory.mktemp("far")) as other:
        other.add_bridge("br-int")
        ids = "external_ids={container_id=c1,container_iface=eth0,owner=ovs-docker,ovs-docker-id=%s}" % ("0" * 64)
        other.vsctl(
            "--no-wait", "add-port", "br-int", "0123456789abc_l", "--", "set", "interface", "0123456789abc_l", ids
        )
        other.vsctl("del-br", "br-far")
        yield other


@pytest.mark.parametrize(
    "words",
    [
        ("add-port", *PLACE[:2], "c2"),
        ("add-ports", *PLACE[:2], "c2"),
        ("del-port", *PLACE),
        ("del-ports", "br-int", "c1"),
        ("del-ports", "br-int", "--all"),
        ("set-vlan", *PLACE, "5"),
        ("set-trunk", *PLACE, "5"),
        ("sync",),
        ("sync", "--force"),
        ("--dry-run", "sync"),
        ("--dry-run", "del-port", *PLACE),
    ],
    ids=" ".join,
)
def test_the_database_of_another_host_is_changed_by_no_verb(
    bridge: str, c1: Container, c2: Container, far: Elsewhere, words: tuple[str, ...]
) -> None:
    ours("add-port", *PLACE, check=True)
    before = far.rows()
    with nothing_changed():
        assert refusal(far.option, *words).startswith(SAID)
    assert far.rows() == before


def test_nor_by_a_watch(bridge: str, c1: Container, far: Elsewhere) -> None:
    ours("add-port", *PLACE, check=True)
    before = far.rows()
    with nothing_changed():
        running = Watch(far.option, "watch")
        running.says(SAID)
        running.stop()
    assert far.rows() == before


def test_check_says_whose_it_is_and_not_what_to_clean_up(bridge: str, far: Elsewhere) -> None:
    before = far.rows()
    findings = [one["findings"] for one in json.loads(ours(far.option, "--format=json", "check").out)["data"]]
    assert [finding["code"] for found in findings for finding in found] == ["vswitchd-elsewhere"]
    assert far.rows() == before


def test_it_may_be_read(bridge: str, far: Elsewhere) -> None:
    assert ours(far.option, "get-port", *PLACE).out == "0123456789abc_l\n"


# --- what containers offer -----------------------------------------------------------------------------------------

IMPOSTOR = """
mkdir -p $RUN
ovsdb-tool create /tmp/db /usr/share/openvswitch/vswitch.ovsschema
( ovsdb-server --no-db --unixctl=$RUN/ovs-vswitchd.1.ctl & )
exec ovsdb-server /tmp/db --remote=punix:$RUN/db.sock
"""


@pytest.fixture
def attached(bridge: str, c1: Container, c2: Container) -> None:
    ours("add-ports", "br-int", "eth0", "c1", "c2", "--ipaddress=10.0.0.1/24", check=True)


def offer(program: str, *options: str) -> None:
    ovs_image.load()
    words = ("run", "--detach", "--name=impostor", "--network=none", *options, "--entrypoint=/bin/sh", ovs_image.NAME)
    docker(*words, "-c", f"RUN={lone_switch.CUSTOMARY}; DB={lone_switch.DATABASE}; {program}")
    fleet.wait_until(lambda: "db.sock" in docker("exec", "impostor", "ls", lone_switch.CUSTOMARY))


@pytest.mark.parametrize("options", [(), lone_switch.RIGHTS], ids=["without rights", "a second switch"])
def test_no_container_captures_a_watch_while_the_switch_restarts(
    attached: None, c1: Container, options: tuple[str, ...]
) -> None:
    offer(lone_switch.BOTH if options else IMPOSTOR, *options)
    with nothing_changed(), watch(words=("--ovs-container=auto",)) as running:
        with services.ovsdb().stopped():
            running.says("Open vSwitch is not there")
            run("sleep", "1")
        running.says("Open vSwitch is back")
        assert running.count("stray") + running.count("using") == 0
    assert c1.pings("10.0.0.2")


@pytest.mark.parametrize("verb", ["add-port br-int eth1 c1", "list-ports", "sync", "--ovs-container=auto sync"])
def test_nor_any_other_call(attached: None, verb: str) -> None:
    offer(IMPOSTOR)
    with nothing_changed():
        with services.ovsdb().stopped():
            said = refusal(*verb.split())
        assert said.startswith("no Open vSwitch database at /var/run/openvswitch/db.sock")


# --- databases that have lost what they knew -----------------------------------------------------------------------

SAYS = "ovs-docker: stray veth pairs: "
MANY = "of running containers are in no port of this database"


def host_ends() -> list[str]:
    return lone_switch.host_ends(run("ip", "-json", "link").out)


@contextlib.contextmanager
def empty_database() -> Iterator[None]:
    """Let the host's database be a new one for the length of a with block."""
    database, away = Path(services.DATABASE), Path(f"{services.DATABASE}.away")
    with services.vswitchd().stopped():
        with services.ovsdb().stopped():
            database.rename(away)
            run("ovsdb-tool", "create", str(database), services.SCHEMA, check=True)
        ovs("--no-wait", "init")
    try:
        yield
    finally:
        with services.vswitchd().stopped(), services.ovsdb().stopped():
            away.rename(database)


def test_an_empty_database_makes_no_strays(attached: None) -> None:
    before = host_ends()
    with empty_database():
        assert ours("sync").err.startswith(f"{SAYS}2 {MANY}, 2 made for another one: ")
        with watch() as running:
            running.says(MANY)
        assert host_ends() == before
        assert ours("sync", "--force").out.count("deleted stray veth pair") == 2
    assert (len(before), host_ends()) == (2, [])


def test_many_strays_are_deleted_only_on_demand(bridge: str) -> None:
    fleet.started(4)
    ours("add-ports", "br-int", "eth0", "c1", "c2", "c3", "c4", check=True)
    before = host_ends()
    for port in before:
        fleet.lose_row(port)
    assert ours("sync").err.startswith(f"{SAYS}4 {MANY}, more than one call leaves: ")
    assert (host_ends(), len(before)) == (before, 4)
    assert ours("--dry-run", "sync", "--force").out.count("would delete stray veth pair") == 4
    assert ours("sync", "--force").out.count("deleted stray veth pair") == 4
    assert host_ends() == []


def test_a_pair_that_was_in_use_is_deleted_only_on_demand(attached: None) -> None:
    """Its other end is in a running container, and works: that its row has gone is no reason to take it away."""
    before = host_ends()
    ovs("del-port", before[0])
    says = f"{SAYS}1 {MANY}, 1 had a port there: {before[0]}"
    assert (ours("sync").err.startswith(says), host_ends()) == (True, before)
    with watch() as running:
        running.says(says.removeprefix("ovs-docker: "))
    assert ours("sync", "--force").out == f"deleted stray veth pair {before[0]}\n"
    assert host_ends() == before[1:]


def test_a_restored_pair_is_in_use(attached: None) -> None:
    run("docker", "restart", "--time=0", "c1", check=True)
    ours("sync", check=True)
    ovs("del-port", ports.of("c1"))
    assert ours("sync").err.startswith(f"{SAYS}1 {MANY}, 1 had a port there: ")


def test_a_hosts_database_is_known_also_where_it_has_restarted(attached: None) -> None:
    services.vswitchd().restart()
    services.ovsdb().restart()
    fleet.lose_row(stray := host_ends()[0])
    assert ours("sync").out.count(f"deleted stray veth pair {stray}") == 1
