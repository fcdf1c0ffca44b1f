"""Labels that somebody else has written, and containers that want what is not theirs: they get it from nobody.

Engines that take their time are here, too: who reads labels must not wait for each of them in turn.
"""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.host import image
from tests.host.services import DOCKER_SOCKET
from tests.integration.conftest import ContainerFactory
from tests.integration.support import fleet, ports, relay
from tests.integration.support.commands import Result, docker, ours, ovs, run
from tests.integration.support.containers import Container
from tests.integration.support.fleet import LABEL
from tests.integration.support.processes import ended, interrupted, listening
from tests.integration.support.watching import watch

DONE = Result(0, "", "")
MEASURED = """
import sys
from ovs_docker import cli
status = cli.main(["ovs-docker", *sys.argv[1:]])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
sys.exit(status)
"""


# --- labels of images -------------------------------------------------------------------------------------------


@pytest.fixture
def hostile() -> Iterator[str]:
    """Return an image whose writer would like a port, and a trunk on another one."""
    labels = (
        "ovs-docker.eth0 'bridge=br-int vlan=7'",
        "ovs-docker.eth1 'bridge=br-core trunks=1-4094 datapath-type=netdev'",
    )
    docker("create", "--name=theirs", image.NAME)
    docker("commit", *(f"--change=LABEL {label}" for label in labels), "theirs", "hostile")
    docker("rm", "theirs")
    yield "hostile"
    run("docker", "rmi", "--force", "hostile")


@pytest.fixture
def start(hostile: str) -> Callable[..., str]:
    """Return a function that runs a container of that image."""
    return lambda name, *options: docker("run", "-d", f"--name={name}", "--network=none", *options, hostile)


def test_what_stands_on_an_image_attaches_nothing_unless_that_is_asked_for(
    bridge: str, start: Callable[..., str]
) -> None:
    with watch("--labels") as running:
        start("c1")
        start("c2", LABEL.format(2))
        running.says("attached eth0 of container c2")
    assert [ours("sync", "--labels"), ours("add-ports", "--labels", "--may-exist")] == [DONE, DONE]
    assert (list(fleet.attached()), ovs("list-br")) == (["c2/eth0"], bridge)
    assert ours("del-ports", "--labels") == DONE
    ours("add-ports", "--labels", "--image-labels", check=True)
    everything = [f"{name}/{interface}" for name in ("c1", "c2") for interface in ("eth0", "eth1")]
    assert (sorted(fleet.attached()), ovs("list-br").split()) == (everything, ["br-core", bridge])


def test_labels_name_the_bridges_that_they_may(bridge: str, container: ContainerFactory) -> None:
    container("c1", LABEL.format(1))
    container("c2", "--label=ovs-docker.eth0=bridge=br-core trunks=1-4094")
    done = ours("sync", "--labels", f"--label-bridges={bridge},br-lab")
    assert (done.code, list(fleet.attached()), ovs("list-br")) == (1, ["c1/eth0"], bridge)
    assert done.err.startswith(
        "ovs-docker: container c2, label ovs-docker.eth0: bridge br-core may not be named by labels"
    )
    assert "--label-bridges=: needs names of bridges" in ours("sync", "--labels", "--label-bridges=").err


# --- how many ---------------------------------------------------------------------------------------------------


def measured(*words: str) -> tuple[int, str, int, float]:
    """Run ours; return status, its last line on stderr, how much memory it had at most (MB), and for how long (s)."""
    since = time.monotonic()
    done = run(sys.executable, "-c", MEASURED, *words)
    said = done.err.splitlines()[-1] if done.err else ""
    return done.code, said, int(done.out.split()[-1]) // 1024, time.monotonic() - since


def test_ten_thousand_labels_are_refused_in_words_and_keep_nobody_from_theirs(
    bridge: str, container: ContainerFactory, tmp_path: Path
) -> None:
    (tmp_path / "labels").write_text("".join(f"ovs-docker.e{n}=bridge=br-int\n" for n in range(10_000)))
    container("c1", f"--label-file={tmp_path}/labels")
    container("c2", LABEL.format(2))
    code, said, megabytes, seconds = measured("sync", "--labels")
    assert (code, said.partition(" (")[0]) == (1, "ovs-docker: 1 thing could not be done")
    assert (list(fleet.attached()), megabytes < 100, seconds < 20) == (["c2/eth0"], True, True)


def test_memory_does_not_grow_with_the_square_of_labels(bridge: str, tmp_path: Path) -> None:
    """The first has 250 ports, and the other five want its MAC addresses."""
    wishes = (f"ovs-docker.e{n}=bridge=br-int macaddress=02:00:00:00:00:{n:02x}\n" for n in range(250))
    (tmp_path / "labels").write_text("".join(wishes))
    fleet.started(6, f"--label-file={tmp_path}/labels")
    code, said, megabytes, _ = measured("--dry-run", "sync", "--labels")
    assert (code, said, megabytes < 60) == (1, "ovs-docker: 1250 things could not be done", True)


# --- who somebody is --------------------------------------------------------------------------------------------


