"""Engines that speak of other processes and other containers than this host's: nobody's interfaces are touched."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.support.commands import Result, docker, ours, ovs, run, start
from tests.integration.support.containers import Container
from tests.integration.support.far_engine import answers, far_engine, says
from tests.integration.support.processes import wait_until
from tests.integration.support.refusal import nothing_changed, refusal
from tests.integration.support.second_docker import OPTION as SECOND
from tests.integration.support.second_docker import second_docker
from tests.integration.support.watching import watch

DONE = Result(0, "", "")
ADD = ("add-port", "br-int", "eth0", "c1")
ELSEWHERE = {"SandboxKey": "/run/docker/netns/0123456789ab"}


# --- process ids of another host -----------------------------------------------------------------------------------


def refused(option: str, pid: int) -> bool:
    said = f"process {pid} is not one of container c1: the engine at {option.partition('=')[2]} is on another host"
    return refusal(option, *ADD) == f"{said} (run ovs-docker on that host)"


def test_the_number_of_another_containers_process_is_refused(
    bridge: str, c1: Container, c2: Container, tmp_path: Path
) -> None:
    with far_engine(tmp_path / "docker", says(Pid=c2.pid)) as option, nothing_changed():
        assert refused(option, c2.pid)


@pytest.mark.parametrize("noted", ["2020-01-01T00:00:00.5Z", "2120-01-01T00:00:00.5Z", "0001-01-01T00:00:00Z", "", "x"])
def test_the_number_of_a_process_of_another_time_is_refused(
    bridge: str, c1: Container, tmp_path: Path, noted: str
) -> None:
    unrelated = start("unshare", "--net", "sleep", "60")
    wait_until(lambda: not os.path.samefile(f"/proc/{unrelated.pid}/ns/net", "/proc/self/ns/net"))
    facts = says(Pid=unrelated.pid, StartedAt=noted, **ELSEWHERE)
    try:
        with far_engine(tmp_path / "docker", facts) as option, nothing_changed():
            assert refused(option, unrelated.pid)
        assert "eth0" not in run("nsenter", "-t", str(unrelated.pid), "-n", "ip", "link").out
    finally:
        unrelated.kill()
        unrelated.wait()


def test_a_process_outside_of_its_containers_control_group_is_known_by_its_namespace_or_its_start(
    bridge: str, c1: Container, tmp_path: Path
) -> None:
    for path in Path("/sys/fs/cgroup").glob("**/cgroup.procs"):
        if c1.id in str(path):
            (path.parents[2] / "cgroup.procs").write_text(str(c1.pid))
    assert c1.id not in Path(f"/proc/{c1.pid}/cgroup").read_text()
    for facts in ({}, ELSEWHERE):
        with far_engine(tmp_path / f"docker{len(facts)}", says(**facts)) as option:
            assert run("ovs-docker", option, *ADD).code == 0
            assert run("ovs-docker", option, "del-port", *ADD[1:]).code == 0
    docker("kill", "c1")


# --- containers of another engine ----------------------------------------------------------------------------------


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Callable[..., Result]]:
    """Start a second Docker Engine; return its command line, after the option of ours that names it."""
    with second_docker() as command:
        yield command


def names_on_bridge() -> list[str]:
    return sorted(ovs("list-ports", "br-int").split())


def test_each_of_two_dockers_leaves_the_others_ports_alone(
    bridge: str, c1: Container, second: Callable[..., Result]
) -> None:
    second("run", "--detach", "--name=d1", "--network=none", "netsho")
    ours("add-port", bridge, "eth0", "c1", check=True)
    ours(SECOND, "add-port", bridge, "eth0", "d1", check=True)
    before = names_on_bridge()
    for stop in (lambda: None, c1.stop, lambda: second("stop", "--time=1", "d1")):
        stop()
        assert (ours("sync"), ours(SECOND, "sync"), names_on_bridge()) == (DONE, DONE, before)
    second("start", "d1")
    assert [ours("sync").out.count("restored"), ours(SECOND, "sync").out.count("restored")] == [0, 1]
    second("rm", "--force", "d1")
    assert (ours("sync"), ours(SECOND, "sync").out.count("removed port"), len(names_on_bridge())) == (DONE, 1, 1)


def test_a_watch_of_one_docker_leaves_the_others_ports_alone(
    bridge: str, c1: Container, second: Callable[..., Result]
) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    with nothing_changed(), watch(words=(SECOND,)):
        pass


def test_a_list_without_end_is_refused(bridge: str, c1: Container, tmp_path: Path) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    endless = b"[" + b" " * (64 << 20)
    with far_engine(tmp_path / "docker", answers("/containers/json", endless)) as option, nothing_changed():
        assert refusal(option, "sync").startswith("the answer exceeds 64 MiB")


@pytest.mark.parametrize("body", ["{}", "null", '"x"', '[{"Id": 5}]', "[null]"])
def test_a_list_of_another_shape_removes_nothing(bridge: str, c1: Container, tmp_path: Path, body: str) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    with far_engine(tmp_path / "docker", answers("/containers/json", body.encode())) as option, nothing_changed():
        assert refusal(option, "sync").startswith("the answer of Docker at unix://")


def test_a_container_that_lives_is_not_gone_whatever_the_engine_says(
    bridge: str, c1: Container, tmp_path: Path
) -> None:
    """So it is with the engine of another host, whose data root is called the same."""
    ours("add-port", bridge, "eth0", "c1", check=True)
    (port,) = names_on_bridge()
    facts = answers("/containers/json", b"[]")
    root = says(DockerRootDir="/var/lib/docker")
    with far_engine(tmp_path / "docker", lambda path, said: facts(path, root(path, said))) as option, nothing_changed():
        said = ours(option, "sync")
    assert said == Result(0, "", f"ovs-docker: {stays(port, 'c1', option)}\n")


def stays(port: str, container: str, option: str) -> str:
    there = option.partition("=")[2]
    return f"port {port} of eth0 of container {container} stays: that is here, but not known to {there}"


def test_nor_is_one_that_its_engine_keeps_stopped(
    bridge: str, c1: Container, second: Callable[..., Result], tmp_path: Path
) -> None:
    second("run", "--detach", "--name=d1", "--network=none", "netsho")
    ours(SECOND, "add-port", bridge, "eth0", "d1", check=True)
    second("stop", "--time=1", "d1")
    (port,) = names_on_bridge()
    root = says(DockerRootDir=second("info", "--format={{.DockerRootDir}}").out.strip())
    with far_engine(tmp_path / "docker", root) as option, nothing_changed():
        assert ours(option, "sync") == Result(0, "", f"ovs-docker: {stays(port, 'd1', option)}\n")
