"""Operations on the northbound database, in OVSDB's own form (RFC 7047)."""

from typing import Any

from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.model.addresses import parse_address
from ovs_docker.model.ovn import LogicalPort, LogicalPortSpec, LogicalSwitch
from ovs_docker.ovn import operations as nb
from tests.unit.samples import EMPTY, MAC

SWITCH = LogicalSwitch("switch-uuid", "ls0", (), (), True)
ADDRESSES = tuple(map(parse_address, ("10.0.0.2/24", "2001:db8::2/64")))
MARKS = {"owner": "ovs-docker"}
ROW: dict[str, Any] = {
    "_uuid": ["uuid", "port-uuid"],
    "_version": ["uuid", "v"],
    "up": True,
    "name": "c1_eth0",
    "addresses": f"{MAC} dynamic",
    "port_security": EMPTY,
    "dynamic_addresses": f"{MAC} 10.0.0.7",
    "external_ids": ["map", [["who", "me"]]],
}
BEFORE = LogicalPort("port-uuid", "c1_eth0", "switch-uuid", ROW)


def wanted(**fields: Any) -> LogicalPortSpec:
    return LogicalPortSpec("c1_eth0", SWITCH, MAC, ADDRESSES, False, False, MARKS, None)._replace(**fields)


def written(port: LogicalPortSpec) -> dict[str, Any]:
    """Return the columns that putting the port writes."""
    (row,) = (op["row"] for op in nb.put(0, port) if op["op"] in ("insert", "update"))
    return dict(row)


def test_a_port_is_made_unless_its_name_is_taken_or_the_switch_gone() -> None:
    row = {
        "name": "c1_eth0",
        "addresses": f"{MAC} 10.0.0.2 2001:db8::2",
        "port_security": EMPTY,
        "external_ids": ["map", [["owner", "ovs-docker"]]],
    }
    assert nb.put(3, wanted()) == [
        ops.guard("Logical_Switch", [ops.is_row("switch-uuid")], [{"name": "ls0"}]),
        ops.guard("Logical_Switch_Port", [["name", "==", "c1_eth0"]], []),
        {"op": "insert", "table": "Logical_Switch_Port", "row": row, "uuid-name": "port3"},
        {
            "op": "mutate",
            "table": "Logical_Switch",
            "where": [ops.is_row("switch-uuid")],
            "mutations": [["ports", "insert", ["named-uuid", "port3"]]],
        },
    ]


def test_port_security_has_the_same_addresses_and_waits_for_dynamic_ones() -> None:
    secured = [written(wanted(port_security=True, dynamic=dynamic))["port_security"] for dynamic in (False, True)]
    assert secured == [f"{MAC} 10.0.0.2 2001:db8::2", EMPTY]


def test_a_port_that_is_changed_keeps_what_others_wrote_and_its_row() -> None:
    operations = nb.put(0, wanted(before=BEFORE))
    assert [op["op"] for op in operations] == ["wait", "update"]
    assert written(wanted(before=BEFORE))["external_ids"] == ["map", [["who", "me"], ["owner", "ovs-docker"]]]


def test_a_chosen_address_stays_with_its_mac() -> None:
    same, other = wanted(before=BEFORE, dynamic=True), wanted(before=BEFORE, dynamic=True, mac="02:00:00:00:00:09")
    assert ["dynamic_addresses" in written(port) for port in (same, other)] == [False, True]


def test_what_is_restored_is_what_was_there_without_what_ovn_writes() -> None:
    insert, put_on = nb.restore(1, BEFORE)
    assert insert["row"] == {key: value for key, value in ROW.items() if key not in ("_uuid", "_version", "up")}
    assert put_on["mutations"] == [["ports", "insert", ["named-uuid", "port1"]]]
    assert nb.change_back(BEFORE)[0]["row"]["dynamic_addresses"] == f"{MAC} 10.0.0.7"


def test_removing_takes_the_port_off_its_switch() -> None:
    assert [(op["op"], op["table"]) for op in nb.remove(BEFORE)] == [
        ("mutate", "Logical_Switch"),
        ("delete", "Logical_Switch_Port"),
    ]
