"""Ports of the old script in our hands, and ours in the script's: hosts change over one call at a time.

That the two do the same on their own is tested in the drop-in files.
"""

import json
from collections.abc import Callable
from itertools import product

import pytest

from tests.integration.support.commands import Result, ours, ovs, script
from tests.integration.support.containers import Container
from tests.integration.support.ports import of, vlans
from tests.integration.support.snapshot import snapshot

Form = Callable[[Container], str]
DONE = Result(0, "", "")
FORMS: dict[str, Form] = {
    "name": lambda container: container.name,
    "short-id": lambda container: container.short_id,
    "full-id": lambda container: container.id,
}
PAIRS = [pytest.param(FORMS[a], FORMS[b], id=f"{a}-asked-by-{b}") for a, b in product(FORMS, FORMS)]


@pytest.mark.parametrize(("recorded", "asked"), PAIRS)
def test_ports_of_the_script_are_got_tagged_trunked_and_deleted(
    recorded: Form, asked: Form, bridge: str, c1: Container
) -> None:
    before = snapshot()
    script("add-port", bridge, "eth0", recorded(c1), check=True)
    port = of(recorded(c1), "eth0")
    place = (bridge, "eth0", asked(c1))
    calls = [
        ours("get-port", *place),
        ours("set-vlan", *place, "5"),
        ours("set-trunk", *place, "10,20-22"),
    ]
    after = vlans(port)
    calls.append(ours("del-port", *place))
    assert (calls, after, snapshot()) == (
        [Result(0, f"{port}\n", ""), DONE, DONE, DONE],
        {"tag": 5, "trunks": [10, 20, 21, 22], "vlan_mode": "native-untagged"},
        before,
    )


@pytest.mark.parametrize("asked", FORMS.values(), ids=FORMS.keys())
def test_del_ports_takes_ports_of_both_by_any_form_of_the_name(asked: Form, bridge: str, c1: Container) -> None:
    before = snapshot()
    for number, (program, form) in enumerate(product((script, ours), FORMS.values())):
        program("add-port", bridge, f"eth{number}", form(c1), check=True)
    assert (ours("del-ports", bridge, asked(c1)), snapshot()) == (DONE, before)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_the_script_tags_and_deletes_our_ports(form: Form, bridge: str, c1: Container) -> None:
    before = snapshot()
    ours("add-port", bridge, "eth0", form(c1), "--ipaddress=10.0.0.1/24", check=True)
    calls = [script("set-vlan", bridge, "eth0", form(c1), "5")]
    tag = vlans(of(form(c1), "eth0"))["tag"]
    calls.append(script("del-port", bridge, "eth0", form(c1)))
    assert (calls, tag, snapshot()) == ([DONE, DONE], 5, before)


def test_the_script_deletes_all_our_ports(bridge: str, c1: Container) -> None:
    before = snapshot()
    for interface in ("eth0", "eth1"):
        ours("add-port", bridge, interface, "c1", check=True)
    assert (script("del-ports", bridge, "c1"), snapshot()) == (DONE, before)


@pytest.mark.parametrize(("first", "second"), [(script, ours), (ours, script)], ids=["script-first", "ours-first"])
def test_each_refuses_what_the_other_attached(
    first: Callable[..., Result], second: Callable[..., Result], bridge: str, c1: Container
) -> None:
    first("add-port", bridge, "eth0", "c1", check=True)
    before = snapshot()
    said = "ovs-docker: Port already attached for CONTAINER=c1 and INTERFACE=eth0\n"
    assert (second("add-port", bridge, "eth0", "c1"), snapshot()) == (Result(1, "", said), before)


@pytest.mark.parametrize(("recorded", "asked"), PAIRS)
def test_ours_refuses_what_is_attached_under_another_form_of_the_name(
    recorded: Form, asked: Form, bridge: str, c1: Container
) -> None:
    script("add-port", bridge, "eth0", recorded(c1), check=True)
    before = snapshot()
    said = f"ovs-docker: Port already attached for CONTAINER={asked(c1)} and INTERFACE=eth0\n"
    assert (ours("add-port", bridge, "eth0", asked(c1)), snapshot()) == (Result(1, "", said), before)


@pytest.mark.parametrize("program", [script, ours], ids=["of-the-script", "of-ours"])
@pytest.mark.parametrize("end", [Container.stop, Container.remove], ids=["stopped", "removed"])
def test_a_port_is_deleted_after_its_container(
    end: Callable[[Container], None], program: Callable[..., Result], bridge: str, c1: Container
) -> None:
    program("add-port", bridge, "eth0", c1.short_id, check=True)
    end(c1)
    assert (ours("del-port", bridge, "eth0", c1.short_id), snapshot()["bridge"][bridge]["ports"]) == (DONE, [bridge])


@pytest.mark.parametrize("asked", FORMS.values(), ids=FORMS.keys())
def test_our_record_knows_all_forms_of_a_removed_container(asked: Form, bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", c1.short_id, check=True)
    c1.remove()
    assert (ours("del-port", bridge, "eth0", asked(c1)), ovs("list-ports", bridge)) == (DONE, "")


@pytest.mark.parametrize("program", [script, ours], ids=["of-the-script", "of-ours"])
def test_a_container_recorded_under_the_beginning_of_its_id_is_found_by_its_name(
    program: Callable[..., Result], bridge: str, c1: Container
) -> None:
    program("add-port", bridge, "eth0", c1.id[:7], check=True)
    state = json.loads(ours("--format=json", "list-ports").out)["data"][0]["state"]
    assert (state, ours("del-port", bridge, "eth0", "c1"), ovs("list-ports", bridge)) == ("up", DONE, "")


def test_a_stale_port_of_the_script_is_replaced(bridge: str, c1: Container) -> None:
    script("add-port", bridge, "eth0", "c1", check=True)
    stale = of("c1", "eth0")
    c1.restart()
    assert ours("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.1/24") == DONE
    assert (ovs("list-ports", bridge), of("c1", "eth0") != stale) == (of("c1", "eth0"), True)
