"""What sync leaves alone: other tools' ports and links, the old script's unless asked; and what hinders nobody else."""

import json
from pathlib import Path

import pytest

from tests.host import DATAPATH
from tests.integration.conftest import ContainerFactory
from tests.integration.support import fleet
from tests.integration.support.commands import Result, docker, in_namespace, ours, ovs, run, script
from tests.integration.support.containers import Container
from tests.integration.support.snapshot import snapshot

DONE = Result(0, "", "")


@pytest.fixture
def old(bridge: str, c1: Container, c2: Container) -> Container:
    """Return c1, which the old script attached; c2 is its neighbour 10.0.0.2."""
    words = ("--ipaddress=10.0.0.1/24", "--gateway=10.0.0.254", "--macaddress=02:00:00:00:00:01", "--mtu=1400")
    script("add-port", bridge, "eth0", "c1", *words, check=True)
    script("set-vlan", bridge, "eth0", "c1", "5", check=True)
    ours("add-port", bridge, "eth0", "c2", "--ipaddress=10.0.0.2/24", "--vlan=5", check=True)
    return c1


def test_another_tools_port_with_a_container_id_of_its_own_stays(bridge: str, c1: Container) -> None:
    for number, owner in enumerate(("owner=other", "tenant=x"), 1):
        ids = ("external_ids:container_id=gone", f"external_ids:container_iface=eth{number}", f"external_ids:{owner}")
        ovs("add-port", bridge, f"p{number}", "--", "set", "interface", f"p{number}", "type=internal", *ids)
    before = snapshot()
    assert (ours("sync", "--adopt"), snapshot()) == (DONE, before)


def test_a_veth_pair_named_like_ours_that_is_not_ours_stays(bridge: str, c1: Container) -> None:
    run("ip", "link", "add", "0123456789abc_l", "type", "veth", "peer", "name", "0123456789abc_c", check=True)
    veth = ("type", "veth", "peer", "name", "eth0", "netns", str(c1.pid))
    run("ip", "link", "add", "abcdef0123456_l", *veth, check=True)
    before = snapshot()
    assert (ours("sync"), snapshot()) == (DONE, before)
    run("ip", "link", "delete", "0123456789abc_l", check=True)


def test_the_old_scripts_ports_stay_as_they_are(old: Container) -> None:
    before = snapshot()
    assert (ours("sync"), snapshot()) == (DONE, before)


def test_the_old_scripts_dead_ports_stay_too(old: Container) -> None:
    old.remove()
    fleet.links_are_gone("c1")
    before = snapshot()
    assert (ours("sync"), snapshot()) == (DONE, before)


def test_adopted_ports_survive_restarts_from_then_on(old: Container) -> None:
    before = snapshot()
    (port,) = [name for name, row in fleet.rows().items() if "container_id=c1" in str(row)]
    adopted = f"adopted port {port} of eth0 of container c1 on bridge br-int\n"
    repaired = f"repaired port {port} of eth0 of container c1: TX checksum offload off\n"  # else TCP hangs
    assert ours("sync", "--adopt") == Result(0, adopted + (repaired if DATAPATH == "netdev" else ""), "")
    assert (snapshot()["containers"], ours("sync", "--adopt")) == (before["containers"], DONE)
    old.restart()
    ours("sync", check=True)
    assert (snapshot()["containers"], old.pings("10.0.0.2")) == (before["containers"], True)
    assert ovs("get", "port", port, "tag") == "5"


def test_an_adopted_port_goes_with_its_container(old: Container) -> None:
    ours("sync", "--adopt", check=True)
    old.remove()
    ours("sync", check=True)
    assert list(fleet.attached()) == ["c2/eth0"]


def test_a_dry_run_of_adopt_touches_nothing(old: Container) -> None:
    before = snapshot()
    foretold = ours("--dry-run", "sync", "--adopt")
    assert (foretold.out.startswith("would adopt port "), snapshot()) == (True, before)


def occupy(container: Container) -> None:
    """Make an eth0 in the container that is not ours."""
    made = in_namespace(container.pid, "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth9")
    assert made.code == 0, made


def test_one_that_cannot_be_restored_does_not_hinder_the_others(three: list[Container]) -> None:
    fleet.restart(three)
    occupy(three[1])
    result = ours("sync")
    assert (result.code, len(result.out.splitlines())) == (1, 2)
    assert "eth0 of container c2): interface eth0 already exists in container c2" in result.err
    assert (three[0].pings("10.0.0.3"), fleet.attached()["c2/eth0"]) == (True, "stale")


def test_programs_read_what_failed_and_what_was_done(three: list[Container]) -> None:
    fleet.restart(three)
    occupy(three[1])
    told = json.loads(ours("--format=json", "sync").out)
    assert ([error["code"] for error in told["errors"]], len(told["data"])) == (["interface-exists"], 2)


def test_a_record_that_somebody_spoiled_does_not_hinder_the_others(three: list[Container]) -> None:
    (port,) = [name for name, row in fleet.rows().items() if "container_id=c2" in str(row)]
    ovs("set", "interface", port, "external_ids:ovs-docker-addresses=nonsense")
    fleet.restart(three)
    result = ours("sync")
    assert (result.code, len(result.out.splitlines())) == (1, 2)
    assert f"the record of port {port} cannot be read" in result.err


def test_a_paused_container_is_restored_too(three: list[Container]) -> None:
    three[0].restart()
    three[0].pause()
    assert ours("sync").code == 0
    three[0].unpause()
    assert three[0].pings("10.0.0.2")


def test_a_renamed_container_keeps_its_port(three: list[Container], container: ContainerFactory) -> None:
    docker("rename", "c1", "renamed")
    container("c1")  # somebody else by the old name
    assert ours("sync") == DONE
    three[0].restart()
    ours("sync", check=True)
    assert three[0].pings("10.0.0.2")


def test_a_failed_wish_is_told_and_the_others_are_met(three: list[Container], tmp_path: Path) -> None:
    ours("del-ports", "br-int", "--all", check=True)
    ports = [fleet.port(name, number) for number, name in enumerate(("c1", "nobody", "c3"), 1)]
    result = ours("sync", f"--file={fleet.ports_file(tmp_path, ports)}")
    assert (result.code, list(fleet.attached())) == (1, ["c1/eth0", "c3/eth0"])
    assert "ports[1] (container nobody): " in result.err
