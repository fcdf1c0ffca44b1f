"""Whose a record is: c1 never matches c10."""

import pytest

from ovs_docker.model.container import Container, is_short_id
from ovs_docker.model.port import Bridge
from ovs_docker.model.record import Record, pairs_of
from ovs_docker.resolve import bridges as find_bridges
from ovs_docker.resolve import interfaces as find_interfaces
from ovs_docker.resolve.interfaces import PortQuery
from ovs_docker.resolve.rows import record_in
from tests.unit.samples import BRIDGE, CONTAINER, EMPTY, FIRST_END, ID, OWNER, ids_of, interface_json, row

C1 = Container("1" * 64, "c1", 1, False)
OTHER = "c474a0e2830f" + ID[12:]


def record(typed: str, full_id: str = "", name: str = "") -> dict[str, str]:
    optional = {"ovs-docker-id": full_id, "ovs-docker-name": name}
    return {"container_id": typed, "container_iface": "eth0"} | {key: value for key, value in optional.items() if value}


@pytest.mark.parametrize(
    ("ids", "typed", "container", "expected"),
    [
        # typed as recorded: always, the old script finds it by that
        (record("c1"), "c1", None, True),
        (record("c1"), "c1", C1, True),
        (record("c1", OTHER, "c1"), "c1", C1, True),
        # other forms of a container that Docker knows
        (record("c1", C1.id, "c1"), C1.id, C1, True),
        (record(C1.id[:12], C1.id, "c1"), "c1", C1, True),
        (record(C1.id[:12], OTHER, "c1"), "c1", C1, False),
        (record("c1", OTHER, "c1"), C1.id, C1, False),
        (record("c1"), C1.id, C1, True),
        (record(C1.id[:12]), "c1", C1, True),
        # a container that is gone: what the record says
        (record(ID[:12], ID, "netsho1"), "netsho1", None, True),
        (record("netsho1", ID, "netsho1"), ID, None, True),
        (record("netsho1", ID, "netsho1"), ID[:12], None, True),
        (record("netsho1", ID, "netsho1"), ID[:11], None, False),
        (record("netsho1", ID, "netsho1"), ID[1:20], None, False),
        (record("netsho1", ID, "netsho1"), OTHER[:12], None, False),
        (record("netsho1"), ID, None, False),
        # c1 and c10
        (record("c10"), "c1", None, False),
        (record("c1"), "c10", None, False),
        (record("c10", ID, "c10"), "c1", None, False),
        (record("c10", ID, "c10"), "c1", C1, False),
        (record("c10"), "c1", C1, False),
        (record("netsho", ID, "netsho"), "netsho1", CONTAINER, True),
    ],
)
def test_a_record_is_a_containers(ids: dict[str, str], typed: str, container: Container | None, expected: bool) -> None:
    assert Record.read(ids).is_called(typed, container) is expected


@pytest.mark.parametrize(
    ("typed", "expected"), [(ID[:12], True), (ID, True), (ID[:11], False), ("C474A0E2830E", False), ("netsho1", False)]
)
def test_a_short_id_is_twelve_hex_digits_or_more(typed: str, expected: bool) -> None:
    assert is_short_id(typed) is expected


FORMS = [pairs_of(typed=form, interface="eth0") for form in CONTAINER.forms("netsho1")]
SHAPES = {tuple(FORMS[0])}
WANTED = PortQuery(OWNER, FORMS, "netsho1_eth0", "br-int")


@pytest.mark.parametrize(
    ("name", "ids", "expected"),
    [
        ("any", record("netsho1"), True),
        ("any", record(ID), True),
        ("any", record(ID[:12]), True),
        ("any", record("netsho10"), False),
        ("any", record("netsho1") | {"container_iface": "eth1"}, False),
        (FIRST_END, {}, True),
        ("any", {}, False),
    ],
)
def test_a_wanted_interface_is_known_by_its_record_or_its_host_end(
    name: str, ids: dict[str, str], expected: bool
) -> None:
    recorded = find_interfaces._keys(record_in(interface_json(name, ids)), SHAPES)
    assert bool({*WANTED.keys} & {name, *recorded}) is expected


def test_the_forms_of_a_container_are_typed_name_short_and_full_id() -> None:
    assert [CONTAINER.forms(typed) for typed in ("netsho1", ID, ID[:20])] == [
        ("netsho1", ID[:12], ID),
        (ID, "netsho1", ID[:12]),
        (ID[:20], "netsho1", ID[:12], ID),
    ]


def test_a_row_is_read_whole() -> None:
    found = row(port={"tag": 5, "trunks": 10, "vlan_mode": "native-untagged"}, bridge={"datapath_type": "netdev"})
    assert found[:-1] == (
        f"interface-of-{FIRST_END}",
        f"port-of-{FIRST_END}",
        "bridge-uuid",
        "br-int",
        "br-int",
        "netdev",
        FIRST_END,
        Record.read(ids_of()),
        5,
        "",
        42,
        "aa:bb:cc:dd:ee:ff",
        1500,
        5,
        (10,),
        "native-untagged",
    )


def test_a_row_without_values_has_none() -> None:
    unseen = {"ofport": EMPTY, "ifindex": EMPTY, "mac_in_use": EMPTY, "mtu": EMPTY}
    assert row(interface=unseen)[8:-1] == (None, "", None, "", None, None, (), "")


@pytest.mark.parametrize(
    ("columns", "recorded", "number"),
    [
        ({"ofport": 5, "ofport_request": 7}, "9", 5),
        ({"ofport": -1, "ofport_request": 7}, "9", 7),
        ({"ofport": -1}, "9", 9),
        ({"ofport": EMPTY}, "9", 9),
        ({"ofport": -1}, "nine", None),
        ({"ofport": -1}, "9" * 9, None),
        ({"ofport": -1}, "", None),
    ],
    ids=["served", "requested", "recorded", "not yet", "no number", "no OpenFlow number", "unknown"],
)
def test_the_openflow_number_of_a_port_is_known_without_its_device(
    columns: dict[str, object], recorded: str, number: int | None
) -> None:
    assert row(ids={"ovs-docker-ofport": recorded}, interface=columns).number == number


def test_a_port_of_a_fake_bridge_is_on_it_and_on_its_parent() -> None:
    fakes = {("bridge-uuid", 10): "vlan10", ("other-uuid", 11): "vlan11"}
    found = [row(port={"tag": tag}, fakes=fakes) for tag in (10, 11)]
    assert [(there.bridge, there.parent) for there in found] == [("vlan10", "br-int"), ("br-int", "br-int")]


def test_a_bridge_row_is_a_bridge() -> None:
    there = {"_uuid": ["uuid", "bridge-uuid"], "name": "br-int", "datapath_type": ""}
    assert [find_bridges._bridge(there, "br-int", None), find_bridges._bridge(there, "vlan10", 10)] == [
        BRIDGE,
        Bridge("bridge-uuid", "vlan10", "br-int", "", 10),
    ]
