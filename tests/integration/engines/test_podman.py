"""Containers of the real Podman, by --docker-host or found where no Docker answers."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import MARK, services
from tests.integration.conftest import ContainerFactory
from tests.integration.support import fleet, lone_switch, ovs_image
from tests.integration.support.commands import Result, docker, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.fleet import LABEL
from tests.integration.support.podman import NOBODYS, ROOTS, PodmanContainer
from tests.integration.support.refusal import refusal
from tests.integration.support.watching import watch

DONE = Result(0, "", "")
NO_DOCKER = "no Docker Engine at unix:///var/run/docker.sock: No such file or directory"
START_EITHER = "(start one of them, or name its socket with --docker-host=unix://PATH)"
Found = tuple[str, ...]


@pytest.fixture(autouse=True, scope="module")
def podmans_service(private_host: None) -> Iterator[None]:
    ROOTS.prepare()
    yield
    ROOTS.service.stop()


@pytest.fixture(autouse=True)
def no_containers_of_podman(podmans_service: None) -> Iterator[None]:
    yield
    ROOTS.remove_all()


@pytest.fixture
def p1() -> PodmanContainer:
    return ROOTS.create("p1")


@pytest.fixture(params=["named", "found"])
def way(request: pytest.FixtureRequest) -> Iterator[Found]:
    """Return the options that lead to Podman: its socket, or none while Docker is not there."""
    if request.param == "named":
        yield (ROOTS.option,)
        return
    with services.dockerd().stopped():
        yield ()


def states(*options: str) -> dict[str, str]:
    listed = json.loads(ours(*options, "--format=json", "list-ports", check=True).out)["data"]
    return {f"{port['container_name']}/{port['interface']}": port["state"] for port in listed}


def names_on_bridge() -> list[str]:
    return sorted(ovs("list-ports", "br-int").split())


def test_the_verbs_on_one_port_work(bridge: str, p1: PodmanContainer, way: Found) -> None:
    p2 = ROOTS.create("p2")
    for number, each in enumerate((p1, p2), 1):
        assert ours(*way, "add-port", bridge, "eth0", each.name, f"--ipaddress=10.0.0.{number}/24") == DONE
    assert (p1.links(), p1.pings("10.0.0.2")) == (["lo", "eth0"], True)
    again = ours(*way, "add-port", bridge, "eth0", p1.id[:12])
    assert again.err == f"ovs-docker: Port already attached for CONTAINER={p1.id[:12]} and INTERFACE=eth0\n"
    assert ours(*way, "set-vlan", bridge, "eth0", "p1", "5") == DONE
    assert states(*way) == {"p1/eth0": "up", "p2/eth0": "up"}
    assert [ours(*way, "del-port", bridge, "eth0", "p1"), ours(*way, "del-ports", bridge, "p2")] == [DONE, DONE]
    assert (p1.links(), names_on_bridge()) == (["lo"], [])


def test_many_are_attached_and_restored_and_cleaned_up(bridge: str) -> None:
    way = (ROOTS.option,)
    containers = [ROOTS.create(f"p{number}", LABEL.format(number)) for number in range(1, 6)]
    assert ours(*way, "add-ports", "--labels") == DONE
    before = fleet.rows()
    ROOTS.run("restart", "--time=1", "p1", "p2")
    ROOTS.run("stop", "--time=1", "p3")
    ROOTS.run("rm", "--force", "--time=1", "p4")
    fleet.links_are_gone("p3", "p4")
    synced = ours(*way, "sync", check=True).out
    assert (synced.count("restored port"), synced.count("removed port"), ours(*way, "sync")) == (2, 1, DONE)
    assert states(*way) == {"p1/eth0": "up", "p2/eth0": "up", "p3/eth0": "stopped", "p5/eth0": "up"}
    assert (containers[0].pings("10.0.0.5"), fleet.rows().items() <= before.items()) == (True, True)


def test_what_stands_on_an_image_does_not_count(bridge: str, p1: PodmanContainer, way: Found) -> None:
    ROOTS.run("commit", "--change=LABEL ovs-docker.eth0=bridge=br-int", "p1", "theirs")
    ROOTS.create("p2", of="theirs")
    ROOTS.create("p3", LABEL.format(3), of="theirs")
    ours(*way, "sync", "--labels", check=True)
    assert states(*way) == {"p3/eth0": "up"}
    with watch("--labels", "--image-labels", words=way) as running:
        running.says("attached eth0 of container p2")


def test_a_watch_follows_podman(bridge: str, p1: PodmanContainer, way: Found) -> None:
    ours(*way, "add-port", bridge, "eth0", "p1", "--ipaddress=10.0.0.1/24", check=True)
    with watch("--labels", "--project=shop", words=way) as running:
        assert running.count(f"no Docker here: watching Podman at unix://{ROOTS.socket}") == (0 if way else 1)
        ROOTS.run("restart", "--time=1", "p1")
        running.says("restored port")
        ROOTS.create("p2", LABEL.format(2), "--label=io.podman.compose.project=shop")
        running.says("attached eth0 of container p2 to bridge br-int")
        assert p1.pings("10.0.0.2")
        ROOTS.run("rm", "--force", "--time=1", "p2")
        running.says("of eth0 of container p2, which is gone")
        ROOTS.service.restart()
        running.says("Podman is back")
        ROOTS.run("stop", "--time=1", "p1")
        ROOTS.run("start", "p1")
        running.says("restored port", 2)
        assert (running.count("warning"), running.count("Podman is not there")) == (1, 1)


def test_a_container_in_anothers_namespace_shares_its_interfaces(bridge: str, p1: PodmanContainer) -> None:
    sharing = ROOTS.create("p2", network="container:p1")
    assert ours(ROOTS.option, "add-port", bridge, "eth0", "p2") == DONE
    assert (p1.links(), sharing.links(), states(ROOTS.option)) == (["lo", "eth0"], ["lo", "eth0"], {"p2/eth0": "up"})


def test_containers_of_a_user_without_rights_are_attached_too(bridge: str, p1: PodmanContainer) -> None:
    NOBODYS.prepare()
    theirs = NOBODYS.create("p2")
    done = [
        ours(engine.option, "add-port", bridge, "eth0", name, f"--ipaddress={addresses}")
        for engine, name, addresses in (
            (ROOTS, "p1", "10.0.0.1/24,2001:db8::1/64"),
            (NOBODYS, "p2", "10.0.0.2/24,2001:db8::2/64"),
        )
    ]
    assert (done, theirs.pings("10.0.0.1"), theirs.pings("2001:db8::1")) == ([DONE, DONE], True, True)
    theirs.podman.run("restart", "--time=1", "p2")
    fleet.links_are_gone("p2")
    assert [ours(ROOTS.option, "sync").out, states(ROOTS.option)] == ["", {"p1/eth0": "up", "p2/eth0": "unknown"}]
    assert (ours(NOBODYS.option, "sync").out.count("restored port"), theirs.pings("10.0.0.1")) == (1, True)
    NOBODYS.remove_all()
    NOBODYS.service.stop()


def test_containers_that_cannot_take_an_interface_are_told(bridge: str, p1: PodmanContainer, way: Found) -> None:
    ROOTS.create("ph", network="host")
    ROOTS.run("stop", "--time=1", "p1")
    said = [refusal(*way, "add-port", bridge, "eth0", name) for name in ("p1", "ph", "nobody")]
    assert said == [
        "container p1 is not running (podman start p1)",
        "container ph is on the host's network: its interfaces would be the host's own "
        "(give it a network of its own, e.g. podman run --network none)",
        "Failed to get the PID of the container nobody: no such container (podman ps -a lists all containers)",
    ]


def test_where_neither_answers_both_are_named(bridge: str) -> None:
    with services.dockerd().stopped(), ROOTS.service.stopped():
        said = refusal("add-port", bridge, "eth0", "p1"), refusal(ROOTS.option, "add-port", bridge, "eth0", "p1")
        docker = refusal("--docker-host=unix:///var/run/docker.sock", "add-port", bridge, "eth0", "p1")
    assert (*said, docker.partition(" (")[0]) == (
        f"{NO_DOCKER}, and no Podman at unix://{ROOTS.socket}: No such file or directory {START_EITHER}",
        f"no Podman at unix://{ROOTS.socket}: No such file or directory {START_EITHER}",
        NO_DOCKER,
    )


# --- both on one host ----------------------------------------------------------------------------------------------


@pytest.fixture
def both(bridge: str, c1: Container, p1: PodmanContainer) -> None:
    """Attach a container of Docker and one of Podman."""
    ours("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.1/24", check=True)
    ours(ROOTS.option, "add-port", bridge, "eth0", "p1", "--ipaddress=10.0.0.2/24", check=True)


def test_who_has_the_container_stands_in_the_record(both: None) -> None:
    find = ("--bare", "--columns=external_ids", "find", "interface")
    of = {name: ovs(*find, f"external_ids:container_id={name}").split() for name in ("c1", "p1")}
    engines = {name: [pair for pair in pairs if pair.startswith("ovs-docker-engine")] for name, pairs in of.items()}
    assert engines == {"c1": [], "p1": ["ovs-docker-engine=podman"]}


def test_each_engines_sync_leaves_the_others_ports_alone(both: None, c1: Container, p1: PodmanContainer) -> None:
    before = names_on_bridge()
    assert [ours("sync"), ours(ROOTS.option, "sync")] == [DONE, DONE]
    assert (states(), states(ROOTS.option)) == ({"c1/eth0": "up", "p1/eth0": "up"},) * 2
    c1.stop()
    ROOTS.run("stop", "--time=1", "p1")
    fleet.links_are_gone("c1", "p1")
    assert [ours("sync"), ours(ROOTS.option, "sync"), names_on_bridge()] == [DONE, DONE, before]
    assert states() == {"c1/eth0": "stopped", "p1/eth0": "unknown"}
    assert states(ROOTS.option) == {"c1/eth0": "unknown", "p1/eth0": "stopped"}


def test_what_check_says_of_the_others_restarted_container_mends_it(both: None) -> None:
    ROOTS.run("restart", "--time=1", "p1")
    fleet.links_are_gone("p1")
    said = ours("check")
    assert (said.code, "(--docker-host=URI asks the engine that has its container)" in said.out) == (1, True)
    assert "(ovs-docker sync restores it)" in ours(ROOTS.option, "check").out
    ours(ROOTS.option, "sync", check=True)
    assert (ours("check").code, ours(ROOTS.option, "check").code) == (0, 0)


def test_two_containers_of_one_name_are_kept_apart(
    bridge: str, container: ContainerFactory, p1: PodmanContainer
) -> None:
    dockers = container("p1")
    add = ("add-port", bridge, "eth0", "p1")
    assert ours(ROOTS.option, *add, "--ipaddress=10.0.0.1/24") == DONE
    theirs = names_on_bridge()
    assert refusal(*add).startswith(f"iface-id p1_eth0 is already used by port {theirs[0]}")
    assert ours(*add, "--ipaddress=10.0.0.2/24", "--iface-id=p1_of_docker") == DONE
    assert (dockers.pings("10.0.0.1"), ours("sync"), ours(ROOTS.option, "sync")) == (True, DONE, DONE)
    get = ("get-port", "p1", "eth0")
    assert [ours(ROOTS.option, *get).out.split(), ours(*get).out.split()][0] == theirs
    assert ours("set-vlan", *add[1:], "5") == ours("set-vlan", *add[1:], "none") == DONE
    assert ours("del-port", *add[1:]) == DONE
    assert (names_on_bridge(), p1.links(), dockers.ip("link")[1:]) == (theirs, ["lo", "eth0"], [])
    assert ours("del-port", *add[1:]).code == 1
    assert ours("del-ports", bridge, "p1") == DONE
    assert (names_on_bridge(), ours(ROOTS.option, "del-port", *add[1:]), names_on_bridge()) == (theirs, DONE, [])


def test_a_watch_of_docker_stays_with_it_while_it_is_away(both: None, c1: Container) -> None:
    before = names_on_bridge()
    with watch() as running:
        with services.dockerd().stopped():
            running.says("Docker is not there")
            assert ours("sync") == DONE  # which asks Podman
        running.says("Docker is back")
        c1.restart()
        running.says("restored port")
        assert (running.count("Podman"), names_on_bridge()) == (0, before)
    assert c1.pings("10.0.0.2")


def test_open_vswitch_itself_may_run_in_a_container_of_podman(p1: PodmanContainer, tmp_path: Path) -> None:
    ovs_image.load()
    docker("save", f"--output={tmp_path}/image.tar", ovs_image.NAME)
    # Podman 4 says localhost/…, Podman 5 docker.io/….
    image = ROOTS.run("load", f"--input={tmp_path}/image.tar").rpartition(" ")[2]
    with lone_switch.no_switch_on_the_host():
        program = lone_switch.program()
        # Docker gives NET_RAW by itself, Podman 5 does not.
        options = ("--cap-add=NET_RAW", f"--cgroup-parent=/{os.environ[MARK]}")
        ROOTS.run(*lone_switch.words("switch", *options), image, "-c", program)
        p2 = ROOTS.create("p2")
        attach = ("add-ports", "br-int", "eth0", "p1", "p2", "--ipaddress=10.0.0.1/24", "--datapath-type=netdev")
        fleet.wait_until(lambda: ours(ROOTS.option, "--ovs-container=switch", "check").code == 0)
        assert ours(ROOTS.option, *attach).err == (
            "ovs-docker: using the Open vSwitch of container switch\novs-docker: created bridge br-int\n"
        )
        assert (p1.pings("10.0.0.2"), p2.links()) == (True, ["lo", "eth0"])
        ROOTS.remove_all()
