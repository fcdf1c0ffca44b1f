"""OVSDB operations, as they go to the server."""

from typing import Any

import pytest

from ovs_docker.backends.ovsdb import bridge_operations as bridge_ops
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb import port_operations as port_ops
from ovs_docker.backends.ovsdb.port_operations import vlan_columns
from ovs_docker.model.record import Record
from tests.unit.samples import EMPTY, FIRST_END, row

PORT, INTERFACE = f"port-of-{FIRST_END}", f"interface-of-{FIRST_END}"


def _columns(tag: Any, trunks: list[int], mode: Any) -> dict[str, Any]:
    return {"tag": tag, "trunks": ["set", trunks], "vlan_mode": mode}


@pytest.mark.parametrize(
    ("tag", "trunks", "mode_before", "expected"),
    [
        (None, [], "", _columns(EMPTY, [], EMPTY)),
        (0, [], "", _columns(0, [], EMPTY)),
        (5, [], "", _columns(5, [], EMPTY)),
        (None, [10, 20], "", _columns(EMPTY, [10, 20], EMPTY)),
        (5, [10, 20], "", _columns(5, [10, 20], "native-untagged")),
        (0, [10], "", _columns(0, [10], "native-untagged")),
        (None, [], "native-untagged", _columns(EMPTY, [], EMPTY)),
        (5, [], "native-untagged", _columns(5, [], EMPTY)),
        (None, [10], "native-untagged", _columns(EMPTY, [10], EMPTY)),
        (5, [10], "native-untagged", _columns(5, [10], "native-untagged")),
        (5, [10], "native-tagged", _columns(5, [10], "native-tagged")),
        (None, [10], "trunk", _columns(EMPTY, [10], "trunk")),
        (5, [], "access", _columns(5, [], "access")),
        (None, [], "dot1q-tunnel", _columns(EMPTY, [], "dot1q-tunnel")),
    ],
)
def test_vlan_columns(tag: int | None, trunks: list[int], mode_before: str, expected: dict[str, Any]) -> None:
    assert vlan_columns(tag, trunks, mode_before) == expected


def test_a_port_is_made_with_record_vlan_and_wish_for_a_number_at_once() -> None:
    made = port_ops.insert_port(3, "abc_l", Record(typed="c1"), {"tag": 5}, 7)
    assert [*made, port_ops.put_on_bridge(3, ["uuid", "b"])] == [
        {
            "op": "insert",
            "table": "Interface",
            "row": {"name": "abc_l", "external_ids": ["map", [["container_id", "c1"]]], "ofport_request": 7},
            "uuid-name": "interface3",
        },
        {
            "op": "insert",
            "table": "Port",
            "row": {"name": "abc_l", "tag": 5, "interfaces": ["named-uuid", "interface3"]},
            "uuid-name": "port3",
        },
        {
            "op": "mutate",
            "table": "Bridge",
            "where": [["_uuid", "==", ["uuid", "b"]]],
            "mutations": [["ports", "insert", ["named-uuid", "port3"]]],
        },
    ]


def test_a_port_without_a_wish_leaves_its_number_to_open_vswitch() -> None:
    assert "ofport_request" not in port_ops.insert_port(0, "abc_l", Record(), {}, None)[0]["row"]


def test_a_bridge_is_made_with_its_local_port_unless_the_name_is_taken() -> None:
    taken = {"op": "wait", "columns": ["name"], "until": "==", "rows": [], "timeout": 0}
    assert bridge_ops.create_bridge(1, "br-int", "netdev") == [
        {**taken, "table": "Bridge", "where": [["name", "==", "br-int"]]},
        {**taken, "table": "Port", "where": [["name", "==", "br-int"]]},
        {
            "op": "insert",
            "table": "Interface",
            "row": {"name": "br-int", "type": "internal"},
            "uuid-name": "local_interface1",
        },
        {
            "op": "insert",
            "table": "Port",
            "row": {"name": "br-int", "interfaces": ["named-uuid", "local_interface1"]},
            "uuid-name": "local_port1",
        },
        {
            "op": "insert",
            "table": "Bridge",
            "row": {"name": "br-int", "datapath_type": "netdev", "ports": ["named-uuid", "local_port1"]},
            "uuid-name": "bridge1",
        },
        {
            "op": "mutate",
            "table": "Open_vSwitch",
            "where": [],
            "mutations": [["bridges", "insert", ["named-uuid", "bridge1"]]],
        },
    ]


def test_a_bridge_has_open_vswitchs_default_datapath_unless_one_is_asked_for() -> None:
    assert bridge_ops.create_bridge(0, "br-int", None)[4]["row"]["datapath_type"] == ""


def test_a_port_is_removed_from_its_bridge_first() -> None:
    assert port_ops.remove_port(row()) == [
        {
            "op": "mutate",
            "table": "Bridge",
            "where": [["_uuid", "==", ["uuid", "bridge-uuid"]]],
            "mutations": [["ports", "delete", ["uuid", PORT]]],
        },
        {"op": "delete", "table": "Port", "where": [["_uuid", "==", ["uuid", PORT]]]},
        {"op": "delete", "table": "Interface", "where": [["_uuid", "==", ["uuid", INTERFACE]]]},
    ]


