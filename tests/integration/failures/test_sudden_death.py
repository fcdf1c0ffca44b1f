"""SIGKILL at any moment: what is left, the next add-port of the same words repairs, and del-port then removes."""

import signal
import time
from collections.abc import Callable

import pytest

from tests.host import services
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.gate import gate
from tests.integration.support.processes import SOAK, ended, moments, started, wait_until
from tests.integration.support.refusal import ADD, DEL, picture

SPEC = (*ADD, "--ipaddress=10.0.0.1/24", "--macaddress=02:00:00:00:00:01", "--vlan=5")
MOMENTS = 60 * SOAK
DONE = Result(0, "", "")
ALREADY = Result(1, "", "ovs-docker: Port already attached for CONTAINER=c1 and INTERFACE=eth0\n")
GONE = Result(1, "", "ovs-docker: Failed to find any attached port for CONTAINER=c1 and INTERFACE=eth0\n")


@pytest.fixture
def neighbour(bridge: str, c2: Container) -> str:
    """Return the address of c2, which is in the same VLAN."""
    ours("add-port", bridge, "eth0", "c2", "--ipaddress=10.0.0.2/24", "--vlan=5", check=True)
    return "10.0.0.2"


def killed(process_words: tuple[str, ...], at: Callable[[], object]) -> None:
    """Start ours, let ``at`` find the moment, and kill it."""
    process = started(*process_words)
    at()
    process.send_signal(signal.SIGKILL)
    ended(process)


def test_whatever_is_left_the_same_words_repair(c1: Container, neighbour: str) -> None:
    before = picture()
    ours(*SPEC, check=True)
    attached = picture()
    ours(*DEL, check=True)
    seen = set[int]()
    for moment in moments(0.1, MOMENTS, lambda: 1 in seen):
        killed(SPEC, lambda: time.sleep(moment))  # noqa: B023
        again = ours(*SPEC)
        seen.add(again.code)
        works = again == DONE or c1.pings(neighbour)
        assert (again in (DONE, ALREADY), works, picture()) == (True, True, attached), again
        assert (ours(*DEL), picture()) == (DONE, before)
    assert seen == {0, 1}


def test_what_a_dying_detach_leaves_the_next_attach_repairs(c1: Container, neighbour: str) -> None:
    before = picture()
    ours(*SPEC, check=True)
    attached = picture()
    for moment in moments(0.08, MOMENTS // 2, lambda: True):
        killed(DEL, lambda: time.sleep(moment))  # noqa: B023
        again = ours(*SPEC)
        assert (again in (DONE, ALREADY), picture()) == (True, attached), again
    assert (ours(*DEL), picture()) == (DONE, before)


@pytest.mark.parametrize("after", [False, True], ids=["before the transaction", "after the transaction"])
def test_death_beside_the_transaction_is_repaired(bridge: str, c1: Container, neighbour: str, after: bool) -> None:
    before = picture()
    with gate(after=after) as held:
        killed((*SPEC, held.option), held.wait)
        left = picture()
    assert left != before
    assert (ours(*SPEC) in (DONE, ALREADY), c1.pings(neighbour)) == (True, True)
    assert (ours(*DEL), picture()) == (DONE, before)


@pytest.mark.parametrize("after", [False, True], ids=["before the transaction", "after the transaction"])
def test_death_beside_the_transaction_of_a_detach_is_repaired(
    bridge: str, c1: Container, neighbour: str, after: bool
) -> None:
    before = picture()
    ours(*SPEC, check=True)
    attached = picture()
    with gate(after=after) as held:
        killed((*DEL, held.option), held.wait)
    assert (ours(*SPEC), picture()) == (DONE if after else ALREADY, attached)
    assert (c1.pings(neighbour), ours(*DEL), picture()) == (True, DONE, before)


def test_death_while_vswitchd_is_silent_is_repaired_by_it(bridge: str, c1: Container, neighbour: str) -> None:
    before = picture()
    with services.vswitchd().paused():
        killed(SPEC, lambda: wait_until(lambda: len(ovs("--no-wait", "list-ports", bridge).split()) == 2))
        while_silent = ours("--timeout=2", *SPEC, timeout=8)
    assert while_silent.code == 1
    assert (ours(*SPEC) in (DONE, ALREADY), c1.pings(neighbour)) == (True, True)
    assert (ours(*DEL), picture()) == (DONE, before)


def test_death_while_the_stale_port_is_replaced_is_repaired(bridge: str, c1: Container, neighbour: str) -> None:
    before = picture()
    ours(*SPEC, check=True)
    c1.restart()
    with gate() as held:
        killed((*SPEC, held.option), held.wait)
    assert (ours(*SPEC), c1.pings(neighbour), ours(*DEL), picture()) == (DONE, True, DONE, before)


def test_the_dead_hold_no_lock(bridge: str, c1: Container) -> None:
    with gate() as held:
        killed((*SPEC, held.option), held.wait)
        held.close()
        assert ours("--timeout=3", *SPEC) == DONE