def test_a_stopped_containers_iface_id_is_nobody_elses(bridge: str, c1: Container, container: ContainerFactory) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    c1.stop()
    fleet.links_are_gone("c1")
    container("c2", "--label=ovs-docker.eth0=bridge=br-int iface-id=c1_eth0")
    assert "iface-id c1_eth0 is already used by port" in ours("sync", "--labels").err
    c1.start()
    assert ours("sync", "--labels").code == 1
    assert list(fleet.attached()) == ["c1/eth0"]


def test_who_comes_back_shares_an_iface_id_with_nobody(bridge: str, c1: Container, c2: Container) -> None:
    for each in (c1, c2):
        ours("add-port", bridge, "eth0", each.name, check=True)
    c1.stop()
    fleet.links_are_gone("c1")
    ovs("set", "interface", ports.of("c2"), "external_ids:iface-id=c1_eth0")
    c1.start()
    done = ours("sync")
    assert (done.code, "iface-id c1_eth0 is already used by port" in done.err) == (1, True)
    assert fleet.attached() == {"c1/eth0": "stale", "c2/eth0": []}


def test_a_container_named_like_anothers_short_id_is_not_that_one(
    bridge: str, c1: Container, container: ContainerFactory
) -> None:
    ours("add-port", bridge, "eth0", c1.short_id, "--ipaddress=10.0.0.1/24", check=True)
    port = ports.of(c1.short_id)
    c1.stop()
    fleet.links_are_gone(c1.short_id)
    container(c1.short_id, LABEL.format(2))
    assert ours("sync", "--labels").err == ""
    c1.start()
    assert ours("sync", "--labels").out == f"restored port {port} of eth0 of container c1 on bridge {bridge}\n"
    assert fleet.attached() == {"c1/eth0": ["10.0.0.1/24"], f"{c1.short_id}/eth0": ["10.0.0.2/24"]}
    assert ours("del-ports", "--labels") == DONE
    assert list(fleet.attached()) == ["c1/eth0"]


def test_what_ovn_writes_is_not_asked_for(bridge: str, container: ContainerFactory) -> None:
    container("c1", "--label=ovs-docker.eth0=bridge=br-int external-id=ovn-installed=true")
    said = ours("sync", "--labels").err
    assert "external-id=ovn-installed=true: ovn-installed is OVN's to write" in said


# --- those that fail --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def deleted_host_ends() -> Iterator[list[str]]:
    """Note which host ends are deleted during a with block."""
    gone = list[str]()
    with subprocess.Popen(["ip", "-oneline", "monitor", "link"], stdout=subprocess.PIPE, text=True) as monitor:
        time.sleep(0.2)
        yield gone
        time.sleep(0.5)
        monitor.terminate()
        assert monitor.stdout
        for line in monitor.stdout:
            if line.startswith("Deleted") and "_l@" in line:
                gone.append(line.split()[2])


def test_those_that_fail_do_not_have_the_others_made_again_and_again(bridge: str, container: ContainerFactory) -> None:
    """What is refused by the kernel: a route twice."""
    twice = LABEL + " route=192.168.0.0/16 route=192.168.0.0/16"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: container(f"c{n}", (twice if n % 2 else LABEL).format(n)), range(1, 31)))
    with deleted_host_ends() as first:
        done = ours("sync", "--labels")
    assert (done.code, done.out.count("attached"), done.err.count("route=192.168.0.0/16")) == (1, 15, 15)
    before = fleet.rows()
    with deleted_host_ends() as second:
        assert ours("sync", "--labels").code == 1
    assert (fleet.rows(), len(first) <= 30, len(second) <= 15) == (before, True, True)


# --- engines that take their time -------------------------------------------------------------------------------


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[str]:
    """Return the option that leads to an engine which takes two seconds for each answer."""
    with relay.unix(tmp_path / "docker", DOCKER_SOCKET) as way:
        way.delay = 2
        yield f"--docker-host=unix://{tmp_path}/docker"


def test_many_restarted_together_are_back_soon(bridge: str, tmp_path: Path, slow: str) -> None:
    containers = fleet.started(20)
    ours("add-ports", f"--file={fleet.file_for(tmp_path, containers)}", check=True)
    with watch(words=(slow,)) as running:
        docker("kill", *fleet.names(containers))
        docker("start", *fleet.names(containers))
        running.says("restored port", 20, seconds=25)


def test_a_foreign_link_called_like_ours_does_not_make_sync_time_out(bridge: str, slow: str) -> None:
    fleet.started(12)
    run("ip", "link", "add", "0123456789abc_l", "type", "bridge", check=True)
    try:
        assert ours(slow, "--timeout=15", "sync") == DONE
    finally:
        run("ip", "link", "delete", "0123456789abc_l", check=True)


@pytest.mark.parametrize("words", [("list-ports",), ("sync", "--labels"), ("add-ports", "--labels")], ids=" ".join)
def test_ctrl_c_is_heard_while_an_engine_is_waited_for(
    bridge: str, c1: Container, slow: str, words: tuple[str, ...]
) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    process = listening(slow, *words)
    for moment in (2.5, 0.5):  # in the first answer and in a list
        time.sleep(moment)
    process.send_signal(signal.SIGINT)
    since = time.monotonic()
    assert (ended(process), time.monotonic() - since < 1) == (interrupted(signal.SIGINT), True)
