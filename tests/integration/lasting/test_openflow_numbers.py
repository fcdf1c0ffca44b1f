"""OpenFlow numbers: flows name them, so a port has its number again whatever happened to its device.

The kernel's datapath loses the number as soon as the device goes; the userspace datapath keeps it.
"""

import pytest

from tests.host import services
from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.containers import Container
from tests.integration.support.ports import of, ofport
from tests.integration.support.refusal import ADD, host_picture
from tests.integration.support.watching import has, watch

DONE = Result(0, "", "")
RECORDED = "external_ids:ovs-docker-ofport"


@pytest.fixture
def number(bridge: str, c1: Container, c2: Container) -> int:
    """Attach c2, c1 and c2's second port; return c1's number, which is neither the first free one nor the last."""
    ours("add-port", bridge, "eth0", "c2", check=True)
    ours(*ADD, check=True)
    ours("add-port", bridge, "eth1", "c2", check=True)
    ours("del-port", bridge, "eth0", "c2", check=True)
    return ofport(of("c1"))


def recorded() -> int:
    return int(ovs("get", "interface", of("c1"), RECORDED).strip('"'))


def test_sync_gives_it_back_to_a_restarted_container(c1: Container, number: int) -> None:
    c1.restart()
    ours("sync", check=True)
    first = ofport(of("c1"))
    c1.restart()
    ours("sync", check=True)
    assert (first, ofport(of("c1")), recorded()) == (number, number, number)


def test_add_port_gives_it_back_to_a_restarted_container(c1: Container, number: int) -> None:
    c1.restart()
    assert (ours(*ADD), ofport(of("c1")), recorded()) == (DONE, number, number)


def test_add_ports_gives_it_back_beside_new_ones(bridge: str, c1: Container, c2: Container, number: int) -> None:
    c1.restart()
    assert (ours("add-ports", bridge, "eth0", "c2", "c1"), ofport(of("c1"))) == (DONE, number)


def test_watch_gives_it_back_to_a_restarted_container(c1: Container, number: int) -> None:
    with watch() as running:
        c1.restart()
        running.says("restored")
    assert (has(c1), ofport(of("c1"))) == (True, number)


def test_it_outlives_a_restart_of_vswitchd_while_the_container_is_stopped(c1: Container, number: int) -> None:
    c1.stop()
    services.vswitchd().restart()
    c1.start()
    ours("sync", check=True)
    assert ofport(of("c1")) == number


def test_a_number_that_another_port_took_is_reported(bridge: str, c1: Container, number: int) -> None:
    c1.stop()
    services.vswitchd().restart()  # which makes it free on the userspace datapath, too
    ovs("add-port", bridge, "p0", "--", "set", "interface", "p0", "type=internal", f"ofport_request={number}")
    c1.start()
    done = ours("sync", check=True)
    new = ofport(of("c1"))
    said = f"eth0 of container c1 has OpenFlow port number {new} now, not {number} as before: another port has that one"
    assert (ofport("p0"), new != number, done.err) == (number, True, f"ovs-docker: {said}\n")


def test_what_somebody_requested_in_the_meantime_is_theirs_to_say(c1: Container, number: int) -> None:
    ovs("set", "interface", of("c1"), "ofport_request=99")
    c1.restart()
    ours("sync", check=True)
    assert ofport(of("c1")) == 99


def test_of_a_port_that_nobody_waited_for_sync_records_it(bridge: str, c1: Container) -> None:
    ours(*ADD, "--no-wait", check=True)
    services.vswitchd().restart()
    before = host_picture()
    assert (ours("sync"), recorded(), host_picture()) == (DONE, ofport(of("c1")), before)


def test_a_requested_number_is_recorded_at_once(bridge: str, c1: Container) -> None:
    ours(*ADD, "--no-wait", "--ofport=77", check=True)
    assert recorded() == 77
