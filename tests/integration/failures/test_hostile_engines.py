"""Engines that speak of other processes and other containers than this host's: nobody's interfaces are touched."""

import os
from pathlib import Path

import pytest

from tests.integration.support.commands import docker, run, start
from tests.integration.support.containers import Container
from tests.integration.support.far_engine import far_engine, says
from tests.integration.support.processes import wait_until
from tests.integration.support.refusal import nothing_changed, refusal

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
