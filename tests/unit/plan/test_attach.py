"""What add-port decides: from a spec and the facts to the steps, shown as --dry-run shows them."""

from typing import Any

import pytest

from ovs_docker.errors import AlreadyAttached, AttachedOtherwise, InterfaceExists
from ovs_docker.plan.attach import AttachPlan, attach
from tests.unit.planning import plan, refusal, said, sentences
from tests.unit.samples import (
    BRIDGE,
    CONTAINER,
    EMPTY,
    FIRST_END,
    MAC,
    RANDOM_MAC,
    SECOND_END,
    add_port,
    facts,
    ids_of,
    row,
)

STALE = row(interface={"ofport": -1, "error": "could not open network device"})


def test_a_bare_port_takes_these_steps() -> None:
    assert sentences(add_port(), facts()) == [
        f"make veth pair {FIRST_END} - eth0 of container netsho1, MAC {RANDOM_MAC}",
        "bring up eth0 of container netsho1",
        f"add port {FIRST_END} to bridge br-int with iface-id netsho1_eth0",
        "wait until ovs-vswitchd has added the port",
    ]


def test_a_port_with_everything_takes_these_steps() -> None:
    spec = add_port(
        "--ipaddress=10.0.0.2/24,2001:db8::2/128",
        "--gateway=10.0.0.1,2001:db8::1",
        "--route=10.1.0.0/16,10.0.0.9",
        "--route=10.2.0.0/16",
        f"--macaddress={MAC}",
        "--mtu=1400",
        "--vlan=5",
        "--trunks=10,20-22",
        "--iface-id=lsp1",
        "--ofport=7",
        "--datapath-type=netdev",
    )
    assert sentences(spec, facts(bridge=None)) == [
        f"make veth pair {FIRST_END} - eth0 of container netsho1, MAC {MAC}, MTU 1400",
        "switch off TX checksum offload of eth0 of container netsho1 (userspace datapath)",
        "switch on IPv6 on eth0 of container netsho1",
        "add address 10.0.0.2/24 to eth0 of container netsho1",
        "add address 2001:db8::2/128 to eth0 of container netsho1",
        "bring up eth0 of container netsho1",
        "add route to 10.1.0.0/16 via 10.0.0.9 to eth0 of container netsho1",
        "add route to 10.2.0.0/16 to eth0 of container netsho1",
        "add default route via 10.0.0.1 to eth0 of container netsho1",
        "add default route via 2001:db8::1 to eth0 of container netsho1",
        "create bridge br-int (datapath type netdev)",
        f"add port {FIRST_END} to bridge br-int with iface-id lsp1, tag 5, trunks 10,20,21,22",
        "wait until ovs-vswitchd has added the port",
        "announce 10.0.0.2 from eth0 of container netsho1",
        "announce 2001:db8::2 from eth0 of container netsho1",
    ]


def test_the_steps_stand_in_this_order() -> None:
    found = plan(add_port(), facts(rows=(STALE,), links={FIRST_END: 7})).steps
    assert [type(step).__name__ for step in found] == [
        "AwaitEarlier",
        "RemoveLeftovers",
        "MakeVethPairs",
        "ConfigureInterfaces",
        "InsertPorts",
        "MarkRecorded",
        "AwaitPorts",
        "ConfirmRunning",
        "Announce",
    ]


def test_without_waiting_nobody_looks_what_vswitchd_says() -> None:
    found = [type(step).__name__ for step in plan(add_port(), facts(), wait=False).steps]
    assert found == [
        "MakeVethPairs",
        "ConfigureInterfaces",
        "InsertPorts",
        "MarkRecorded",
        "ConfirmRunning",
        "Announce",
    ]


def test_the_wish_is_planned_with_the_record_that_it_gets() -> None:
    (wire,) = plan(add_port("--vlan=0"), facts()).wires
    port, pair = wire.port, wire.pair
    assert (pair.host_end, port.name, pair.mac, port.tag, port.bridge, port.record.external_ids) == (
        FIRST_END,
        FIRST_END,
        RANDOM_MAC,
        0,
        BRIDGE,
        ids_of(f"--macaddress={RANDOM_MAC}", "--vlan=0"),
    )


# --- what is attached already ---------------------------------------------------------------------------------


def test_a_live_port_is_already_attached() -> None:
    fact = facts(rows=(row(),), links={FIRST_END: 7}, interface_exists=True)
    assert refusal(AlreadyAttached, add_port(), fact) == (
        "Port already attached for CONTAINER=netsho1 and INTERFACE=eth0"
    )


def test_a_live_port_whose_interface_is_gone_from_the_container_is_replaced() -> None:
    found = plan(add_port(), facts(rows=(row(),), links={FIRST_END: 7}), may_exist=True)
    assert (found.there, [wire.port.name for wire in found.wires]) == ([], [SECOND_END])


def test_a_port_of_a_renamed_container_is_not_replaced_for_the_one_that_has_its_name_now() -> None:
    theirs = row(ids=ids_of() | {"ovs-docker-id": "f" * 64})
    assert refusal(AlreadyAttached, add_port(), facts(rows=(theirs,), links={FIRST_END: 7})).startswith("Port already")


def test_a_live_port_as_asked_is_accepted_and_nothing_done() -> None:
    there = row(ids=ids_of("--mtu=1400"))
    fact = facts(rows=(there,), links={FIRST_END: 7}, interface_exists=True)
    assert plan(add_port("--mtu=1400"), fact, may_exist=True) == AttachPlan([], [], [there], [])


