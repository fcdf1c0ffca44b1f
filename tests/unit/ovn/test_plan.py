"""What attaching to a logical switch of OVN comes to, as --dry-run shows it, and what it refuses."""

from typing import Any

import pytest

from ovs_docker.errors import IfaceIdTaken, OvnUnfit
from ovs_docker.model.addresses import parse_address
from ovs_docker.model.chassis import all_here
from ovs_docker.model.ovn import LogicalFacts, LogicalPort, LogicalSwitch
from ovs_docker.ovn.plan import with_addresses
from ovs_docker.resolve.facts import Facts
from tests.unit.planning import plan, refusal, sentences
from tests.unit.samples import BRIDGE, CONTAINER, EMPTY, FIRST_END, ID, MAC, RANDOM_MAC, add_port, facts, ids_of, row

HOST = {"ovn-remote": "unix:/run/ovn/ovnsb_db.sock", "ovn-encap-type": "geneve"}
NETWORKS = tuple(map(parse_address, ("10.0.0.0/24", "2001:db8::/64")))
ROUTERS = tuple(map(parse_address, ("10.0.0.1/24", "10.9.0.1/24", "2001:db8::1/64")))
SWITCH = LogicalSwitch("switch-uuid", "ls0", NETWORKS, ROUTERS, True)
ON_LS0 = "--logical-switch=ls0"
PLUGGED = f"add port {FIRST_END} to bridge br-int with iface-id netsho1_eth0"


def logical_port(name: str = "netsho1_eth0", switch: str = "switch-uuid") -> LogicalPort:
    columns = {"name": name, "addresses": MAC, "external_ids": ["map", []], "dynamic_addresses": EMPTY}
    return LogicalPort(f"uuid-of-{name}", name, switch, columns)


def with_ovn(*ours: LogicalPort, host: dict[str, str] = HOST, mtu: int | None = 1442, **fields: Any) -> Facts:
    """Describe a host that is a chassis, and the logical ports that an earlier call made for the interface."""
    return facts(logical=LogicalFacts(SWITCH._replace(**fields), ours, all_here(host), mtu))


def test_the_logical_port_comes_first_and_is_awaited_last() -> None:
    spec = add_port(ON_LS0, "--ipaddress=10.0.0.2/24,2001:db8::2/64", f"--macaddress={MAC}", "--port-security")
    found = sentences(spec, with_ovn())
    assert [found[0], found[1], *found[-5:]] == [
        f"create logical port netsho1_eth0 on logical switch ls0 with {MAC} 10.0.0.2 2001:db8::2 and port security",
        f"make veth pair {FIRST_END} - eth0 of container netsho1, MAC {MAC}, MTU 1442",
        PLUGGED,
        "wait until ovs-vswitchd has added the port",
        "wait until OVN has installed logical port netsho1_eth0",
        "announce 10.0.0.2 from eth0 of container netsho1",
        "announce 2001:db8::2 from eth0 of container netsho1",
    ]


def test_dynamic_addresses_are_awaited_before_the_pair_is_made() -> None:
    assert sentences(add_port(ON_LS0, "--ipaddress=dynamic"), with_ovn())[:3] == [
        f"create logical port netsho1_eth0 on logical switch ls0 with {RANDOM_MAC} dynamic",
        "wait until OVN has chosen addresses for logical port netsho1_eth0",
        f"make veth pair {FIRST_END} - eth0 of container netsho1, MAC {RANDOM_MAC}, MTU 1442",
    ]


def test_who_does_not_wait_for_vswitchd_does_not_wait_for_ovn() -> None:
    assert [line for line in sentences(add_port(ON_LS0), with_ovn(), wait=False) if "wait" in line] == []


def test_a_given_mtu_stays_and_without_tunnels_none_is_needed() -> None:
    given, free = add_port(ON_LS0, "--mtu=9000"), add_port(ON_LS0)
    made = [sentences(given, with_ovn())[1], sentences(free, with_ovn(mtu=None))[1]]
    assert [line.partition(f"MAC {RANDOM_MAC}")[2] for line in made] == [", MTU 9000", ""]


def test_an_earlier_logical_port_of_the_interface_is_changed_and_others_removed() -> None:
    spec = add_port(ON_LS0)
    assert sentences(spec, with_ovn(logical_port()))[0] == (
        f"change logical port netsho1_eth0 on logical switch ls0 with {RANDOM_MAC}"
    )
    assert sentences(spec, with_ovn(logical_port(switch="other"), logical_port("old")))[:3] == [
        "remove logical port netsho1_eth0, left over from an earlier add-port",
        "remove logical port old, left over from an earlier add-port",
        f"create logical port netsho1_eth0 on logical switch ls0 with {RANDOM_MAC}",
    ]


