"""A port without a container: pair and port are made, the other end stays on the host until somebody moves it.

So Docker's network driver attaches: the engine itself moves the end, and sets it up. Here ip(8) does.
"""

import struct
from array import array
from collections.abc import Iterator
from fcntl import ioctl
from socket import AF_INET, SOCK_DGRAM, socket

import pytest

from ovs_docker.apply import runner
from ovs_docker.errors import BridgeUnfit, InterfaceExists, TimedOut, VswitchdRefused
from ovs_docker.model.pair_spec import PairSpec
from ovs_docker.model.record import OURS, Record
from ovs_docker.plan.attach import AttachPlan
from ovs_docker.plan.pairs import attach_pairs
from ovs_docker.resolve import interfaces, ports
from ovs_docker.verbs.change import remove
from ovs_docker.world import Settings, World
from tests.host import services
from tests.integration.support import ports as port
from tests.integration.support.commands import Result, in_namespace, ours, ovs, run
from tests.integration.support.containers import Container
from tests.integration.support.refusal import nothing_changed
from tests.integration.support.snapshot import snapshot
from tests.integration.support.transfer import fetched, serve_file


def endpoint(number: int) -> PairSpec:
    """Ask for the port of an endpoint: a MAC and an end that follow from its number."""
    marks, mac = {"endpoint": f"e{number}"}, f"02:00:00:00:00:{number:02x}"
    record = Record(mac=mac, iface_id=f"net0-e{number}", owner=OURS, others=tuple(marks.items()))
    return PairSpec(f"net0/e{number}", "br-int", f"end{number}", mac, record, marks, place=f"endpoint {number}")


@pytest.fixture(autouse=True)
def own_ends_go() -> Iterator[None]:
    """Leave no end that a test has made beside ours."""
    yield
    run("ip", "link", "delete", "taken")


def attach(*specs: PairSpec, seconds: float = 20.0) -> AttachPlan:
    world = World(Settings(timeout=seconds))
    try:
        plan = attach_pairs(list(specs), interfaces.for_pairs(world, list(specs)), world.wait)
        runner.run(plan.steps, world)
        return plan
    finally:
        world.close()


def detach(*names: str) -> None:
    world = World(Settings(timeout=20))
    try:
        remove(world, ports.named(world.db, list(names)))
    finally:
        world.close()


def tx_checksums(interface: str) -> bool:
    """Read what `ethtool -k` says of TX checksum offload (ETHTOOL_GTXCSUM)."""
    value = array("I", [0x16, 0])
    with socket(AF_INET, SOCK_DGRAM) as any_socket:
        ioctl(any_socket, 0x8946, struct.pack("16sP16x", interface.encode(), value.buffer_info()[0]))
    return bool(value[1])


def moved(spec: PairSpec, container: Container) -> None:
    """Do what an engine does: move the end in, under a name of its own, with an address, and bring it up."""
    number = spec.other_end.removeprefix("end")
    run("ip", "link", "set", spec.other_end, "netns", str(container.pid), "name", "eth0", check=True)
    for words in (("addr", "add", f"10.0.0.{number}/24", "dev", "eth0"), ("link", "set", "eth0", "up")):
        assert in_namespace(container.pid, "ip", *words) == Result(0, "", "")


def test_the_port_is_on_the_bridge_and_the_other_end_on_the_host(bridge: str) -> None:
    (wire,) = attach(endpoint(1)._replace(mtu=1400, tag=5)).wires
    seen, name = snapshot(), wire.port.name
    assert (ovs("list-ports", bridge), port.vlans(name)["tag"], port.ofport(name) > 0) == (name, 5, True)
    assert port.record(name) == {
        "attached-mac": "02:00:00:00:00:01",
        "endpoint": "e1",
        "iface-id": "net0-e1",
        "owner": "ovs-docker",
    }
    assert (seen["links"][name], seen["links"]["end1"]) == (
        {"mtu": 1400, "up": True, "mac": None},
        {"mtu": 1400, "up": False, "mac": None},
    )
    assert "02:00:00:00:00:01" in run("ip", "link", "show", "end1").out
    assert not tx_checksums("end1")


