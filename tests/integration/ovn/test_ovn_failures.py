"""add-port and del-port on OVN that cannot be: one line, and host and northbound database are as they were."""

import contextlib
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from socket import if_nameindex
from typing import Any

import pytest

from tests.host import DATAPATH, ovn
from tests.host.daemons import Daemon
from tests.integration.support import containers, logical, ports
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.gate import gate
from tests.integration.support.processes import ended, interrupted, started, wait_until
from tests.integration.support.refusal import ADD, DEL, line_of, refusal

DONE = Result(0, "", "")
ON_LS0 = "--logical-switch=ls0"
NB_SOCKET = "/var/run/ovn/ovnnb_db.sock"
NO_NB = (
    f"no server leads the OVN northbound database: unix:{NB_SOCKET}: {{}} "
    "(start it (service ovn-central start), or name its server with --nb-db=URI)"
)
GONE = f"no OVN northbound database at {NB_SOCKET}"


@pytest.fixture(autouse=True)
def network(chassis: None) -> Iterator[None]:
    """Make a switch with a router and a port of somebody else, and a switch beside it."""
    logical.ready()
    logical.switch("ls0", "10.0.0.0/29", "lr0", "10.0.0.1/29")
    logical.switch("ls1")
    logical.nb(
        "lsp-add", "ls0", "theirs", "--", "lsp-set-addresses", "theirs", "0A:00:00:00:00:33 10.0.0.3 2001:DB8::3"
    )
    yield
    for daemon in (ovn.northbound(), ovn.southbound(), ovn.northd(), ovn.controller()):
        daemon.start()
    logical.empty()


@contextlib.contextmanager
def without_northbound() -> Iterator[None]:
    """Do without the database; ovn-northd, which would look for it ever more rarely, starts anew with it."""
    with ovn.northbound().stopped():
        yield
    ovn.northd().restart()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--logical-switch=ls9"],
            "--logical-switch=ls9: there is none (ovn-nbctl ls-add ls9 creates it)",
        ),
        (
            [ON_LS0, "--iface-id=theirs"],
            "logical port theirs already exists, and ovs-docker did not make it for this interface "
            "(--iface-id=ID names another one; without --logical-switch the port binds to the existing one)",
        ),
        (
            [ON_LS0, "--ipaddress=10.0.0.3/29"],
            "--ipaddress=10.0.0.3/29: logical port theirs of switch ls0 already has it",
        ),
        (
            [ON_LS0, "--ipaddress=2001:db8:0::3/64"],
            "--ipaddress=2001:db8::3/64: logical port theirs of switch ls0 already has it",
        ),
        (
            [ON_LS0, "--macaddress=0a:00:00:00:00:33"],
            "--macaddress=0a:00:00:00:00:33: logical port theirs of switch ls0 already has it",
        ),
        ([ON_LS0, "--ipaddress=10.0.0.1/29"], "--ipaddress=10.0.0.1/29: a router on switch ls0 already has it"),
        (
            [ON_LS0, "--macaddress=0A:00:00:00:03:0f"],
            "--macaddress=0a:00:00:00:03:0f: a router on switch ls0 already has it",
        ),
        (
            ["--logical-switch=ls1", "--ipaddress=dynamic"],
            "--ipaddress=dynamic: logical switch ls1 has no subnet to choose from "
            "(ovn-nbctl set Logical_Switch ls1 other_config:subnet=NETWORK/LEN)",
        ),
        (
            [ON_LS0, "--ipaddress=dynamic", "--gateway=10.9.9.9"],
            "--gateway=10.9.9.9: outside of --ipaddress=10.0.0.2/29 (10.0.0.0/29 holds 10.0.0.0 to 10.0.0.7)",
        ),
    ],
)
def test_what_cannot_be_is_told_and_leaves_nothing(c1: Container, options: list[str], said: str) -> None:
    with logical.nothing_changed():
        assert refusal(*ADD, *options) == said


def test_the_same_address_on_another_switch_is_fine(c1: Container) -> None:
    assert ours(*ADD, "--logical-switch=ls1", "--ipaddress=10.0.0.3/29") == DONE


def test_another_bridge_than_ovns_is_told(c1: Container) -> None:
    ovs("add-br", "br0", "--", "set", "bridge", "br0", f"datapath_type={DATAPATH}")
    with logical.nothing_changed():
        said = refusal("add-port", "br0", "eth0", "c1", ON_LS0)
    assert said == "BRIDGE br0: OVN's integration bridge here is br-int (attach to br-int)"


def test_where_ovn_never_installs_the_port_all_is_undone(c1: Container) -> None:
    with ovn.controller().stopped(), logical.nothing_changed():
        said = refusal("--timeout=1.5", *ADD, ON_LS0, "--ipaddress=10.0.0.2/29")
    assert said == (
        "OVN did not install logical port c1_eth0 within 1.5 s (is ovn-controller running here, does it reach "
        "unix:/run/ovn/ovnsb_db.sock, and is ovn-northd running? --timeout=SECS waits longer, --no-wait not at all)"
    )


def test_who_does_not_wait_gets_the_port_all_the_same(c1: Container) -> None:
    with ovn.controller().stopped():
        done = ours("--no-wait", *ADD, ON_LS0)
    wait_until(lambda: ports.record(ports.of("c1")).get("ovn-installed") == "true")
    assert done == DONE


