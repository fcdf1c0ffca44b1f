"""The world changes while a port is being attached: what was done is undone, what was there before is put back.

The gate holds the call before its transaction (the veth pair is there, the rows are not) or after it (both are,
and vswitchd has not confirmed). Signals are in test_interruption.py.
"""

from collections.abc import Callable

import pytest

from tests.host import DATAPATH, services
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.gate import Message, gate
from tests.integration.support.processes import ended, started
from tests.integration.support.refusal import ADD, host_picture, line_of, nothing_changed, refusal

AFTER = [pytest.param(False, id="before the transaction"), pytest.param(True, id="after the transaction")]
CLOSED = "the database (ovsdb-server) closed the connection (is it being restarted?)"
STOPPED = "container c1 is not running (docker start c1)"


def interrupted_by(event: Callable[[], object], after: bool, *options: str) -> str:
    """Hold add-port at the gate, let ``event`` happen, let the call go on; return its one line."""
    with gate(after=after) as held:
        process = started(*ADD, held.option, "--ipaddress=10.0.0.1/24", *options)
        held.wait()
        event()
        held.open()
        return line_of(ended(process))


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("end", [Container.stop, Container.remove], ids=["stopped", "removed"])
def test_a_container_that_stops_meanwhile_is_told(
    bridge: str, c1: Container, end: Callable[[Container], None], after: bool
) -> None:
    before = host_picture()
    said = interrupted_by(lambda: end(c1), after)
    assert (said, host_picture()) == (STOPPED, before)


@pytest.mark.parametrize("after", AFTER)
def test_a_container_that_restarts_meanwhile_is_told(bridge: str, c1: Container, after: bool) -> None:
    with nothing_changed():
        said = interrupted_by(c1.restart, after)
    assert said.startswith("container c1 ")


def test_a_container_that_stops_while_vswitchd_is_silent_is_told(bridge: str, c1: Container) -> None:
    before = host_picture()
    with gate(after=True) as held:
        with services.vswitchd().paused():
            process = started(*ADD, held.option)
            held.wait()
            held.open()
            c1.stop()
        said = line_of(ended(process))
    assert (said, host_picture()) == (STOPPED, before)


def test_a_bridge_that_is_deleted_before_the_transaction_is_made_anew(bridge: str, c1: Container) -> None:
    said = interrupted_by(lambda: ovs("del-br", bridge), False)
    # Of the default datapath type, which no vswitchd of a private host can run.
    assert (said.split(":")[0], left(c1)) == ("ovs-vswitchd cannot run bridge br-int", ("", []))


def test_a_bridge_that_is_deleted_after_the_transaction_is_told(bridge: str, c1: Container) -> None:
    said = interrupted_by(lambda: ovs("del-br", bridge), True)
    assert (said.partition(" eth0 ")[2], left(c1)) == ("of container c1 was removed by somebody else at once", ("", []))


def test_a_port_that_is_deleted_after_the_transaction_is_told(bridge: str, c1: Container) -> None:
    with nothing_changed():
        said = interrupted_by(lambda: ovs("del-port", bridge, ovs("list-ports", bridge)), True)
    assert said.partition(" eth0 ")[2] == "of container c1 was removed by somebody else at once"


@pytest.mark.parametrize("after", AFTER)
def test_a_database_that_is_restarted_meanwhile_has_nothing_of_it(bridge: str, c1: Container, after: bool) -> None:
    def crash() -> None:
        services.ovsdb().kill()
        services.ovsdb().start()

    with nothing_changed():
        said = interrupted_by(crash, after)
    assert said == CLOSED


@pytest.mark.parametrize("after", AFTER)
def test_a_database_that_is_killed_meanwhile_leaves_what_the_next_call_repairs(
    bridge: str, c1: Container, after: bool
) -> None:
    with gate(after=after) as held:
        process = started(*ADD, held.option)
        held.wait()
        services.ovsdb().kill()
        held.close()
        done = ended(process)
    links = c1.ip("link", "show", "type", "veth")
    services.ovsdb().start()
    assert (done.code, done.err.splitlines()[0], links, ours(*ADD)) == (
        1,
        f"ovs-docker: {CLOSED}",
        [],
        Result(0, "", ""),
    )


def left(container: Container) -> tuple[str, list[dict[str, object]]]:
    """Return the bridges, and the interfaces that the container has besides its loopback."""
    return ovs("list-br"), container.ip("link", "show", "type", "veth")


def test_a_stale_port_comes_back_when_its_replacement_fails(bridge: str, c1: Container) -> None:
    ours(*ADD, "--vlan=5", "--external-id=key=value", "--ofport=9", check=True)
    c1.restart()
    with nothing_changed(), services.vswitchd().paused():
        said = refusal(*ADD, "--timeout=2", seconds=8)
    assert "ovs-vswitchd did not apply the change" in said


def test_a_stale_port_stays_when_the_kernel_refuses_its_replacement(bridge: str, c1: Container) -> None:
    ours(*ADD, "--vlan=5", check=True)
    c1.restart()
    with nothing_changed():
        said = refusal(*ADD, "--ipaddress=::1/128")
    assert said.startswith("--ipaddress=::1/128: ")


def asks_for_a_port_called_like_the_bridge(message: Message) -> bool:
    """Recognise the second question about a bridge that was not there at the first."""
    _, *operations = message.get("params") or [""]
    return message.get("method") == "transact" and [operation.get("columns") for operation in operations] == [["_uuid"]]


def test_a_bridge_that_is_made_meanwhile_is_used(c1: Container) -> None:
    with gate(asks_for_a_port_called_like_the_bridge) as held:
        process = started(*ADD, held.option)
        held.wait()
        ovs("add-br", "br-int", "--", "set", "bridge", "br-int", f"datapath_type={DATAPATH}")
        held.open()
        assert ended(process) == Result(0, "", "")
    assert len(ovs("list-ports", "br-int").split()) == 1
