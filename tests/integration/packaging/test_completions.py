"""The completions look up what is there: real bridges, ports and logical switches, containers of Docker and Podman.

What they know without asking anybody is tested in tests/house.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import services
from tests.host.daemons import Daemon
from tests.house.checkout import program
from tests.house.completion import Shell, bash, fish, zsh
from tests.house.terminal import Terminal
from tests.integration.conftest import ContainerFactory
from tests.integration.support import lone_switch
from tests.integration.support.commands import ours, ovs, run
from tests.integration.support.containers import Container
from tests.integration.support.logical import nb
from tests.integration.support.podman import ROOTS

SHELLS = pytest.mark.parametrize("shell", [bash, zsh, fish], ids=["bash", "zsh", "fish"])
PROJECT = "--label=com.docker.compose.project="

LOOK_UPS = {
    "add-port ": ["br-ex", "br-int"],
    "add-port br-i": ["br-int"],
    "add-port br-int ": [],
    "add-port br-int eth0 ": ["netsho1", "netsho2"],
    "add-port --ipaddress 10.0.0.1/8 br-int eth0 ": ["netsho1", "netsho2"],
    "add-port --macaddress=02:00:00:00:01:03 br-int eth0 ": ["netsho1", "netsho2"],
    "add-port br-int eth0 netsho1 ": [],
    "add-ports ": ["br-ex", "br-int"],
    "add-ports br-int ": [],
    "add-ports br-int eth0 ": ["netsho1", "netsho2"],
    "add-ports --file x br-int eth0 netsho1 --mtu=1400 ": ["netsho2"],
    "add-ports br-int eth0 netsho1 netsho2 ": [],
    "add-ports --labels --project l": ["lab"],
    "sync --project ": ["lab", "web"],
    "sync ": [],
    "watch ": [],
    "del-port ": ["br-ex", "br-int"],
    "del-port br-int ": ["eth0", "eth1", "eth2"],
    "del-port br-int eth2 ": ["netsho2"],
    "--dry-run -t 5 del-port --if-exists br-int eth2 ": ["netsho2"],
    "del-port br-none ": [],
    "del-ports br-int ": ["netsho1", "netsho2"],
    "set-vlan br-int ": ["eth0", "eth1", "eth2"],
    "set-vlan br-int eth1 ": ["netsho1"],
    "set-vlan br-int eth1 netsho1 ": ["none"],
    "set-trunk br-int eth2 ": ["netsho2"],
    "set-trunk br-int eth1 netsho1 ": ["none"],
    "get-port ": ["br-ex", "br-int", "netsho1", "netsho2"],
    "get-port br-int eth0 ": ["netsho1"],
    "get-port netsho1 ": ["eth0", "eth1"],
    "list-ports ": ["br-ex", "br-int"],
    "check ": ["br-ex", "br-int"],
    "list-ports --container netsho2": ["netsho2"],
    "--ovs-container netsho1": ["netsho1"],
}
# bash is told what follows the = only, the others the whole word.
VALUES = {
    "list-ports --container=netsho2": ["netsho2"],
    "watch --labels --project=": ["lab", "web"],
}
AT_A_TERMINAL = {
    "ovs-docker add-port br-i": "nt ",
    "ovs-docker add-port --mtu 1400 br-int eth0 netsho2": " ",
    "ovs-docker --dry-run del-port --if-exists br-int eth2 ": "netsho2 ",
    "ovs-docker get-port netsho1 e": "th",
    "ovs-docker add-ports br-int eth0 netsho1 net": "sho2 ",
    "ovs-docker watch --labels --project=w": "eb ",
}


@pytest.fixture
def there(bridge: str, container: ContainerFactory) -> None:
    """Make two bridges, two containers of different projects and three ports."""
    ovs("add-br", "br-ex")
    container("netsho1", f"{PROJECT}lab")
    container("netsho2", f"{PROJECT}web")
    for interface, name in (("eth0", "netsho1"), ("eth1", "netsho1"), ("eth2", "netsho2")):
        ours("add-port", bridge, interface, name, check=True)


@pytest.fixture
def other_database(tmp_path: Path) -> Iterator[str]:
    """Serve a database that has one bridge and no vswitchd."""
    place, file = f"{tmp_path}/db.sock", f"{tmp_path}/conf.db"
    subprocess.run(["ovsdb-tool", "create", file, services.SCHEMA], check=True)
    command = ("ovsdb-server", file, f"--remote=punix:{place}", f"--unixctl={tmp_path}/ctl")
    server = Daemon("other-ovsdb", (*command, "-vconsole:off", "-vsyslog:off"), lambda: services.accepts(place))
    server.start()
    run("ovs-vsctl", f"--db=unix:{place}", "--no-wait", "init", "--", "add-br", "br-other", check=True)
    yield f"unix:{place}"
    server.stop()


@pytest.fixture
def other_engine(private_host: None) -> Iterator[str]:
    """Let Podman have one container."""
    ROOTS.prepare()
    ROOTS.create("other")
    yield f"unix://{ROOTS.socket}"
    ROOTS.remove_all()
    ROOTS.service.stop()


@SHELLS
def test_what_is_there_is_offered(shell: Shell, there: None) -> None:
    assert {line: sorted(set(shell(f"ovs-docker {line}"))) for line in LOOK_UPS} == LOOK_UPS
    for line, wanted in VALUES.items():
        word = f"{line.split()[-1].partition('=')[0]}="
        assert [found.removeprefix(word) for found in shell(f"ovs-docker {line}")] == wanted


def test_zsh_completes_what_is_there_at_a_terminal(there: None, tmp_path: Path) -> None:
    terminal = Terminal(program("zsh"), tmp_path)
    failed = [line for line, rest in AT_A_TERMINAL.items() if not terminal.completes(line, rest)]
    terminal.close()
    assert failed == []


@SHELLS
def test_the_connection_options_of_the_line_hold_for_the_look_ups(
    shell: Shell, there: None, other_database: str, other_engine: str
) -> None:
    lines = {
        f"--db={other_database} add-port ": ["br-other"],
        f"--db {other_database} del-port ": ["br-other"],
        f"add-port --db={other_database} br-o": ["br-other"],
        f"-H {other_engine} add-port br-int eth0 ": ["other"],
        f"--docker-host={other_engine} add-port br-int eth0 ": ["other"],
    }
    assert {line: shell(f"ovs-docker {line}") for line in lines} == lines


@SHELLS
def test_the_switch_in_a_container_is_asked(shell: Shell) -> None:
    with lone_switch.no_switch_on_the_host():
        switch = lone_switch.start("switch")
        switch.exec("ovs-vsctl", f"--db=unix:{lone_switch.CUSTOMARY}/db.sock", "add-br", "br-lone")
        assert [shell(f"ovs-docker {option}add-port ") for option in ("--ovs-container=switch ", "")] == [
            ["br-lone"]
        ] * 2


@SHELLS
def test_ports_of_a_fake_bridge_and_running_containers_only_are_offered(
    shell: Shell, bridge: str, c1: Container, c2: Container
) -> None:
    ovs("add-br", "vlan9", bridge, "9")
    c2.stop()
    ours("add-port", bridge, "eth7", "c1", check=True)
    ours("add-port", "vlan9", "eth8", "c1", check=True)
    lines = {
        "add-port ": [bridge, "vlan9"],
        f"add-port {bridge} eth0 ": ["c1"],
        f"del-port {bridge} ": ["eth7", "eth8"],
        "del-port vlan9 ": ["eth8"],
        f"set-vlan {bridge} eth7 ": ["c1"],
        "get-port c1 ": ["eth7", "eth8"],
        "list-ports --container c": ["c1"],
    }
    assert {line: sorted(set(shell(f"ovs-docker {line}"))) for line in lines} == lines


@SHELLS
def test_the_logical_switches_of_ovn_are_offered(shell: Shell, chassis: None) -> None:
    nb("--may-exist", "ls-add", "lab")
    lines = ("--logical-switch ", "--nb-db=unix:/nonexistent --logical-switch ")
    assert [shell(f"ovs-docker add-port {line}") for line in lines] == [["lab"], []]
