"""SIGKILL at any moment, daemons that die in the middle, many rounds: a sync later no debris is left, all ports work.

OVS_DOCKER_SOAK makes it longer: tox -e soak.
"""

import os
import random
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.host import services
from tests.host.daemons import Daemon
from tests.integration.support import fleet
from tests.integration.support.commands import OURS, Result, ours, ovs, run, start
from tests.integration.support.containers import Container
from tests.integration.support.fleet import SOAK
from tests.integration.support.leftovers import VETH_END
from tests.integration.support.snapshot import snapshot

DONE = Result(0, "", "")
MOMENTS = 25 * SOAK
ROUNDS = 1000 if SOAK > 1 else 50
ALL_OFF = ("del-ports", "br-int", "--all")


@pytest.fixture
def file(bridge: str, tmp_path: Path) -> str:
    """Return the option that names a file of ports for the running containers c1 to c3."""
    return f"--file={fleet.file_for(tmp_path, fleet.started(3))}"


def debris() -> list[str]:
    """Return what is no port that works: a link or row alone, a dead port, a namespace link, a temporary file."""
    ends = {name for _, name in socket.if_nameindex() if VETH_END.fullmatch(name)}
    columns = ("--bare", "--columns=name,ofport", "find", "interface", "external_ids:owner=ovs-docker")
    ports = dict(row.split() for row in ovs(*columns).replace("\n", " ").split("  ") if row)
    dead = [name for name, ofport in ports.items() if int(ofport) < 1]
    temporary = [path.name for path in Path("/run/tmp").glob("*ovs*docker*")]
    return [*sorted(ends ^ set(ports)), *dead, *(str(path) for path in Path("/run/netns").glob("*")), *temporary]


def kill_at(moment: float, *words: str) -> None:
    """Start ours and kill it ``moment`` seconds later."""
    process = start(OURS, *words)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def moments(span: float) -> list[float]:
    """Return random moments of a run that takes ``span`` seconds, the same ones every time."""
    chance = random.Random(3)
    return [chance.uniform(0.01, 1.1 * span) for _ in range(MOMENTS)]


def seconds_of(*words: str) -> float:
    """Return how long an undisturbed run takes."""
    began = time.monotonic()
    ours(*words, check=True)
    return time.monotonic() - began


def all_work(file: str) -> None:
    """See that a sync clears the debris, that the wishes can be met, and that the ports work then."""
    left = ours("sync")
    assert (left.code, left.err, debris()) == (0, "", [])
    ours("sync", file, check=True)
    assert (ours("sync", file), debris(), len(fleet.attached())) == (DONE, [], 3)


@pytest.mark.parametrize(
    "words",
    [("add-port", "br-int", "eth0", "c1", "--ipaddress=10.0.0.1/24", "--macaddress=02:00:00:00:00:01"), ("add-ports",)],
    ids=["add-port", "add-ports"],
)
def test_an_attach_killed_at_any_moment(file: str, words: tuple[str, ...]) -> None:
    words = words if len(words) > 1 else (*words, file)
    span = seconds_of(*words)
    for moment in moments(span):
        ours(*ALL_OFF, check=True)
        kill_at(moment, *words)
        all_work(file)
    assert Container("c1", "c1").pings("10.0.0.3")


def test_a_detach_killed_at_any_moment(file: str) -> None:
    ours("add-ports", file, check=True)
    span = seconds_of(*ALL_OFF)
    for moment in moments(span):
        ours("add-ports", file, "--may-exist", check=True)
        kill_at(moment, *ALL_OFF)
        all_work(file)
    assert Container("c1", "c1").pings("10.0.0.3")


def test_a_sync_killed_at_any_moment_loses_no_port(file: str) -> None:
    ours("add-ports", file, check=True)
    before = fleet.rows()
    cut_off(before)
    for moment in moments(seconds_of("sync")):
        cut_off(before)
        kill_at(moment, "sync")
        left = ours("sync")
        assert (left.code, left.err, debris(), fleet.rows()) == (0, "", [], before)
    assert Container("c1", "c1").pings("10.0.0.3")


def cut_off(ports: dict[str, object]) -> None:
    """Take the links away, as restarts do."""
    for port in ports:
        run("ip", "link", "delete", port)


@pytest.mark.parametrize(
    "daemon", [services.ovsdb, services.vswitchd, services.dockerd], ids=lambda each: each.__name__
)
def test_a_daemon_that_dies_during_add_ports(file: str, daemon: Callable[[], Daemon]) -> None:
    span = seconds_of("add-ports", file)
    for moment in moments(span)[: 3 * SOAK]:
        ours(*ALL_OFF, check=True)
        process = start(OURS, "--timeout=10", "add-ports", file)
        time.sleep(moment)
        daemon().kill()
        daemon().start()
        _, err = process.communicate(timeout=30)
        assert (process.returncode in (0, 1), "Traceback" in err) == (True, False), err
        all_work(file)


def test_many_rounds_leak_nothing(file: str) -> None:
    def held() -> list[int]:
        return [len(os.listdir(f"/proc/{daemon().pid}/fd")) for daemon in (services.ovsdb, services.vswitchd)]

    ours("add-ports", file, check=True)
    ours(*ALL_OFF, check=True)
    before = (snapshot(), held())
    for _ in range(ROUNDS):
        ours("add-ports", file, check=True)
        ours(*ALL_OFF, check=True)
    assert (snapshot(), held()) == before
