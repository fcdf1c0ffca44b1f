"""What check says of a port that OVN serves, from what OVN's databases tell."""

import pytest

from ovs_docker.check.look import View
from ovs_docker.ovn.check import findings
from ovs_docker.ovn.look import LogicalPortView, OvnView
from tests.unit.samples import MAC, ids_of, row

HERE = "node1"
OWN = LogicalPortView((f"{MAC} 10.0.0.2",), True)
WELL = OvnView(True, OWN, HERE, HERE)


def view(**ids: str) -> View:
    recorded = {**ids_of("--ipaddress=10.0.0.2/24", f"--macaddress={MAC}"), "ovn-installed": "true", **ids}
    return View(row(ids=recorded), None, False, None, None, None)


def codes(logical: OvnView, **ids: str) -> list[str]:
    return [finding.code for finding in findings(view(**ids), logical)]


@pytest.mark.parametrize(
    "addresses",
    [
        (f"{MAC} 10.0.0.2",),
        (f"{MAC.upper()} 10.0.0.2 10.0.0.3",),
        ("dynamic", f"{MAC} 10.0.0.2"),
        (MAC, "unknown"),
        ("router",),
    ],
)
def test_addresses_that_let_the_containers_traffic_through_are_well(addresses: tuple[str, ...]) -> None:
    assert codes(WELL._replace(port=LogicalPortView(addresses, True))) == []


@pytest.mark.parametrize(
    ("logical", "said"),
    [
        (WELL._replace(port=None), ["logical-port-missing"]),
        (WELL._replace(port=OWN._replace(enabled=False)), ["logical-port-disabled"]),
        (WELL._replace(port=LogicalPortView((f"{MAC} 10.0.0.9",), True)), ["logical-addresses-differ"]),
        (WELL._replace(port=LogicalPortView(("02:00:00:00:00:09 10.0.0.2",), True)), ["logical-addresses-differ"]),
        (WELL._replace(port=LogicalPortView((), True)), ["logical-addresses-differ"]),
        (WELL._replace(claimed_by=None), ["logical-port-not-bound"]),
        (WELL._replace(claimed_by=""), ["not-claimed"]),
        (WELL._replace(claimed_by="node2"), ["claimed-elsewhere"]),
        (WELL._replace(known=False, port=None), []),
        (WELL._replace(known=False, port=None, claimed_by=None), ["logical-port-not-bound"]),
    ],
)
def test_each_fault_has_its_code(logical: OvnView, said: list[str]) -> None:
    assert codes(logical) == said


def test_an_address_is_the_same_however_it_is_written() -> None:
    port = LogicalPortView((f"{MAC} 10.0.0.2 2001:DB8:0:0::2",), True)
    assert codes(WELL._replace(port=port), **{"ovs-docker-addresses": "10.0.0.2/24,2001:db8::2/64"}) == []


def test_a_port_without_flows_is_told() -> None:
    assert codes(WELL, **{"ovn-installed": "false"}) == ["not-installed"]


def test_what_to_do_about_addresses_is_a_command_with_the_containers_own() -> None:
    (found,) = findings(view(), WELL._replace(port=LogicalPortView((MAC,), True)))
    assert (found.message, found.hint) == (
        f"logical port netsho1_eth0 has the addresses {MAC}, not the container's 10.0.0.2/24",
        f'ovn-nbctl lsp-set-addresses netsho1_eth0 "{MAC} 10.0.0.2"',
    )