def test_a_restored_port_has_all_its_configuration_and_no_status() -> None:
    there = row(ids={"container_id": "c1"}, port={"tag": 5, "qos": ["uuid", "some-qos"]})
    assert port_ops.restore_port(2, there) == [
        {
            "op": "insert",
            "table": "Interface",
            "row": {
                "name": FIRST_END,
                "external_ids": ["map", [["container_id", "c1"]]],
                "ofport_request": EMPTY,
                "mtu_request": EMPTY,
                "options": ["map", []],
                "cfm_mpid": 7,
                "type": "",
            },
            "uuid-name": "interface2",
        },
        {
            "op": "insert",
            "table": "Port",
            "row": {
                "name": FIRST_END,
                "interfaces": ["named-uuid", "interface2"],
                "tag": 5,
                "trunks": EMPTY,
                "vlan_mode": EMPTY,
                "qos": ["uuid", "some-qos"],
                "external_ids": ["map", [["who", "me"]]],
            },
            "uuid-name": "port2",
        },
        port_ops.put_on_bridge(2, ["uuid", "bridge-uuid"]),
    ]


# Columns that people or programs set, from ovs-vswitchd.conf.db(5); all others of the two tables are status.
CONFIGURATION = {
    *("bfd", "cfm_mpid", "external_ids", "ingress_policing_burst", "ingress_policing_kpkts_burst"),
    *("ingress_policing_kpkts_rate", "ingress_policing_rate", "lldp", "mac", "mtu_request", "name", "ofport_request"),
    *("options", "other_config", "type"),
    *("bond_downdelay", "bond_fake_iface", "bond_mode", "bond_updelay", "cvlans", "fake_bridge", "interfaces", "lacp"),
    *("protected", "qos", "tag", "trunks", "vlan_mode"),
}


def test_no_configuration_is_taken_for_status() -> None:
    assert sorted(port_ops._configuration(dict.fromkeys(CONFIGURATION))) == sorted(CONFIGURATION)


def test_an_update_is_for_a_port_that_is_still_there() -> None:
    same = [["_uuid", "==", ["uuid", "p"]]]
    assert port_ops.update_port("p", {"tag": 5}) == [
        {
            "op": "wait",
            "table": "Port",
            "where": same,
            "columns": ["_uuid"],
            "until": "==",
            "rows": [{"_uuid": ["uuid", "p"]}],
            "timeout": 0,
        },
        {"op": "update", "table": "Port", "where": same, "row": {"tag": 5}},
    ]


def test_a_bridge_is_removed_only_while_it_has_no_other_ports() -> None:
    same = [["_uuid", "==", ["uuid", "b"]]]
    assert bridge_ops.remove_bridge("b", ["local"]) == [
        {
            "op": "wait",
            "table": "Bridge",
            "where": same,
            "columns": ["ports"],
            "until": "==",
            "rows": [{"ports": ["set", [["uuid", "local"]]]}],
            "timeout": 0,
        },
        {
            "op": "mutate",
            "table": "Open_vSwitch",
            "where": [],
            "mutations": [["bridges", "delete", ["uuid", "b"]]],
        },
        {"op": "delete", "table": "Bridge", "where": same},
    ]


def test_the_takeover_is_asked_for_and_its_number_read() -> None:
    assert ops.bump() == [
        {"op": "mutate", "table": "Open_vSwitch", "where": [], "mutations": [["next_cfg", "+=", 1]]},
        {"op": "select", "table": "Open_vSwitch", "where": [], "columns": ["next_cfg"]},
    ]


@pytest.mark.parametrize(("seconds", "milliseconds"), [(None, None), (0.0001, 1), (1.5, 1500)])
def test_the_takeover_is_awaited_for_a_time(seconds: float | None, milliseconds: int | None) -> None:
    expected = {
        "op": "wait",
        "table": "Open_vSwitch",
        "where": [["cur_cfg", "<", 9]],
        "columns": ["cur_cfg"],
        "until": "==",
        "rows": [],
    }
    assert ops.await_cfg(9, seconds) == expected | ({"timeout": milliseconds} if milliseconds else {})


def test_a_recorded_port_is_found_by_its_two_words() -> None:
    assert port_ops.select_recorded("c1", "eth0") == {
        "op": "select",
        "table": "Interface",
        "where": [["external_ids", "includes", ["map", [["container_id", "c1"], ["container_iface", "eth0"]]]]],
    }


def test_a_bridge_is_looked_for_among_real_and_fake_ones() -> None:
    assert bridge_ops.select_bridge("br0") == [
        {
            "op": "select",
            "table": "Bridge",
            "where": [["name", "==", "br0"]],
            "columns": ["_uuid", "name", "datapath_type"],
        },
        {
            "op": "select",
            "table": "Port",
            "where": [["name", "==", "br0"], ["fake_bridge", "==", True]],
            "columns": ["_uuid", "name", "tag"],
        },
    ]


def test_the_log_says_who_did_it() -> None:
    assert ops.comment("del-port x") == {"op": "comment", "comment": "ovs-docker: del-port x"}


def test_a_record_is_written_to_a_row_that_is_still_there() -> None:
    assert port_ops.set_record("some-uuid", Record(owner="ovs-docker")) == [
        {
            "op": "wait",
            "table": "Interface",
            "where": [["_uuid", "==", ["uuid", "some-uuid"]]],
            "columns": ["_uuid"],
            "until": "==",
            "rows": [{"_uuid": ["uuid", "some-uuid"]}],
            "timeout": 0,
        },
        {
            "op": "update",
            "table": "Interface",
            "where": [["_uuid", "==", ["uuid", "some-uuid"]]],
            "row": {"external_ids": ["map", [["owner", "ovs-docker"]]]},
        },
    ]