def test_a_stale_ports_logical_port_goes_where_none_is_asked_for() -> None:
    fact = facts(logical=LogicalFacts(None, (logical_port(),), all_here(HOST), None))
    assert sentences(add_port(), fact)[:2] == [
        "remove logical port netsho1_eth0, left over from an earlier add-port",
        f"make veth pair {FIRST_END} - eth0 of container netsho1, MAC {RANDOM_MAC}",
    ]


def test_the_marks_say_whose_logical_port_it_is() -> None:
    (wire,) = plan(add_port(ON_LS0), with_ovn()).wires
    assert wire.logical
    assert wire.logical.marks == {"owner": "ovs-docker", "ovs-docker-id": ID, "container_iface": "eth0"}


@pytest.mark.parametrize(
    ("host", "bridge", "said"),
    [
        ({}, "br-int", "--logical-switch: no ovn-controller serves this Open vSwitch: it has no ovn-remote"),
        (HOST, "br0", "BRIDGE br0: OVN's integration bridge here is br-int"),
        (HOST | {"ovn-bridge": "br0"}, "br-int", "BRIDGE br-int: OVN's integration bridge here is br0"),
        ({"ovn-remote-a": "tcp:[::1]:6642", "ovn-bridge-a": "br0"}, "br0", None),
        (HOST | {"ovn-bridge": "br0"}, "br0", None),
        (HOST | {"system-id": "h1", "ovn-bridge": "br-int", "ovn-bridge-h1": "br0"}, "br0", None),
        (
            HOST | {"ovn-bridge-datapath-type": "netdev"},
            "netdev",
            "BRIDGE netdev: OVN's integration bridge here is br-int",
        ),
    ],
)
def test_what_ovn_would_never_notice_is_refused(host: dict[str, str], bridge: str, said: str | None) -> None:
    fact = with_ovn(host=host)
    fact = fact._replace(port=fact.port._replace(bridge=BRIDGE._replace(name=bridge, parent=bridge)))
    spec = add_port(ON_LS0)._replace(bridge=bridge)
    if said:
        assert refusal(OvnUnfit, spec, fact) == said
    assert sentences(spec, fact, wait=said is None)


def test_a_switch_without_a_subnet_has_no_address_to_give() -> None:
    assert refusal(OvnUnfit, add_port(ON_LS0, "--ipaddress=dynamic"), with_ovn(subnets=())) == (
        "--ipaddress=dynamic: logical switch ls0 has no subnet to choose from"
    )


CHOSEN = tuple(map(parse_address, ("10.0.0.7/24", "2001:db8::7/64")))


@pytest.mark.parametrize(
    ("options", "gateways"),
    [([], ["10.0.0.1", "2001:db8::1"]), (["--gateway=10.0.0.9"], ["10.0.0.9"])],
)
def test_chosen_addresses_come_with_the_routers_of_their_networks_unless_a_gateway_is_given(
    options: list[str], gateways: list[str]
) -> None:
    found = with_addresses(add_port(ON_LS0, "--ipaddress=dynamic", *options), CHOSEN, SWITCH)
    assert (found.addresses, [str(gateway) for gateway in found.gateways]) == (CHOSEN, gateways)


@pytest.mark.parametrize("works", [True, False])
def test_an_iface_id_that_a_working_interface_has_is_refused(works: bool) -> None:
    fact = facts(namesakes={"vif1": works})
    if works:
        assert refusal(IfaceIdTaken, add_port(), fact) == "iface-id netsho1_eth0 is already used by port vif1"
    else:
        assert PLUGGED in sentences(add_port(), fact)


def test_two_ports_of_one_call_cannot_have_one_iface_id() -> None:
    from ovs_docker.plan.attach import attach

    specs = [add_port(), add_port("--iface-id=netsho1_eth0")._replace(interface="eth1", place="ports[1]")]
    with pytest.raises(IfaceIdTaken) as refused:
        attach(specs, [facts(), facts()], [RANDOM_MAC] * 2, False, True)
    assert refused.value.place == "ports[1]"


def test_a_live_port_is_attached_whatever_ovn_has() -> None:
    there = row(ids=ids_of(ON_LS0))
    assert facts(rows=(there,), links={FIRST_END: 42}).port.live == there
    assert CONTAINER.name == there.record.name
