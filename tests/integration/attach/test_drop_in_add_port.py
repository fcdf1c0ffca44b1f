"""add-port leaves behind what the old script's leaves: rows, links, addresses, routes, seen from the whole host.

Where the two differ on purpose is said in the test. What words are accepted is tested in test_drop_in_words.py.
"""

from itertools import permutations
from typing import Any

import pytest

from tests.integration.support.commands import Result, ours, run
from tests.integration.support.containers import Container
from tests.integration.support.side_by_side import IPV6_ON, PLACE, Program, Story, both, stage

MAC = "--macaddress=02:00:00:00:00:01"
FOUR = ("--ipaddress=10.0.0.1/24", "--gateway=10.0.0.254", MAC, "--mtu=1400")
OPTIONS = [
    (),
    ("--ipaddress=10.0.0.1/24",),
    ("--ipaddress=10.0.0.1",),
    ("--ipaddress=10.0.0.1/8", "--gateway=10.255.255.254"),
    ("--ipaddress=10.0.0.0/31",),
    ("--ipaddress=172.21.0.0/16",),
    ("--ipaddress=10.0.0.1/255.255.255.0",),
    ("--ipaddress=2001:db8::1/64",),
    ("--ipaddress=2001:db8::1",),
    ("--ipaddress=2001:DB8:0::1/64", "--gateway=2001:db8::ff"),
    ("--ipaddress=2001:db8::/64",),
    (MAC,),
    ("--macaddress=02:00:00:00:00:AB",),
    ("--mtu=1400",),
    ("--mtu=9000",),
    ("--ipaddress=", "--gateway=", "--macaddress=", "--mtu="),
    ("--ipaddress=10.0.0.1/24", "--ipaddress=10.0.0.2/16"),
    ("--mtu=1300", "--mtu=1400", MAC, "--macaddress=02:00:00:00:00:02"),
    ("--ipaddress=10.0.0.1/24", "--gateway=10.0.0.3", "--gateway=10.0.0.4"),
    ("--ipaddress=10.0.0.1/24", "--ipaddress="),
]
INTERFACES = ["eth1", "group_1", "veno1", "mgt", "br-int", "eth0.100", "0", "fifteen_bytes_x", "ovs-system"]


def attach(program: Program, *options: str) -> Result:
    stage(IPV6_ON)
    return program("add-port", *PLACE, *options)


def but_host_mtu(story: Story) -> dict[str, Any]:
    """Leave out the host ends' MTU, which the script does not set; a netdev bridge's own follows its ports'."""
    return {**story.host, "links": {name: {**link, "mtu": None} for name, link in story.host["links"].items()}}


@pytest.mark.parametrize("options", OPTIONS, ids=repr)
def test_options_do_what_they_always_did(options: tuple[str, ...]) -> None:
    by_ours, by_script = both(lambda program: attach(program, *options))
    assert (by_ours.outcome, but_host_mtu(by_ours)) == (by_script.outcome, but_host_mtu(by_script))
    assert by_ours.outcome == (0, "", "")


@pytest.mark.parametrize("options", list(permutations(FOUR))[1::5], ids=repr)
def test_the_order_of_the_options_is_free(options: tuple[str, ...]) -> None:
    by_ours, by_script = both(lambda program: attach(program, *options))
    assert (by_ours.outcome, but_host_mtu(by_ours)) == (by_script.outcome, but_host_mtu(by_script))
    assert by_ours.outcome == (0, "", "")


@pytest.mark.parametrize("interface", INTERFACES)
def test_any_legal_interface_name_is_taken(interface: str) -> None:
    def scenario(program: Program) -> Result:
        stage()
        return program("add-port", "br-int", interface, "c1", "--ipaddress=10.0.0.1/24")

    by_ours, by_script = both(scenario)
    assert by_ours == by_script
    assert (by_ours.outcome, list(by_ours.host["containers"]["c1"]["links"])) == (
        (0, "", ""),
        sorted([interface, "lo"]),
    )


def test_a_second_interface_and_a_second_container_are_attached_beside_the_first() -> None:
    def scenario(program: Program) -> Result:
        stage()
        program("add-port", *PLACE, "--ipaddress=10.0.0.1/24", "--gateway=10.0.0.254")
        return program("add-port", "br-int", "eth1", "c1", "--ipaddress=10.0.1.1/24")

    by_ours, by_script = both(scenario)
    assert by_ours == by_script
    assert by_ours.outcome == (0, "", "")


@pytest.mark.parametrize("what", ["addr", "route"])
def test_address_and_routes_have_the_scripts_scope_protocol_and_flags(what: str) -> None:
    seen: list[Any] = []

    def scenario(program: Program) -> Result:
        c1 = stage()
        result = program("add-port", *PLACE, "--ipaddress=10.0.0.1/24", "--gateway=10.0.0.254")
        seen.append(details(c1, what))
        return result

    both(scenario)
    assert seen[0] == seen[1]
    assert "10.0.0.1" in repr(seen[0])


def details(container: Container, what: str) -> list[Any]:
    found = container.ip("-details", "-4", what, "show", "dev", "eth0")
    return [one.get("addr_info", one) for one in found]


def test_a_value_begins_after_the_first_equals_sign() -> None:
    stage()
    refused = [ours("add-port", *PLACE, f"--{option}==7=8").err for option in ("ipaddress", "gateway", "mtu")]
    assert [err.partition(": ")[2].partition(":")[0] for err in refused] == [
        "--ipaddress==7=8",
        "--gateway==7=8",
        "--mtu==7=8",
    ]


def test_a_port_is_found_by_the_one_question_that_other_programs_ask() -> None:
    c1 = stage()
    for interface, name in (("eth0", c1.name), ("eth1", c1.short_id), ("eth2", c1.id)):
        assert ours("add-port", "br-int", interface, name) == Result(0, "", "")
    asked = [found(name, interface) for interface, name in (("eth0", "c1"), ("eth1", c1.short_id), ("eth2", c1.id))]
    assert [len(names) for names in asked] == [1, 1, 1]


def found(container: str, interface: str) -> list[str]:
    conditions = f"external_ids:container_id={container}", f"external_ids:container_iface={interface}"
    return run("ovs-vsctl", "--bare", "--columns=name", "find", "interface", *conditions).out.splitlines()
