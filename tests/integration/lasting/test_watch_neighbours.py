"""watch among hostile and broken neighbours: nothing of theirs makes it deaf, ends it, or keeps it from the others."""

import time
from pathlib import Path

import pytest

from tests.host import services
from tests.host.daemons import Daemon
from tests.host.services import DOCKER_SOCKET
from tests.integration.conftest import ContainerFactory
from tests.integration.support import neighbours, relay
from tests.integration.support.commands import docker, in_namespace, ours, run
from tests.integration.support.containers import Container
from tests.integration.support.fleet import LABEL
from tests.integration.support.refusal import ADD
from tests.integration.support.watching import Watch, watch


@pytest.fixture
def attached(bridge: str, c1: Container) -> Container:
    """Return the attached container c1."""
    ours(*ADD, "--ipaddress=10.0.0.1/24", check=True)
    return c1


def limit(running: Watch, files: int) -> None:
    """Set how many files the watch may have open."""
    run("prlimit", f"--pid={running.process.pid}", f"--nofile={files}:", check=True)


# --- it hears ----------------------------------------------------------------------------------------------------


def test_a_docker_that_hangs_is_noticed_and_made_good_when_it_answers_again(attached: Container) -> None:
    with watch() as running:
        with services.dockerd().paused():
            running.says("Docker is not there, trying again: gave up after 15 s waiting for Docker", seconds=30)
        running.says("Docker is back")
        attached.restart()
        running.says("restored port")


def test_a_docker_that_only_has_nothing_to_tell_is_there(attached: Container) -> None:
    with watch() as running:
        time.sleep(12)
        attached.restart()
        running.says("restored port")
        assert running.count("warning") == 0


def test_an_event_that_makes_no_sense_is_told_and_the_next_is_heard(attached: Container, tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with neighbours.babbling(path, DOCKER_SOCKET, b'{"Actor": null}\n'), watch(words=(f"-Hunix://{path}",)) as running:
        running.says(f"Docker is not there, trying again: the answer of Docker at unix://{path} makes no sense")
        running.says("Docker is back")
        attached.restart()
        running.says("restored port")


@pytest.mark.parametrize("daemon", [services.ovsdb(), services.dockerd()], ids=["ovsdb", "dockerd"])
def test_too_many_open_files_where_it_connects_again(attached: Container, daemon: Daemon) -> None:
    with watch() as running:
        with daemon.stopped():
            running.says("is not there")
            limit(running, 6)
        time.sleep(2)
        limit(running, 1024)
        running.says("is back")
        attached.restart()
        running.says("restored port")


def test_too_many_open_files_where_a_container_starts(attached: Container) -> None:
    with watch() as running:
        limit(running, 6)
        attached.restart()
        running.says("Too many open files")
        limit(running, 1024)
        running.says("restored port")


def test_a_socket_whose_path_is_not_utf_8_does_not_make_it_deaf(c1: Container, tmp_path: Path) -> None:
    (odd := tmp_path / "\udcff").mkdir()
    with neighbours.bound(c1, str(odd / "db.sock")):
        running = Watch("--ovs-container=c1", "watch")
        running.says("Open vSwitch is not there, trying again: container c1 has no Open vSwitch database")
        assert running.stop() == 0


def test_a_database_with_a_full_queue_does_not_make_it_deaf(c1: Container) -> None:
    with neighbours.full(neighbours.run_directory(c1) / "db.sock"):
        running = Watch("--timeout=2", "--ovs-container=c1", "watch")
        running.says("Open vSwitch is not there, trying again: gave up after 2 s waiting for the database")
        assert running.stop() == 0


def test_a_watchdog_that_systemd_has_switched_off_is_none(attached: Container) -> None:
    with watch(env={"WATCHDOG_USEC": "0", "WATCHDOG_PID": ""}) as running:
        before = running.cpu_seconds()
        time.sleep(2)
        assert running.cpu_seconds() - before < 0.1


# --- one does not keep the others from theirs --------------------------------------------------------------------


def test_a_container_that_fails_at_each_of_its_restarts_puts_off_nobodys_retry(
    bridge: str, container: ContainerFactory
) -> None:
    restless = container("c1", "--label=ovs-docker.eth0=bridge=br-int vlan=x")
    with watch("--labels") as running:
        other = container("c2", "--label=other=label")
        in_namespace(other.pid, "ip", "link", "add", "eth0", "type", "veth")
        waiting = container("c3", LABEL.format(3), network=f"container:{other.id}")
        running.says("interface eth0 already exists in container c3")
        for round in range(16):
            docker("restart", "--time=0", restless.id)
            if round == 4:
                in_namespace(other.pid, "ip", "link", "del", "eth0")
        running.says("attached eth0 of container c3 to bridge br-int", seconds=1)
        assert (running.count("container c1, label") < 8, waiting.name) == (True, "c3")


def test_a_label_of_a_hundred_thousand_letters_makes_no_such_line(bridge: str, container: ContainerFactory) -> None:
    with watch("--labels") as running:
        container("c1", f"--label=ovs-docker.eth0=bridge=br-int vlan={'x' * 100_000}")
        running.says("container c1, label ovs-docker.eth0: --vlan=xxx")
        assert max(map(len, running.lines)) < 1100


def test_proxies_of_the_environment_are_not_for_the_engine_on_this_host(attached: Container) -> None:
    proxies = dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy"), "http://127.0.0.1:1")
    with relay.tcp(DOCKER_SOCKET) as way:
        attached.restart()
        done = ours(f"--docker-host=tcp://127.0.0.1:{way.port}", "sync", env={**proxies, "no_proxy": ""})
    assert (done.code, done.out.startswith("restored port")) == (0, True)
