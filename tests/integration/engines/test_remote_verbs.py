"""Every verb over TCP and TLS, with certificates of ovs-pki: one by one, many at once, watching, with big answers."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import filler
from tests.host import services
from tests.integration.support import fleet, remotes
from tests.integration.support.commands import OURS, Result, ours, ovs, start
from tests.integration.support.containers import Container
from tests.integration.support.pki import Pki
from tests.integration.support.remotes import TCP, TCP6, TLS, Secure
from tests.integration.support.watching import watch

DONE = Result(0, "", "")
PLACE = ("br-int", "eth0", "c1")


@pytest.fixture(scope="module")
def secure(private_host: None, tmp_path_factory: pytest.TempPathFactory) -> Secure:
    return Secure(Pki(tmp_path_factory.mktemp("pki") / "one"))


EVERY_WAY = pytest.mark.parametrize("remote", [TCP, TCP6, "tcp:localhost:6640", "tcp:127.0.0.1", TLS], indirect=True)
BOTH_WAYS = pytest.mark.parametrize("remote", [TCP, TLS], indirect=True)
BY_TLS = pytest.mark.parametrize("remote", [TLS], indirect=True)


@pytest.fixture
def remote(request: pytest.FixtureRequest, secure: Secure) -> Iterator[tuple[str, ...]]:
    """Return the options for the database over the network."""
    with remotes.listening(secure.server, secure.pki.ca):
        yield options(request.param, secure)


def options(target: str, secure: Secure) -> tuple[str, ...]:
    return (f"--db={target}", *(secure.options() if target == TLS else ()))


@EVERY_WAY
def test_the_verbs_on_one_port_work(bridge: str, c1: Container, remote: tuple[str, ...]) -> None:
    nowhere = {"OVS_RUNDIR": "/nowhere"}
    done = ours(*remote, "add-port", *PLACE, "--ipaddress=10.0.0.1/24", env=nowhere)
    name = ours(*remote, "get-port", *PLACE, env=nowhere, check=True).out.strip()
    verbs = (("set-vlan", *PLACE, "5"), ("set-trunk", *PLACE, "10,20"))
    changed = [ours(*remote, *words, env=nowhere) for words in verbs]
    row = ovs("get", "port", name, "tag", "trunks").split("\n")
    listed = json.loads(ours(*remote, "--format=json", "list-ports", env=nowhere, check=True).out)["data"]
    synced = ours(*remote, "sync", env=nowhere)
    removed = ours(*remote, "del-port", *PLACE, env=nowhere)
    assert (done, changed, synced, removed) == (DONE, [DONE, DONE], DONE, DONE)
    assert (row, [(port["port"], port["state"]) for port in listed]) == (["5", "[10, 20]"], [(name, "up")])
    assert ovs("list-ports", bridge) == ""


@BY_TLS
def test_many_ports_at_once_and_their_restoring_work(bridge: str, remote: tuple[str, ...], tmp_path: Path) -> None:
    containers = fleet.started(30)
    assert ours(*remote, "add-ports", f"--file={fleet.file_for(tmp_path, containers)}") == DONE
    before = fleet.rows()
    fleet.restart(containers[:3])
    containers[3].remove()
    synced = ours(*remote, "sync")
    again = ours(*remote, "sync")
    assert (synced.code, synced.out.count("restored port"), synced.out.count("removed port")) == (0, 3, 1)
    assert (again, len(before), len(fleet.rows())) == (DONE, 30, 29)
    assert containers[0].pings("10.0.0.30")
    assert (ours(*remote, "del-ports", bridge, "--all").code, fleet.rows()) == (0, {})


@BOTH_WAYS
def test_a_watch_restores_over_a_connection_that_is_probed_and_breaks(
    bridge: str, c1: Container, remote: tuple[str, ...]
) -> None:
    remotes.probing_every(1000)
    ours("add-port", *PLACE, "--ipaddress=10.0.0.1/24", check=True)
    before = fleet.rows()
    with watch(words=remote) as running:
        time.sleep(3)
        assert running.count("Open vSwitch is not there") == 0
        c1.restart()
        running.says("restored port")
        services.ovsdb().restart()
        running.says("Open vSwitch is back")
        c1.restart()
        running.says("restored port", 2)
        assert fleet.rows() == before


@BY_TLS
def test_a_long_wait_answers_the_servers_probes(bridge: str, c1: Container, remote: tuple[str, ...]) -> None:
    remotes.probing_every(1000)
    with services.vswitchd().paused():
        waiting = start(OURS, *remote, "add-port", *PLACE)
        time.sleep(4)
        assert waiting.poll() is None
    out, err = waiting.communicate(timeout=20)
    assert (waiting.returncode, out, err, len(fleet.rows())) == (0, "", "", 1)


@BOTH_WAYS
def test_two_at_once_for_one_interface_lock_each_other_out(bridge: str, c1: Container, remote: tuple[str, ...]) -> None:
    both = [start(OURS, *remote, "add-port", *PLACE) for _ in range(2)]
    said = sorted((one.communicate(timeout=30)[1], one.returncode) for one in both)
    told = "ovs-docker: Port already attached for CONTAINER=c1 and INTERFACE=eth0\n"
    assert (said, len(fleet.rows())) == ([("", 0), (told, 1)], 1)


@BY_TLS
def test_five_thousand_ports_are_listed(remote: tuple[str, ...]) -> None:
    with services.vswitchd().stopped():
        ovs("--no-wait", "add-br", filler.BRIDGE)
        filler.insert(5000)
        listed = ours(*remote, "list-ports", check=True).out
        ovs("--no-wait", "del-br", filler.BRIDGE)
    assert len(listed.splitlines()) == 5001
