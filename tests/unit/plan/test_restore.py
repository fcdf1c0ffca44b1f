"""What restoring a port takes: new devices for the port that is there, its name, record and number kept."""

from typing import Any

import pytest

from ovs_docker.apply.pairs import MakeVethPairs
from ovs_docker.apply.runner import Step
from ovs_docker.backends.ovsdb import port_operations as port_ops
from ovs_docker.errors import InterfaceExists
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.model.wire import Wire
from ovs_docker.plan.restore import restore
from ovs_docker.plan.sync import restored_spec
from ovs_docker.resolve.facts import Facts
from tests.unit.planning import said
from tests.unit.samples import EMPTY, FIRST_END, MAC, add_port, facts, ids_of, row

STALE = row(ids=ids_of("--ipaddress=10.0.0.2/24", "--mtu=1400", "--vlan=5"), port={"tag": 5})
GONE = facts(rows=(STALE,))


def asked(there: PortRow) -> PortSpec:
    return restored_spec(there, {})


def planned(there: PortRow = STALE, fact: Facts = GONE, wait: bool = True) -> list[Step]:
    return restore([asked(there)], [fact], [there], wait)


def wire(there: PortRow) -> Wire:
    (pairs,) = (step for step in planned(there, facts(rows=(there,))) if isinstance(step, MakeVethPairs))
    return pairs.wires[0]


def test_vswitchd_lets_go_of_the_old_device_before_there_is_a_new_one() -> None:
    assert [type(step).__name__ for step in planned()] == [
        *("ReleaseDevices", "AwaitUpdate"),
        *(
            "MakeVethPairs",
            "ConfigureInterfaces",
            "ReopenDevices",
            "MarkRecorded",
            "AwaitPorts",
            "ConfirmRunning",
            "Announce",
        ),
    ]


def test_without_waiting_nobody_waits() -> None:
    assert [type(step).__name__ for step in planned(wait=False)] == [
        *(
            "ReleaseDevices",
            "MakeVethPairs",
            "ConfigureInterfaces",
            "ReopenDevices",
            "MarkRecorded",
            "ConfirmRunning",
            "Announce",
        ),
    ]


def test_the_port_is_restored_as_recorded_in_these_steps() -> None:
    assert said(planned()) == [
        f"release the vanished device of port {FIRST_END}",
        "wait until ovs-vswitchd has applied the change",
        f"make veth pair {FIRST_END} - eth0 of container netsho1, MAC {MAC}, MTU 1400",
        "add address 10.0.0.2/24 to eth0 of container netsho1",
        "bring up eth0 of container netsho1",
        f"have port {FIRST_END} use its new device",
        "wait until ovs-vswitchd has added the port",
        "announce 10.0.0.2 from eth0 of container netsho1",
    ]


def test_a_veth_pair_that_is_still_there_is_deleted_first() -> None:
    refused = row(interface={"ofport": -1})
    found = planned(refused, facts(rows=(refused,), links={FIRST_END: 7}, interface_exists=True))
    assert [type(step).__name__ for step in found][:4] == [
        *("ReleaseDevices", "AwaitUpdate", "RemoveLeftovers", "MakeVethPairs"),
    ]


def test_name_record_mac_and_vlan_are_the_rows_own() -> None:
    there = row("0123456789abc_l", ids_of("--external-id=who=me") | {"container_id": "as-typed"}, port={"tag": 0})
    found = wire(there)
    port, pair = found.port, found.pair
    assert (port.name, port.record, port.tag, port.stale) == (there.name, there.record, 0, ())
    assert (pair.host_end, pair.mac) == (there.name, MAC)


def test_what_is_asked_for_again_is_what_was_asked_for() -> None:
    assert asked(row(ids=ids_of("--mtu=1400")))._replace(place="", container="netsho1") == add_port(
        "--mtu=1400", f"--macaddress={MAC}", "--iface-id=netsho1_eth0"
    )


def test_a_port_that_works_by_now_is_left_alone() -> None:
    there = row()
    assert planned(there, facts(rows=(there,), links={FIRST_END: 7}, interface_exists=True)) == []


def test_a_host_end_that_outlives_its_containers_namespace_is_no_working_port() -> None:
    there = row()
    assert planned(there, facts(rows=(there,), links={FIRST_END: 7}, interface_exists=False)) != []


def test_of_several_only_those_that_need_it_are_restored() -> None:
    works, gone = row(), row("0123456789abc_l")
    found = [facts(rows=(works,), links={FIRST_END: 7}, interface_exists=True), facts(rows=(gone,))]
    steps = restore([asked(works), asked(gone)], found, [works, gone], True)
    assert steps[0].describe() == ["release the vanished device of port 0123456789abc_l"]


def test_an_interface_of_that_name_that_is_not_ours_is_told_with_the_port() -> None:
    with pytest.raises(InterfaceExists) as refused:
        planned(fact=facts(rows=(STALE,), interface_exists=True))
    assert refused.value.place == f"port {FIRST_END} (eth0 of container netsho1)"


# --- the transactions --------------------------------------------------------------------------------------------


def updated(operations: list[dict[str, Any]]) -> Any:
    """Return what an operation of ours changes; it must be for a row that is still there."""
    guard, update = operations
    assert (guard["op"], guard["rows"]) == ("wait", [{"_uuid": ["uuid", f"interface-of-{FIRST_END}"]}])
    assert (update["op"], update["where"]) == ("update", guard["where"])
    return update["row"]


def test_letting_go_leaves_the_record_and_the_number_alone() -> None:
    assert updated(port_ops.let_go(row())) == {"type": "patch"}


def test_a_vhost_user_port_keeps_the_options_that_the_administrator_set() -> None:
    theirs, socket = ["tx-retries-max", "4"], ["vhost-server-path", "/run/vhost/eth0.sock"]
    ids = ids_of() | {"ovs-docker-vhost-user": "/run/vhost"}
    before = {"type": "dpdkvhostuserclient", "options": ["map", [["vhost-server-path", "/old"], theirs]]}
    port = row(ids=ids, interface=before)
    released = updated(port_ops.let_go(port))
    assert released == {"type": "patch", "options": ["map", [theirs]]}
    assert row(ids=ids, interface=released).takes_device
    again = updated(port_ops.take_again(port))
    assert again == {"type": "dpdkvhostuserclient", "options": ["map", [socket, theirs]], "ofport_request": 5}
    (undone,) = port_ops.take_as_before(port)
    assert {name: undone["row"][name] for name in before} == before


@pytest.mark.parametrize(
    ("ofport", "wish"), [(9, {"ofport_request": 9}), (-1, {}), (EMPTY, {})], ids=["known", "refused", "not yet"]
)
def test_the_openflow_number_is_asked_for_again_where_it_is_known(ofport: Any, wish: dict[str, int]) -> None:
    assert updated(port_ops.take_again(row(interface={"ofport": ofport}))) == {"type": "", **wish}


def test_a_number_that_the_kernels_datapath_lost_is_asked_for_as_recorded() -> None:
    lost = row(ids=ids_of() | {"ovs-docker-ofport": "9"}, interface={"ofport": -1})
    assert updated(port_ops.take_again(lost)) == {"type": "", "ofport_request": 9}
    assert (wire(lost).port.ofport, wire(lost).port.former) == (None, 9)


def test_taking_it_back_gives_the_port_its_own_wishes_and_does_not_mind_its_absence() -> None:
    (update,) = port_ops.take_as_before(row(interface={"ofport_request": 4}))
    assert (update["op"], update["row"]) == ("update", {"type": "", "ofport_request": 4})
