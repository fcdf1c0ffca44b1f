"""watch: restarted containers have their ports back at once, labels are honoured, removed containers' ports go."""

import json
import statistics
import time
from pathlib import Path

from tests.integration.conftest import ContainerFactory
from tests.integration.support import fleet, watching
from tests.integration.support.commands import docker, ours
from tests.integration.support.containers import Container
from tests.integration.support.fleet import LABEL
from tests.integration.support.watching import watch


def test_a_restarted_container_has_its_port_back_within_a_second(three: list[Container]) -> None:
    before = fleet.rows()
    with watch() as running:
        seconds = [watching.restart_to_port(three[0]) for _ in range(5)]
        running.says("restored port", 5)
        assert (fleet.rows(), three[0].pings("10.0.0.3")) == (before, True)
    print(f"from the start event to the interface: median {statistics.median(seconds) * 1000:.0f} ms")
    assert statistics.median(seconds) < 1


def test_many_restarted_together_are_all_back(bridge: str, tmp_path: Path) -> None:
    containers = fleet.started(20)
    ours("add-ports", f"--file={fleet.file_for(tmp_path, containers)}", check=True)
    before = fleet.rows()
    with watch() as running:
        docker("kill", *fleet.names(containers))
        docker("start", *fleet.names(containers))
        running.says("restored port", 20)
        time.sleep(0.3)
        assert (fleet.rows(), running.count("restored port"), running.count("warning")) == (before, 20, 0)
    assert [containers[0].pings("10.0.0.20"), containers[13].pings("10.0.0.7")] == [True, True]


def test_what_happened_before_the_watch_is_made_good_at_its_start(three: list[Container]) -> None:
    before = fleet.rows()
    three[0].restart()
    with watch() as running:
        assert (running.count("restored port"), fleet.rows()) == (1, before)


def test_a_removed_containers_port_goes_at_once(three: list[Container]) -> None:
    with watch() as running:
        three[1].remove()
        running.says("of eth0 of container c2, which is gone")
        assert sorted(fleet.attached()) == ["c1/eth0", "c3/eth0"]


def test_labels_are_honoured_when_a_container_starts(bridge: str, container: ContainerFactory) -> None:
    with watch("--labels") as running:
        first = container("c1", LABEL.format(1))
        container("c2", LABEL.format(2))
        running.says("attached eth0 of container c2 to bridge br-int")
        assert first.pings("10.0.0.2")


def test_without_labels_nothing_is_attached_unasked(bridge: str, container: ContainerFactory) -> None:
    with watch() as running:
        container("c1", LABEL.format(1))
        time.sleep(0.5)
        assert (fleet.attached(), len(running.lines)) == ({}, 1)


def test_a_label_that_cannot_be_is_told_and_hinders_nobody(bridge: str, container: ContainerFactory) -> None:
    container("c1", "--label=ovs-docker.eth0=bridge=br-int vlan=x")
    with watch("--labels") as running:
        container("c2", LABEL.format(2))
        running.says("attached eth0 of container c2 to bridge br-int")
        assert running.count("container c1, label ovs-docker.eth0: --vlan=x") == 1


def test_what_a_person_deletes_stays_deleted(three: list[Container]) -> None:
    with watch() as running:
        ours("del-port", "br-int", "eth0", "c1", check=True)
        three[0].restart()
        three[1].restart()
        running.says("of eth0 of container c2")
        time.sleep(0.3)
        assert sorted(fleet.attached()) == ["c2/eth0", "c3/eth0"]


def test_two_watchers_and_a_person_do_not_harm_each_other(three: list[Container]) -> None:
    before = fleet.rows()
    with watch() as one, watch() as other:
        for _ in range(3):
            fleet.restart(three)
            ours("sync", check=True)
        fleet.wait_until(lambda: all(map(watching.has, three)))
        time.sleep(0.5)
        assert (one.count("warning"), other.count("warning"), fleet.rows()) == (0, 0, before)
    assert three[0].pings("10.0.0.3")


def test_programs_read_a_json_object_a_line(three: list[Container]) -> None:
    with watch(words=("--format=json",)) as running:
        three[0].restart()
        running.says("restored port")
        told = [json.loads(line) for line in running.lines]
    assert [(line["level"], line["message"].split()[0]) for line in told] == [
        ("info", "watching"),
        ("info", "restored"),
    ]
    assert all(line["time"].endswith("+00:00") for line in told)
