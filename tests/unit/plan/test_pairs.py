"""What a port without a container comes to: a pair and its port, nothing inside, whoever moves the other end."""

import pytest

from ovs_docker.errors import BridgeUnfit, IfaceIdTaken
from ovs_docker.model import names
from ovs_docker.model.pair_spec import PairSpec
from ovs_docker.model.record import OURS, Record
from ovs_docker.model.wire import Pair
from ovs_docker.plan.attach import AttachPlan
from ovs_docker.plan.pairs import attach_pairs
from ovs_docker.resolve.interfaces import PortFacts
from tests.unit.planning import said
from tests.unit.samples import BRIDGE, MAC, PORT, row

NETDEV = BRIDGE._replace(datapath_type="netdev")
OWNER = "network0/endpoint1"
FIRST, SECOND = names.two_host_ends(OWNER)
MARKS = {"endpoint": "endpoint1"}
RECORD = Record(mac=MAC, owner=OURS, others=tuple(MARKS.items()))
SPEC = PairSpec(OWNER, "br-int", "end1", MAC, RECORD, MARKS, place="endpoint 1")


def plan(*specs: PairSpec, fact: PortFacts = PORT, wait: bool = True) -> AttachPlan:
    return attach_pairs(list(specs), [fact] * len(specs), wait)


def test_pair_and_port_take_these_steps() -> None:
    spec = SPEC._replace(called="end1 of endpoint 1", mtu=1400, tag=5, trunks=(10, 11))
    assert said(plan(spec, fact=PORT._replace(bridge=NETDEV)).steps) == [
        f"make veth pair {FIRST} - end1 of endpoint 1, MAC {MAC}, MTU 1400",
        "switch off TX checksum offload of end1 of endpoint 1 (userspace datapath)",
        f"add port {FIRST} to bridge br-int, tag 5, trunks 10,11",
        "wait until ovs-vswitchd has added the port",
    ]


@pytest.mark.parametrize(
    ("wait", "steps"),
    [
        (True, ["AwaitEarlier", "MakeVethPairs", "InsertPorts", "MarkRecorded", "AwaitPorts"]),
        (False, ["MakeVethPairs", "InsertPorts", "MarkRecorded"]),
    ],
)
def test_nothing_is_done_inside_a_container(wait: bool, steps: list[str]) -> None:
    assert [type(step).__name__ for step in plan(SPEC, wait=wait).steps] == steps


def test_the_other_end_stays_beside_the_host_end() -> None:
    (wire,) = plan(SPEC).wires
    assert (wire.pair, wire.inside, str(wire)) == (Pair(FIRST, "end1", None, MAC, None, None, True), None, "end1")


def test_the_port_has_the_owners_record_and_is_guarded_by_its_marks() -> None:
    port = plan(SPEC).wires[0].port
    assert (port.name, port.record, port.marks) == (FIRST, RECORD, MARKS)


def test_a_bridge_that_is_missing_is_made_with_its_datapath_type() -> None:
    (wire,) = plan(SPEC._replace(datapath_type="netdev"), fact=PORT._replace(bridge=None)).wires
    assert (wire.port.bridge.uuid, wire.port.bridge.datapath_type, wire.pair.checksum_offload) == ("", "netdev", False)


def test_a_bridge_of_another_datapath_type_is_refused_with_the_place() -> None:
    with pytest.raises(BridgeUnfit) as refused:
        plan(SPEC._replace(datapath_type="netdev"))
    assert refused.value.place == "endpoint 1"


def test_an_owners_port_that_works_is_left_as_it_is() -> None:
    there = row(FIRST, MARKS)
    assert plan(SPEC, fact=PORT._replace(rows=(there,), links={FIRST: 7})) == AttachPlan([], [], [there], [])


def test_a_port_whose_pair_is_gone_is_replaced_under_another_name() -> None:
    gone = row(FIRST, MARKS)
    (wire,) = plan(SPEC, fact=PORT._replace(rows=(gone,))).wires
    assert (wire.port.name, wire.pair.host_end, wire.port.stale) == (SECOND, SECOND, (gone,))


def test_a_pair_that_an_interrupted_call_left_is_deleted_first() -> None:
    assert said(plan(SPEC, fact=PORT._replace(links={FIRST: 7})).steps)[0] == (
        f"delete veth pair {FIRST}, left over from an earlier add-port"
    )


def test_ports_without_an_iface_id_do_not_take_one_from_each_other() -> None:
    other = SPEC._replace(owner="network0/endpoint2", other_end="end2")
    assert len(plan(SPEC, other).wires) == 2


def test_an_iface_id_that_another_has_is_refused() -> None:
    first = SPEC._replace(record=RECORD._replace(iface_id="lsp1"))
    with pytest.raises(IfaceIdTaken):
        plan(first, first._replace(owner="network0/endpoint2", other_end="end2"))