def test_where_ovn_chooses_no_address_all_is_undone(c1: Container) -> None:
    with ovn.northd().stopped(), logical.nothing_changed():
        said = refusal("--timeout=1", *ADD, ON_LS0, "--ipaddress=dynamic")
    assert said == (
        "OVN chose no address for logical port c1_eth0 within 1 s "
        "(is ovn-northd running, and is there an address left in 10.0.0.0/29?)"
    )


@pytest.mark.parametrize("config", [(), ("other_config:ipv6_prefix=2001:db8:2::",)], ids=["IPv4", "IPv6 is left"])
def test_where_no_address_is_left_all_is_undone(c1: Container, config: tuple[str, ...]) -> None:
    logical.switch("ls2", "10.0.2.0/30")
    if config:
        logical.nb("set", "Logical_Switch", "ls2", *config)
    dynamic = ("--logical-switch=ls2", "--ipaddress=dynamic")
    ours("add-port", "br-int", "eth1", "c1", *dynamic, check=True)
    with logical.nothing_changed():
        said = refusal(*ADD, *dynamic)
    assert said.startswith("--ipaddress=dynamic: no address is left in 10.0.2.0/30 of logical switch ls2 (")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
@pytest.mark.parametrize("waiting_for", [ovn.controller(), ovn.northd()], ids=["its flows", "an address"])
def test_a_signal_while_waiting_for_ovn_undoes_all(c1: Container, waiting_for: Daemon, number: signal.Signals) -> None:
    with waiting_for.stopped(), logical.nothing_changed():
        process = started(*ADD, ON_LS0, "--ipaddress=dynamic")
        wait_until(lambda: "c1_eth0" in logical.ports()["ls0"])
        time.sleep(0.3)
        process.send_signal(number)
        result = ended(process, 3)
    assert result == interrupted(number)


def test_a_northbound_database_that_is_away_is_told(c1: Container) -> None:
    before = logical.both()
    with without_northbound():
        said = refusal(*ADD, ON_LS0)
    assert (said, logical.both()) == (NO_NB.format(GONE), before)


def test_a_port_is_not_detached_while_its_logical_port_cannot_be(c1: Container) -> None:
    ours(*ADD, ON_LS0, check=True)
    before = logical.both()
    with without_northbound():
        said = refusal(*DEL)
        others = refusal("del-ports", "br-int", "c1")
    assert (said, others, logical.both()) == (NO_NB.format(GONE), NO_NB.format(GONE), before)
    assert ours(*DEL) == DONE


def test_ports_without_a_logical_switch_need_no_northbound_database(c1: Container) -> None:
    with without_northbound():
        assert [ours(*ADD, "--iface-id=theirs"), ours(*DEL)] == [DONE, DONE]


def test_a_logical_port_that_is_gone_already_is_no_obstacle(c1: Container) -> None:
    ours(*ADD, ON_LS0, check=True)
    logical.nb("lsp-del", "c1_eth0")
    assert ours(*DEL) == DONE


def test_a_logical_port_that_somebody_else_made_meanwhile_stays(c1: Container) -> None:
    ours(*ADD, ON_LS0, check=True)
    logical.nb("lsp-del", "c1_eth0", "--", "lsp-add", "ls1", "c1_eth0")
    warning = "logical port c1_eth0 stays: its external_ids do not say that ovs-docker made it"
    assert ours(*DEL) == Result(0, "", f"ovs-docker: {warning}\n")
    assert logical.ports() == {"ls0": ["ls0-lr0", "theirs"], "ls1": ["c1_eth0"]}


@pytest.mark.parametrize("verb", [DEL, (*ADD, ON_LS0)], ids=["detach", "attach"])
def test_a_call_that_loses_the_northbound_database_midway_is_undone(c1: Container, verb: tuple[str, ...]) -> None:
    if verb == DEL:
        ours(*ADD, ON_LS0, "--ipaddress=10.0.0.2/29", check=True)
    with logical.nothing_changed(), gate(changes_logical_ports, server=ovn.NORTHBOUND) as held:
        process = started(*verb, f"--nb-db=unix:{held.path}")
        held.wait()
        ovn.northbound().kill()
        ovn.northbound().start()
        held.open()
        said = line_of(ended(process))
    ovn.northd().restart()
    assert said == "the database (ovsdb-server) closed the connection (is it being restarted?)"


def changes_logical_ports(message: dict[str, Any]) -> bool:
    """Recognise the transaction that makes or deletes a logical port."""
    operations = (each for each in message.get("params", ()) if isinstance(each, dict))
    return any(each.get("op") in ("insert", "delete") and "Port" in each["table"] for each in operations)


def test_of_two_who_want_the_same_address_one_gets_it(c1: Container, c2: Container) -> None:
    words = [("add-port", "br-int", "eth0", name, ON_LS0, "--ipaddress=10.0.0.4/29") for name in ("c1", "c2")]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda call: ours(*call), words))
    winner, loser = sorted(results, key=lambda result: result.code)
    assert (winner, loser.code, "already has it" in loser.err) == (DONE, 1, True)


def test_an_iface_id_of_a_working_interface_is_refused_and_one_of_a_removed_container_is_not(c1: Container) -> None:
    ours(*ADD, "--iface-id=theirs", check=True)
    containers.create("c2")
    again = ("add-port", "br-int", "eth0", "c2", "--iface-id=theirs")
    with logical.nothing_changed():
        said = refusal(*again)
    port = ports.of("c1")
    assert said == f"iface-id theirs is already used by port {port} (--iface-id=ID gives this port another one)"
    c1.remove()
    wait_until(lambda: port not in [name for _, name in if_nameindex()])
    assert ours(*again) == DONE