def test_traffic_flows_between_ends_that_were_moved(bridge: str, c1: Container, c2: Container) -> None:
    specs = [endpoint(1), endpoint(2)]
    attach(*specs)
    for spec, container in zip(specs, (c1, c2), strict=True):
        moved(spec, container)
    there = serve_file(c2)
    assert c1.pings("10.0.0.2")
    assert fetched(c1, "10.0.0.2") == there


def test_a_container_of_add_port_and_a_moved_end_reach_each_other(bridge: str, c1: Container, c2: Container) -> None:
    attach(endpoint(1))
    moved(endpoint(1), c1)
    ours("add-port", bridge, "eth0", "c2", "--ipaddress=10.0.0.2/24", check=True)
    assert c1.pings("10.0.0.2")


def test_what_is_attached_is_taken_away_again(bridge: str) -> None:
    with nothing_changed():
        wires = attach(endpoint(1), endpoint(2)).wires
        assert ovs("list-ports", bridge).split() == sorted(wire.port.name for wire in wires)
        detach(*(wire.port.name for wire in wires))


def test_a_moved_end_goes_with_its_port(bridge: str, c1: Container) -> None:
    with nothing_changed():
        (wire,) = attach(endpoint(1)).wires
        moved(endpoint(1), c1)
        detach(wire.port.name)


def test_a_bridge_is_made_where_it_is_missing() -> None:
    (wire,) = attach(endpoint(1)._replace(bridge="br-new", datapath_type="netdev")).wires
    assert (ovs("list-ports", "br-new"), tx_checksums("end1")) == (wire.port.name, False)


def test_a_second_call_for_the_same_owner_changes_nothing(bridge: str) -> None:
    (wire,) = attach(endpoint(1)).wires
    with nothing_changed():
        again = attach(endpoint(1))
    assert ([row.name for row in again.there], again.wires) == ([wire.port.name], [])


def test_a_port_whose_pair_is_gone_is_replaced(bridge: str) -> None:
    (wire,) = attach(endpoint(1)).wires
    run("ip", "link", "delete", "end1", check=True)
    (again,) = attach(endpoint(1)).wires
    assert (ovs("list-ports", bridge), again.port.name != wire.port.name) == (again.port.name, True)


def test_what_a_killed_call_left_is_taken_for_its_own(bridge: str) -> None:
    (wire,) = attach(endpoint(1)).wires
    ovs("del-port", wire.port.name)
    assert [wire.port.name for wire in attach(endpoint(1)).wires] == [wire.port.name]


def test_a_number_that_is_taken_rolls_all_back(bridge: str) -> None:
    attach(endpoint(1)._replace(ofport=77))
    with nothing_changed(), pytest.raises(VswitchdRefused, match="--ofport=77: bridge br-int gave") as refused:
        attach(endpoint(2), endpoint(3)._replace(ofport=77))
    assert refused.value.place == "endpoint 3"


def test_an_end_whose_name_is_taken_rolls_all_back(bridge: str) -> None:
    run("ip", "link", "add", "taken", "type", "veth", "peer", "name", "taken-too", check=True)
    with nothing_changed(), pytest.raises(InterfaceExists, match="taken already exists on this host"):
        attach(endpoint(1), endpoint(2)._replace(other_end="taken"))


def test_a_silent_vswitchd_rolls_all_back(bridge: str) -> None:
    with nothing_changed(), services.vswitchd().paused(), pytest.raises(TimedOut):
        attach(endpoint(1)._replace(bridge="br-new", datapath_type="netdev"), seconds=2)


def test_a_bridge_of_another_datapath_type_is_refused(bridge: str) -> None:
    with nothing_changed(), pytest.raises(BridgeUnfit, match="datapath type netdev"):
        attach(endpoint(1)._replace(datapath_type="system"))


def test_sync_and_list_ports_leave_it_alone(bridge: str) -> None:
    attach(endpoint(1))
    with nothing_changed():
        assert (ours("list-ports"), ours("sync")) == (Result(0, "", ""), Result(0, "", ""))
