"""What vswitchd made of a port, as the steps judge it, and the transaction that makes it."""

from types import SimpleNamespace
from typing import Any

import pytest

from ovs_docker.apply.ports import InsertPorts, _verify
from ovs_docker.apply.takeover import next_cfg
from ovs_docker.backends.ovsdb import bridge_operations as bridge_ops
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb import port_operations as port_ops
from ovs_docker.errors import Error, VswitchdRefused
from ovs_docker.model.record import Record
from ovs_docker.model.wire import Wire
from ovs_docker.plan.attach import attach
from tests.unit.samples import BRIDGE, EMPTY, FIRST_END, RANDOM_MAC, SECOND_END, add_port, facts, ids_of, row


def wire(*options: str, **fact: Any) -> Wire:
    return attach([add_port(*options)], [facts(**fact)], [RANDOM_MAC], False, True).wires[0]


def transaction(wanted: Wire) -> list[ops.Op]:
    """Return what the database is asked to do for a wire, in one transaction."""
    asked: list[ops.Op] = []

    def transact(operations: list[ops.Op]) -> list[dict[str, Any]]:
        asked.extend(operations)
        return [{"rows": [{"next_cfg": 9}]}]

    step = InsertPorts([wanted])
    step.do(SimpleNamespace(db=SimpleNamespace(transact=transact)))  # type: ignore[arg-type]
    assert step.next_cfg == 9
    return asked


def refusal(seen: dict[str, Any], *options: str, **fact: Any) -> str | None:
    try:
        asked = wire(*options, **fact)
        _verify(asked.port, str(asked), seen)
    except VswitchdRefused as error:
        return f"{error.message} ({error.hint})" if error.hint else error.message
    return None


WHO = f"port {FIRST_END} for eth0 of container netsho1"
MODULE = (
    "ovs-vswitchd cannot run bridge br-int: is the openvswitch kernel module missing? "
    "(modprobe openvswitch, or --datapath-type=netdev for a new bridge in userspace)"
)
TUN = "ovs-vswitchd cannot run bridge br-int (see ovs-vswitchd's log; is /dev/net/tun there?)"


@pytest.mark.parametrize(
    ("seen", "options", "bridge", "said"),
    [
        ({"ofport": 5, "error": EMPTY}, [], BRIDGE, None),
        ({"ofport": 7, "error": EMPTY}, ["--ofport=7"], BRIDGE, None),
        ({}, [], BRIDGE, f"{WHO} was removed by somebody else at once"),
        ({"ofport": -1, "error": "no such device"}, [], BRIDGE, f"ovs-vswitchd cannot use {WHO}: no such device"),
        ({"ofport": -1, "error": EMPTY}, [], BRIDGE, f"ovs-vswitchd cannot use {WHO} (see ovs-vswitchd's log)"),
        ({"ofport": EMPTY, "error": EMPTY}, [], BRIDGE, MODULE),
        ({"ofport": EMPTY, "error": EMPTY}, [], None, MODULE),
        ({"ofport": EMPTY, "error": EMPTY}, [], BRIDGE._replace(datapath_type="netdev"), TUN),
        ({"ofport": EMPTY, "error": EMPTY}, ["--datapath-type=netdev"], None, TUN),
        (
            {"ofport": 5, "error": EMPTY},
            ["--ofport=7"],
            BRIDGE,
            "--ofport=7: bridge br-int gave 5 instead (another port has that number)",
        ),
    ],
)
def test_success_means_seen(seen: dict[str, Any], options: list[str], bridge: Any, said: str | None) -> None:
    assert refusal(seen, *options, bridge=bridge) == said


def _record(*options: str) -> Record:
    return Record.read(_ids(*options))


def _ids(*options: str) -> dict[str, str]:
    return ids_of(f"--macaddress={RANDOM_MAC}", *options)


NOT_ATTACHED = ops.guard("Interface", [ops.has_ids({"container_id": "netsho1", "container_iface": "eth0"})], [])
NOBODY_HAS_ITS_IFACE_ID = ops.guard("Interface", [ops.has_ids({"iface-id": "netsho1_eth0"})], [])
STILL_THERE = ops.guard("Bridge", [ops.is_row("bridge-uuid")], [{"name": "br-int"}])


def test_a_port_is_inserted_unless_somebody_was_faster() -> None:
    assert transaction(wire("--vlan=5", "--trunks=10", "--ofport=7")) == [
        ops.comment("add-port eth0 of container netsho1"),
        NOT_ATTACHED,
        NOBODY_HAS_ITS_IFACE_ID,
        STILL_THERE,
        *port_ops.insert_port(
            0, FIRST_END, _record("--vlan=5", "--trunks=10")._replace(ofport="7"), port_ops.vlan_columns(5, [10]), 7
        ),
        port_ops.put_on_bridge(0, ["uuid", "bridge-uuid"]),
        *ops.bump(),
    ]


def test_a_bridge_that_is_missing_is_made_in_the_same_transaction() -> None:
    assert transaction(wire("--datapath-type=netdev", bridge=None)) == [
        ops.comment("add-port eth0 of container netsho1"),
        *bridge_ops.create_bridge(0, "br-int", "netdev"),
        NOT_ATTACHED,
        NOBODY_HAS_ITS_IFACE_ID,
        *port_ops.insert_port(0, FIRST_END, _record(), port_ops.vlan_columns(None, []), None),
        port_ops.put_on_bridge(0, bridge_ops.new_bridge(0)),
        *ops.bump(),
    ]


def test_a_port_of_a_fake_bridge_is_put_on_its_parent_with_its_vlan() -> None:
    fake = BRIDGE._replace(name="vlan10", tag=10)
    found = transaction(wire(bridge=fake))
    assert found[3:6] == [
        STILL_THERE,
        *port_ops.insert_port(0, FIRST_END, _record("--vlan=10"), port_ops.vlan_columns(10, []), None),
    ]


def test_a_stale_row_goes_in_the_same_transaction_before_it_is_looked_for() -> None:
    stale = row(ids=_ids(), interface={"ofport": -1})
    assert transaction(wire(rows=(stale,))) == [
        ops.comment("add-port eth0 of container netsho1"),
        *port_ops.remove_port(stale),
        NOT_ATTACHED,
        NOBODY_HAS_ITS_IFACE_ID,
        STILL_THERE,
        *port_ops.insert_port(0, SECOND_END, _record(), port_ops.vlan_columns(None, []), None),
        port_ops.put_on_bridge(0, ["uuid", "bridge-uuid"]),
        *ops.bump(),
    ]


def test_the_number_to_wait_for_is_the_last_answer() -> None:
    assert next_cfg([{}, {"count": 1}, {"rows": [{"next_cfg": 9}]}]) == 9


def test_a_database_without_its_root_row_is_told() -> None:
    with pytest.raises(Error) as refused:
        next_cfg([{"rows": []}])
    assert refused.value.message == "the database has no Open_vSwitch row"


@pytest.mark.parametrize(
    ("options", "ipv6"),
    [
        ([], False),
        (["--ipaddress=10.0.0.2/24", "--gateway=10.0.0.1"], False),
        (["--ipaddress=2001:db8::2/64"], True),
        (["--gateway=fe80::1"], True),
        (["--route=2001:db8::/64,fe80::1"], True),
    ],
)
def test_ipv6_is_switched_on_where_anything_needs_it(options: list[str], ipv6: bool) -> None:
    inside = wire(*options).inside
    assert inside and inside.ipv6 is ipv6
