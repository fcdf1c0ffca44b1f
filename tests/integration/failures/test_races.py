"""Several calls at the same moment: one interface is attached once, and many containers do not hinder one another.

Calls that are interrupted are in test_interruption.py and test_sudden_death.py.
"""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.host import services
from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import SCRIPT, Result, ours, ovs, run, start
from tests.integration.support.containers import Container
from tests.integration.support.gate import gate
from tests.integration.support.processes import SOAK, ended, started
from tests.integration.support.refusal import ADD, DEL, picture
from tests.integration.support.snapshot import Picture

MANY = 32
DONE = Result(0, "", "")
ADDRESS = "--ipaddress=10.0.0.1/24"


def already(container: str) -> Result:
    said = f"Port already attached for CONTAINER={container} and INTERFACE=eth0"
    return Result(1, "", f"ovs-docker: {said}\n")


def shape() -> Picture:
    """Count what attaching makes: host ends, ports, and the interfaces of each container."""
    seen = picture()
    return {
        "host ends": sum(name.endswith(("_l", "_c")) for name in seen["links"]),
        "ports": sum(name.endswith("_l") for name in seen["port"]),
        "inside": {name: sorted(inside["links"]) for name, inside in seen["containers"].items()},
    }


ONE_PORT: Picture = {"host ends": 1, "ports": 1, "inside": {"c1": ["eth0", "lo"]}}


@pytest.mark.parametrize("forms", [("name", "name"), ("name", "short_id"), ("short_id", "id")], ids=" and ".join)
def test_one_of_two_that_attach_the_same_interface_succeeds(bridge: str, c1: Container, forms: tuple[str, str]) -> None:
    first, second = (getattr(c1, form) for form in forms)
    before = picture()
    for _ in range(10 * SOAK):
        calls = [started("add-port", bridge, "eth0", typed, ADDRESS) for typed in (first, second)]
        results = [ended(call) for call in calls]
        assert (results, shape()) in (
            ([DONE, already(second)], ONE_PORT),
            ([already(first), DONE], ONE_PORT),
        )
        assert (ours(*DEL), picture()) == (DONE, before)


def test_with_may_exist_both_succeed(bridge: str, c1: Container) -> None:
    calls = [started(*ADD, ADDRESS, "--may-exist") for _ in range(4)]
    assert ([ended(call) for call in calls], shape()) == ([DONE] * 4, ONE_PORT)


def test_two_interfaces_of_one_container_do_not_hinder_each_other(bridge: str, c1: Container) -> None:
    names = [f"eth{number}" for number in range(8)]
    calls = [started("add-port", bridge, name, "c1") for name in names]
    both = {"host ends": 8, "ports": 8, "inside": {"c1": [*names, "lo"]}}
    assert ([ended(call) for call in calls], shape()) == ([DONE] * 8, both)


def test_the_script_at_the_same_moment_does_no_harm(bridge: str, c1: Container, c2: Container) -> None:
    ours("add-port", bridge, "eth0", "c2", "--ipaddress=10.0.0.2/24", check=True)
    before = picture()
    for _ in range(10 * SOAK):
        rival = start(SCRIPT, *ADD, ADDRESS)
        time.sleep(random.uniform(0, 0.08))
        call = started(*ADD, ADDRESS)
        result = ended(call)
        ended(rival)
        assert (result in (DONE, already("c1")), c1.pings("10.0.0.2")) == (True, True), result
        assert (ours(*DEL), picture()) == (DONE, before)


def test_a_port_that_is_recorded_meanwhile_is_respected(bridge: str, c1: Container) -> None:
    with gate() as held:
        process = started(*ADD, held.option)
        held.wait()
        record_as_the_script_does(bridge)
        held.open()
        result = ended(process)
    assert (result, shape()) == (already("c1"), {"host ends": 2, "ports": 1, "inside": {"c1": ["lo"]}})


def record_as_the_script_does(bridge: str) -> None:
    """Do the half of its add-port that it has done when the port is in the database."""
    port, peer = "0123456789abc_l", "0123456789abc_c"
    run("ip", "link", "add", port, "type", "veth", "peer", "name", peer, check=True)
    ids = ("external_ids:container_id=c1", "external_ids:container_iface=eth0")
    ovs("add-port", bridge, port, "--", "set", "interface", port, *ids)


def test_an_attach_and_a_detach_leave_all_or_nothing(bridge: str, c1: Container) -> None:
    before = picture()
    for _ in range(10 * SOAK):
        ours(*ADD, ADDRESS, check=True)
        calls = started(*DEL), started(*ADD, ADDRESS)
        detached, attached = (ended(call) for call in calls)
        after = picture() if attached.code else shape()
        assert (detached, attached, after) in ((DONE, already("c1"), before), (DONE, DONE, ONE_PORT))
        ours(*DEL, "--if-exists", check=True)


def test_two_that_detach_leave_nothing_and_one_says_done(bridge: str, c1: Container) -> None:
    before = picture()
    missing = Result(1, "", "ovs-docker: Failed to find any attached port for CONTAINER=c1 and INTERFACE=eth0\n")
    for _ in range(10 * SOAK):
        ours(*ADD, check=True)
        results = [ended(call) for call in (started(*DEL), started(*DEL))]
        assert (DONE in results, set(results) <= {DONE, missing}, picture()) == (True, True, before)


def test_more_callers_than_the_database_lets_queue_wait_their_turn(bridge: str) -> None:
    with services.ovsdb().paused():
        calls = [started("del-port", bridge, "eth0", "c1", "--if-exists") for _ in range(80)]
        time.sleep(2)
    assert {ended(call) for call in calls} == {DONE}


def test_many_at_once_share_the_bridge_that_one_of_them_makes(container: ContainerFactory) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(container, [f"c{number}" for number in range(MANY)]))
    before = picture()
    options = ("--datapath-type=netdev", "--timeout=120")
    calls = [started("add-port", "br-int", "eth0", f"c{number}", *options) for number in range(MANY)]
    attached = sorted((ended(call, 120) for call in calls), key=lambda result: result.err)
    everywhere = {f"c{number}": ["eth0", "lo"] for number in range(MANY)}
    assert (attached, shape()) == (
        [*[DONE] * (MANY - 1), Result(0, "", "ovs-docker: created bridge br-int\n")],
        {"host ends": MANY, "ports": MANY, "inside": everywhere},
    )
    calls = [started("del-port", "br-int", "eth0", f"c{number}", "--timeout=120") for number in range(MANY)]
    detached = [ended(call, 120) for call in calls]
    ovs("del-br", "br-int")
    assert (detached, picture()) == ([DONE] * MANY, before)
