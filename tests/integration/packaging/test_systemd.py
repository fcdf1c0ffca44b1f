"""The installed unit, run by systemd: confined, it does its work; without any one of its rights it does not."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import services
from tests.house.checkout import missing, text
from tests.integration.conftest import ContainerFactory
from tests.integration.support import fleet, systemd
from tests.integration.support.commands import ours, run
from tests.integration.support.containers import Container
from tests.integration.support.systemd import UNIT, Systemd

LABEL = "--label=ovs-docker.eth0=bridge=br-int ipaddress=10.0.0.{0}/24,fd00::{0}/64"
RIGHTS = re.findall(r"CAP_\w+", systemd.setting("CapabilityBoundingSet"))
NOBODY = 65534


@pytest.fixture
def manager() -> Iterator[Systemd]:
    """Return a systemd that has the unit and has not started it."""
    with systemd.running(systemd.unit()) as running:
        yield running


@pytest.fixture(scope="module")
def rights() -> None:
    """Skip a test that needs more of the unit's rights than those within a user namespace."""
    if not systemd.in_the_machines_user_namespace():
        missing("this systemd's user manager puts a confined service into a user namespace, process 1 would not")


def started(manager: Systemd) -> int:
    """Start the unit, which ends when it says that it is ready; return its process id."""
    assert manager.ctl("start", UNIT).code == 0, manager.log.read_text()
    assert manager.shows("ActiveState") == "active"
    return int(manager.shows("MainPID"))


def addresses(number: int) -> list[str]:
    return [f"10.0.0.{number}/24", f"fd00::{number}/64"]


# --- what it does --------------------------------------------------------------------------------------------------


def test_systemd_has_nothing_to_say_against_the_unit(tmp_path: Path) -> None:
    (tmp_path / UNIT).write_text(systemd.unit())
    done = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / UNIT))
    assert (done.code, [line for line in done.err.splitlines() if "ovs-docker" in line]) == (0, [])


def test_labelled_containers_have_their_ports_while_they_live(
    rights: None, manager: Systemd, bridge: str, container: ContainerFactory
) -> None:
    started(manager)
    one, other = container("c1", LABEL.format(1)), container("c2", LABEL.format(2), "--user=1000")
    both = {"c1/eth0": addresses(1), "c2/eth0": addresses(2)}
    fleet.wait_until(lambda: fleet.attached() == both)
    for restarted in (one, other):
        restarted.restart()
    fleet.wait_until(lambda: fleet.attached() == both)
    assert [one.pings("10.0.0.2"), one.pings("fd00::2")] == [True, True]
    other.remove()
    fleet.wait_until(lambda: fleet.attached() == {"c1/eth0": addresses(1)})


def test_it_is_ready_when_it_watches_and_not_before(manager: Systemd, bridge: str) -> None:
    with services.dockerd().stopped():
        manager.ctl("start", "--no-block", UNIT)
        time.sleep(1)
        before = manager.shows("ActiveState")
    fleet.wait_until(lambda: manager.shows("ActiveState") == "active")
    assert (before, manager.shows("NRestarts")) == ("activating", "0")


def test_killed_it_is_started_again_and_makes_good_what_it_missed(
    rights: None, manager: Systemd, bridge: str, c1: Container
) -> None:
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
    with systemd.running(systemd.unit(WatchdogSec="1")) as manager:
        pid = started(manager)
        time.sleep(2.5)
        assert (manager.shows("NRestarts"), int(manager.shows("MainPID"))) == ("0", pid)
        os.kill(pid, signal.SIGSTOP)
        fleet.wait_until(lambda: manager.shows("NRestarts") == "1")
        fleet.wait_until(lambda: manager.shows("ActiveState") == "active")


# --- what it may ---------------------------------------------------------------------------------------------------


def test_its_exposure_is_the_one_that_the_document_states(tmp_path: Path) -> None:
    """A little up or down: each release of systemd has its own measure."""
    (tmp_path / UNIT).write_text(systemd.unit())
    said = run("systemd-analyze", "security", "--offline=true", "--no-pager", str(tmp_path / UNIT), check=True).out
    (exposure,) = re.findall(r"exposure level for \S+: ([\d.]+)", said)
    (stated,) = re.findall(r"rates its exposure as ([\d.]+) of 10", text("docs/ports-that-last.md"))
    assert float(exposure) <= 4.0
    assert abs(float(exposure) - float(stated)) <= 0.3


def test_it_has_these_rights_alone(manager: Systemd, bridge: str) -> None:
    status = Path(f"/proc/{started(manager)}/status").read_text()
    held = dict(re.findall(r"^(CapEff|CapBnd|NoNewPrivs|Seccomp):\s+(\w+)$", status, flags=re.MULTILINE))
    rights = f"{1 << 1 | 1 << 12 | 1 << 19 | 1 << 21:016x}"  # DAC_OVERRIDE, NET_ADMIN, SYS_PTRACE, SYS_ADMIN
    assert held == {"CapEff": rights, "CapBnd": rights, "NoNewPrivs": "1", "Seccomp": "2"}


@pytest.mark.parametrize("lacking", [None, *RIGHTS])
def test_each_of_its_rights_is_needed(
    lacking: str | None, rights: None, bridge: str, container: ContainerFactory
) -> None:
    """For a container whose process has another user, and a database whose server runs as a user of its own."""
    others = " ".join(right for right in RIGHTS if right != lacking)
    container("c1", LABEL.format(1), "--user=1000")
    with systemd.running(systemd.unit(CapabilityBoundingSet=others)) as manager:
        os.chown(services.OVS_SOCKET, NOBODY, NOBODY)
        try:
            manager.ctl("start", "--no-block", UNIT)
            fleet.wait_until(lambda: bool(fleet.attached()) or "warning: " in manager.said())
        finally:
            os.chown(services.OVS_SOCKET, 0, 0)
        assert (fleet.attached() == {}) == (lacking is not None), manager.said()