def test_a_live_port_not_as_asked_is_refused_and_the_options_named() -> None:
    fact = facts(rows=(row(),), links={FIRST_END: 7}, interface_exists=True)
    assert refusal(AttachedOtherwise, add_port("--mtu=1400", "--vlan=5"), fact, may_exist=True) == (
        "Port already attached for CONTAINER=netsho1 and INTERFACE=eth0, but not as asked: --mtu, --vlan"
    )


def test_a_port_that_is_not_called_like_ours_is_never_stale() -> None:
    foreign = row("veth-of-others", interface={"ofport": -1, "error": "gone"})
    assert refusal(AlreadyAttached, add_port(), facts(rows=(foreign,))).startswith("Port already attached")


@pytest.mark.parametrize("may_exist", [False, True])
@pytest.mark.parametrize(
    ("interface", "links"),
    [
        ({}, {}),  # the container was restarted: the link is gone
        ({"ofport": -1}, {FIRST_END: 7}),  # vswitchd could not use it
        ({"ofport": EMPTY}, {FIRST_END: 7}),  # vswitchd has not seen it: an interrupted call
        ({"error": "no such device"}, {FIRST_END: 7}),
    ],
)
def test_a_stale_port_is_replaced_under_another_name(
    interface: dict[str, Any], links: dict[str, int], may_exist: bool
) -> None:
    stale = row(interface=interface)
    found = plan(add_port(), facts(rows=(stale,), links=links, interface_exists=bool(links)), may_exist=may_exist)
    wire = found.wires[0]
    assert (wire.port.name, wire.port.stale, found.there) == (SECOND_END, (stale,), [])


def test_a_stale_port_is_removed_in_the_step_that_adds_the_new_one() -> None:
    assert sentences(add_port(), facts(rows=(STALE,)))[2:4] == [
        f"remove stale port {FIRST_END} from bridge br-int",
        f"add port {SECOND_END} to bridge br-int with iface-id netsho1_eth0",
    ]


def test_the_replacement_of_a_replacement_has_the_first_name_again() -> None:
    stale = row(SECOND_END, interface={"ofport": -1})
    assert plan(add_port(), facts(rows=(stale,))).wires[0].port.name == FIRST_END


def test_one_live_port_among_stale_ones_counts() -> None:
    rows = (STALE, row(SECOND_END))
    assert refusal(AlreadyAttached, add_port(), facts(rows=rows, links={SECOND_END: 8}, interface_exists=True))


# --- the MAC -----------------------------------------------------------------------------------------------------


def test_the_mac_of_the_containers_stale_port_is_used_again() -> None:
    assert plan(add_port(), facts(rows=(STALE,))).wires[0].pair.mac == MAC


def test_a_mac_that_is_asked_for_goes_before_the_stale_ports() -> None:
    asked = "02:00:00:00:09:09"
    assert plan(add_port(f"--macaddress={asked}"), facts(rows=(STALE,))).wires[0].pair.mac == asked


def test_the_mac_of_another_container_of_that_name_is_not_used() -> None:
    fact = facts(rows=(STALE,), container=CONTAINER._replace(id="f" * 64))
    assert plan(add_port(), fact).wires[0].pair.mac == RANDOM_MAC


def test_a_stale_port_of_the_old_script_has_no_mac_to_keep() -> None:
    old = row("0123456789abc_l", {"container_id": "netsho1", "container_iface": "eth0"})
    assert plan(add_port(), facts(rows=(old,))).wires[0].pair.mac == RANDOM_MAC


# --- what is in the way ------------------------------------------------------------------------------------------


def test_an_interface_that_exists_in_the_container_is_not_touched() -> None:
    assert refusal(InterfaceExists, add_port(), facts(interface_exists=True)) == (
        "interface eth0 already exists in container netsho1"
    )


def test_an_interface_that_an_interrupted_call_left_is_deleted_first() -> None:
    fact = facts(interface_exists=True, links={FIRST_END: 7})
    assert sentences(add_port(), fact)[:2] == [
        f"delete veth pair {FIRST_END}, left over from an earlier add-port",
        f"make veth pair {FIRST_END} - eth0 of container netsho1, MAC {RANDOM_MAC}",
    ]


# --- many --------------------------------------------------------------------------------------------------------


def test_many_ports_go_through_the_same_steps_together() -> None:
    specs = [add_port(), add_port()._replace(interface="eth1", bridge="br-ex")]
    found = attach(specs, [facts(), facts(bridge=None)], [RANDOM_MAC, MAC], False, True)
    assert (len(found.steps), [(wire.pair.mac, wire.inside.interface) for wire in found.wires]) == (
        8,
        [(RANDOM_MAC, "eth0"), (MAC, "eth1")],
    )


def test_a_bridge_that_two_ports_need_is_made_once() -> None:
    specs = [add_port(), add_port()._replace(interface="eth1")]
    found = attach(specs, [facts(bridge=None)] * 2, [RANDOM_MAC, MAC], False, True)
    assert said(found.steps).count("create bridge br-int") == 1


def test_one_port_there_and_one_to_make_are_told_apart() -> None:
    there = row()
    specs = [add_port(), add_port()._replace(interface="eth1")]
    found = attach(
        specs,
        [facts(rows=(there,), links={FIRST_END: 7}, interface_exists=True), facts()],
        [RANDOM_MAC, MAC],
        True,
        True,
    )
    assert (found.there, [wire.inside.interface for wire in found.wires]) == ([there], ["eth1"])
