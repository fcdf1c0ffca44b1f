"""The record on the Interface row: a spec written and read back is the same spec."""

import pytest
from hypothesis import given

from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.parse.recorded import differences, record_of, spec_of
from tests.unit.samples import CONTAINER, EMPTY, ID, MAC, add_port, ids_of, row
from tests.unit.strategies import specs


def attached(spec: PortSpec) -> PortRow:
    """Return the row of a port attached as `spec` says."""
    ids = record_of(spec, CONTAINER, spec.mac or MAC).external_ids
    tag = EMPTY if spec.tag is None else spec.tag
    return row(ids=ids, port={"tag": tag, "trunks": ["set", list(spec.trunks)]}, interface={"ofport": spec.ofport or 5})


@given(specs)
def test_a_spec_written_and_read_back_is_the_same(spec: PortSpec) -> None:
    assert spec_of(attached(spec)) == spec


@given(specs)
def test_a_port_attached_as_asked_differs_in_nothing(spec: PortSpec) -> None:
    assert differences(spec, attached(spec)) == []


def test_the_record_is_as_documented() -> None:
    spec = add_port(
        "--ipaddress=10.0.0.2/24,2001:db8::2/64",
        "--gateway=10.0.0.1,2001:db8::1",
        "--route=10.1.0.0/16,10.0.0.9",
        "--route=10.2.0.0/16",
        "--mtu=1400",
        "--iface-id=lsp1",
        "--external-id=who=me",
        "--logical-switch=ls0",
        "--port-security",
    )
    assert record_of(spec, CONTAINER, MAC).external_ids == {
        "container_id": "netsho1",
        "container_iface": "eth0",
        "iface-id": "lsp1",
        "attached-mac": MAC,
        "owner": "ovs-docker",
        "ovs-docker-id": ID,
        "ovs-docker-name": "netsho1",
        "ovs-docker-addresses": "10.0.0.2/24,2001:db8::2/64",
        "ovs-docker-gateway": "10.0.0.1,2001:db8::1",
        "ovs-docker-routes": "10.1.0.0/16,10.0.0.9 10.2.0.0/16",
        "ovs-docker-mtu": "1400",
        "ovs-docker-logical-switch": "ls0",
        "ovs-docker-port-security": "true",
        "who": "me",
    }


def test_a_record_without_options_has_the_words_the_names_and_the_mac() -> None:
    spec = add_port()._replace(container=ID[:12])
    assert record_of(spec, CONTAINER, MAC).external_ids == {
        "container_id": ID[:12],
        "container_iface": "eth0",
        "iface-id": "netsho1_eth0",
        "attached-mac": MAC,
        "owner": "ovs-docker",
        "ovs-docker-id": ID,
        "ovs-docker-name": "netsho1",
    }


def test_a_row_of_the_old_script_yields_its_words_and_its_vlan() -> None:
    old = row("0123456789abc_l", {"container_id": "c1", "container_iface": "eth1"}, port={"tag": 5})
    assert spec_of(old) == PortSpec("br-int", "eth1", "c1", tag=5)


EVERYTHING = {
    "--ipaddress": "--ipaddress=10.0.0.3/24",
    "--gateway": "--gateway=fe80::2",
    "--route": "--route=2001:db8::/64,fe80::9",
    "--macaddress": "--macaddress=02:00:00:00:09:09",
    "--mtu": "--mtu=1401",
    "--tx-queue-len": "--tx-queue-len=500",
    "--vlan": "--vlan=0",
    "--trunks": "--trunks=10,21-29",
    "--iface-id": "--iface-id=lsp2",
    "--logical-switch": "--logical-switch=ls0",
    "--ofport": "--ofport=8",
    "--external-id=who": "--external-id=who=you",
}


@pytest.mark.parametrize(("name", "option"), EVERYTHING.items())
def test_an_option_that_the_port_was_not_given_is_named(name: str, option: str) -> None:
    assert differences(add_port(option), attached(add_port())) == [name]


def test_port_security_that_the_port_was_not_given_is_named() -> None:
    asked, there = add_port("--logical-switch=ls0", "--port-security"), add_port("--logical-switch=ls0")
    assert differences(asked, attached(there)) == ["--port-security"]


def test_a_dynamic_address_is_not_a_given_one() -> None:
    dynamic, given = add_port("--logical-switch=ls0", "--ipaddress=dynamic"), add_port("--logical-switch=ls0")
    chosen = dynamic._replace(addresses=add_port("--ipaddress=10.0.0.2/24").addresses)
    assert [differences(dynamic, attached(there)) for there in (chosen, given)] == [[], ["--ipaddress"]]


def test_all_options_that_differ_are_named() -> None:
    asked = add_port(*EVERYTHING.values())._replace(bridge="br-ex")
    assert differences(asked, attached(add_port())) == ["BRIDGE", *EVERYTHING]


def test_options_not_given_accept_what_is_there() -> None:
    assert differences(add_port(), attached(add_port(*EVERYTHING.values()))) == []


def test_the_same_words_again_are_as_asked() -> None:
    words = ["--external-id=who=me", "--external-id=who=you", "--macaddress=02-00-00-00-01-0A", "--trunks=20-22,10"]
    assert differences(add_port(*words), attached(add_port(*words))) == []


def test_the_parent_of_a_fake_bridge_is_where_the_port_is_too() -> None:
    """`add-port br-int … --vlan=10` again, on a host where br-int has a fake bridge for VLAN 10."""
    there = row(ids=ids_of(), port={"tag": 10}, fakes={("bridge-uuid", 10): "vlan10"})
    assert [differences(add_port("--vlan=10")._replace(bridge=name), there) for name in ("vlan10", "br-int")] == [
        [],
        [],
    ]


def test_another_datapath_type_than_asked_is_named() -> None:
    there = row(bridge={"datapath_type": ""})
    asked = [differences(add_port(f"--datapath-type={kind}"), there) for kind in ("system", "netdev")]
    assert asked == [[], ["--datapath-type"]]
