"""watch over days: daemons that go and come back, signals, systemd, and a size that stays the same."""

import time
from pathlib import Path

import pytest

from tests.host import services
from tests.host.daemons import Daemon
from tests.integration.support import fleet, watching
from tests.integration.support.commands import docker, ours
from tests.integration.support.containers import Container
from tests.integration.support.fleet import SOAK
from tests.integration.support.snapshot import snapshot
from tests.integration.support.watching import systemd, watch

EVENTS = 60 * SOAK


@pytest.fixture
def pair(bridge: str, tmp_path: Path) -> list[Container]:
    """Return the attached containers c1 and c2."""
    containers = fleet.started(2)
    ours("add-ports", f"--file={fleet.file_for(tmp_path, containers)}", check=True)
    return containers


@pytest.mark.parametrize(
    ("daemon", "name"), [(services.dockerd(), "Docker"), (services.ovsdb(), "Open vSwitch")], ids=["dockerd", "ovsdb"]
)
def test_a_daemon_that_goes_and_comes_back_costs_one_line_each(
    pair: list[Container], daemon: Daemon, name: str
) -> None:
    with watch() as running:
        daemon.kill()
        running.says(f"warning: {name} is not there")
        before = running.cpu_seconds()
        time.sleep(1.5)
        assert running.cpu_seconds() - before < 0.5
        daemon.start()
        running.says(f"{name} is back")
        pair[0].restart()
        running.says("restored port")
        assert (running.count(name), running.count("warning")) == (2, 1)
    assert pair[0].pings("10.0.0.2")


def test_a_database_that_hangs_is_noticed_and_made_good_when_it_answers_again(pair: list[Container]) -> None:
    with watch() as running:
        with services.ovsdb().paused():
            running.says("the database (ovsdb-server) has said nothing for 15 s", seconds=25)
            pair[0].restart()
        running.says("Open vSwitch is back")
        running.says("restored port")
    assert pair[0].pings("10.0.0.2")


def test_what_restarted_while_the_database_was_away_is_restored(pair: list[Container]) -> None:
    with watch() as running, services.ovsdb().stopped():
        running.says("warning: Open vSwitch is not there")
        pair[0].restart()
        services.ovsdb().start()
        running.says("restored port")
    assert pair[0].pings("10.0.0.2")


def test_a_restart_while_the_switch_is_dead_is_made_good_when_it_is_back(pair: list[Container]) -> None:
    with watch() as running:
        services.vswitchd().kill()
        pair[0].restart()
        time.sleep(0.5)
        services.vswitchd().start()
        running.says("restored port")
        assert running.count("warning") <= 1
    assert pair[0].pings("10.0.0.2")


def test_a_restart_beyond_the_time_for_one_sync_is_told_and_tried_again(pair: list[Container]) -> None:
    with watch(words=("--timeout=1",)) as running:
        with services.vswitchd().paused():
            pair[0].restart()
            running.says("warning: ovs-vswitchd did not apply the change within 1 s")
        running.says("restored port")
    assert pair[0].pings("10.0.0.2")


def test_sigterm_ends_it_well_and_leaves_the_ports(pair: list[Container]) -> None:
    before = snapshot()
    with watch() as running:
        assert (running.stop(), running.lines, snapshot()) == (0, ["watching\n"], before)


def test_systemd_is_told_when_it_is_ready_alive_and_stopping(pair: list[Container]) -> None:
    with systemd() as (env, heard), watch(env={**env, "WATCHDOG_USEC": "400000"}) as running:
        fleet.wait_until(lambda: "READY=1" in heard() and heard().count("WATCHDOG=1") >= 3)
        running.stop()
        fleet.wait_until(lambda: heard()[-1] == "STOPPING=1")
        assert [word for word in heard() if word != "WATCHDOG=1"] == ["READY=1", "STOPPING=1"]


def test_it_is_ready_only_after_its_first_sync(pair: list[Container]) -> None:
    pair[0].restart()
    with systemd() as (env, heard):
        with services.vswitchd().paused():
            running = watching.Watch("watch", env=env)
            time.sleep(1)
            assert heard() == []
        fleet.wait_until(lambda: heard() == ["READY=1"])
        assert watching.has(pair[0])
        running.stop()


def test_it_stays_as_big_as_it_is(pair: list[Container]) -> None:
    with watch() as running:
        sizes = []
        for event in range(EVENTS):
            docker("kill", "c1")
            docker("start", "c1")
            running.says("restored port", event + 1)
            if event % 10 == 9:
                sizes.append((running.kib(), running.descriptors()))
    early, late = sizes[2], sizes[-1]
    print(f"after 30 events {early[0]} KiB, after {EVENTS} {late[0]} KiB; descriptors {early[1]}, {late[1]}")
    assert (late[0] - early[0] < 1024, late[1]) == (True, early[1])
