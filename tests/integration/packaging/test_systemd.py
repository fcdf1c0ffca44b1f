"""The documents' unit, run by systemd: ready when it watches, started again when it dies or hangs, stopped in order."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import services
from tests.integration.support import fleet, systemd
from tests.integration.support.commands import ours, run
from tests.integration.support.containers import Container
from tests.integration.support.systemd import UNIT, Systemd


@pytest.fixture
def manager() -> Iterator[Systemd]:
    """Return a systemd that has the documents' unit and has not started it."""
    with systemd.running(systemd.unit()) as running:
        yield running


def started(manager: Systemd) -> int:
    """Start the unit, which ends when it says that it is ready; return its process id."""
    assert manager.ctl("start", UNIT).code == 0, manager.log.read_text()
    assert manager.shows("ActiveState") == "active"
    return int(manager.shows("MainPID"))


def test_systemd_has_nothing_to_say_against_the_unit(tmp_path: Path) -> None:
    (tmp_path / UNIT).write_text(systemd.unit())
    done = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / UNIT))
    assert (done.code, [line for line in done.err.splitlines() if "ovs-docker" in line]) == (0, [])


def test_it_is_ready_when_it_watches_and_not_before(manager: Systemd, bridge: str) -> None:
    with services.dockerd().stopped():
        manager.ctl("start", "--no-block", UNIT)
        time.sleep(1)
        before = manager.shows("ActiveState")
    fleet.wait_until(lambda: manager.shows("ActiveState") == "active")
    assert (before, manager.shows("NRestarts")) == ("activating", "0")


def test_killed_it_is_started_again_and_makes_good_what_it_missed(manager: Systemd, bridge: str, c1: Container) -> None:
    ours("add-port", "br-int", "eth0", "c1", "--ipaddress=10.0.0.1/24", check=True)
    os.kill(started(manager), signal.SIGKILL)
    c1.restart()
    fleet.wait_until(lambda: fleet.attached() == {"c1/eth0": ["10.0.0.1/24"]})
    fleet.wait_until(lambda: manager.shows("ActiveState") == "active")
    assert manager.shows("NRestarts") == "1"


def test_stopped_it_ends_well_and_leaves_the_ports(manager: Systemd, bridge: str, c1: Container) -> None:
    ours("add-port", "br-int", "eth0", "c1", "--ipaddress=10.0.0.1/24", check=True)
    started(manager)
    manager.ctl("stop", UNIT)
    ended = [manager.shows(name) for name in ("ActiveState", "Result", "ExecMainStatus", "NRestarts")]
    assert (ended, fleet.attached()) == (["inactive", "success", "0", "0"], {"c1/eth0": ["10.0.0.1/24"]})


def test_hanging_it_is_started_again_and_idling_it_is_not(bridge: str) -> None:
    with systemd.running(systemd.unit(watchdog="1")) as manager:
        pid = started(manager)
        time.sleep(2.5)
        assert (manager.shows("NRestarts"), int(manager.shows("MainPID"))) == ("0", pid)
        os.kill(pid, signal.SIGSTOP)
        fleet.wait_until(lambda: manager.shows("NRestarts") == "1")
        fleet.wait_until(lambda: manager.shows("ActiveState") == "active")
