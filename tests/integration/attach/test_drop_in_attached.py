"""Attached already, not attached, no such container, stopped, removed: both programs tell and do the same.

The states of a bridge are tested in test_drop_in_bridges.py.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.integration.support import fleet
from tests.integration.support.commands import Result, ours
from tests.integration.support.containers import Container
from tests.integration.support.side_by_side import PLACE, Program, attached, both, stage

FORMS: dict[str, Callable[[Container], str]] = {
    "name": lambda container: container.name,
    "short id": lambda container: container.short_id,
    "full id": lambda container: container.id,
}
EVERY_FORM = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
GONE = {"stopped": Container.stop, "removed": Container.remove, "restarted": Container.restart}
ABSENT = [
    ("del-port", "br-int", "eth1", "c1"),
    ("del-port", "br-int", "eth0", "c2"),
    ("del-port", "br-int", "eth", "c1"),
    ("del-port", "br-int", "eth0", "c"),
    ("set-vlan", "br-int", "eth1", "c1", "5"),
    ("set-vlan", "br-int", "eth0", "c2", "5"),
]


@EVERY_FORM
@pytest.mark.parametrize("verb", ["add-port", "del-port", "del-ports", "set-vlan"])
def test_a_container_goes_by_name_short_id_and_full_id(verb: str, form: Callable[[Container], str]) -> None:
    def scenario(program: Program) -> Result:
        name = form(stage())
        done = program("add-port", "br-int", "eth0", name)
        words = {"add-port": (), "del-ports": ("br-int", name), "set-vlan": ("br-int", "eth0", name, "5")}
        then = words.get(verb, ("br-int", "eth0", name))
        return program(verb, *then) if then else done

    by_ours, by_script = both(scenario)
    assert by_ours == by_script
    assert by_ours.outcome == (0, "", "")


@EVERY_FORM
def test_what_is_attached_already_is_refused_in_the_scripts_words(form: Callable[[Container], str]) -> None:
    def scenario(program: Program) -> Result:
        name = form(stage())
        program("add-port", "br-int", "eth0", name, "--ipaddress=10.0.0.1/24")
        said = program("add-port", "br-int", "eth0", name, "--ipaddress=10.0.0.2/24", "--mtu=1400")
        return replace(said, err=said.err.replace(name, "CONTAINER-AS-TYPED"))

    by_ours, by_script = both(scenario)
    assert by_ours == by_script
    said = "ovs-docker: Port already attached for CONTAINER=CONTAINER-AS-TYPED and INTERFACE=eth0\n"
    assert by_ours.outcome == (1, "", said)


@pytest.mark.parametrize("words", ABSENT, ids=" ".join)
def test_what_is_not_attached_is_told_in_the_scripts_words(words: tuple[str, ...]) -> None:
    def scenario(program: Program) -> Result:
        attached(program)
        return program(*words)

    by_ours, by_script = both(scenario)
    assert by_ours == by_script
    _, _, interface, container, *_ = words
    said = f"Failed to find any attached port for CONTAINER={container} and INTERFACE={interface}"
    assert by_ours.outcome == (1, "", f"ovs-docker: {said}\n")


@pytest.mark.parametrize("container", ["c1", "c2"])
def test_del_ports_on_nothing_is_silent_success(container: str) -> None:
    def scenario(program: Program) -> Result:
        stage()
        return program("del-ports", "br-int", container)

    by_ours, by_script = both(scenario)
    assert by_ours == by_script
    assert by_ours.outcome == (0, "", "")


@pytest.mark.parametrize(("verb", "code"), [("del-port", 1), ("del-ports", 0)])
def test_an_empty_container_has_no_ports(verb: str, code: int) -> None:
    words = ("del-port", "br-int", "eth0", "") if verb == "del-port" else (verb, "br-int", "")

    def scenario(program: Program) -> Result:
        attached(program)
        return program(*words)

    by_ours, by_script = both(scenario)
    assert (by_ours.silent, by_ours.code) == (by_script.silent, code)  # ovs-vsctl grumbles under the script


def test_del_ports_takes_all_interfaces_of_the_container_and_no_others() -> None:
    def scenario(program: Program) -> Result:
        attached(program)
        program("add-port", "br-int", "eth1", "c1")
        program("add-port", "br-int", "eth0", "c10")
        return program("del-ports", "br-int", "c1")

    by_ours, by_script = both(scenario)
    assert by_ours == by_script
    assert (by_ours.outcome, by_ours.host["bridge"]["br-int"]["ports"]) == ((0, "", ""), ["br-int"])


@pytest.mark.parametrize("end", GONE.values(), ids=GONE.keys())
@pytest.mark.parametrize("words", [("del-port", *PLACE), ("del-ports", "br-int", "c1")], ids=lambda words: words[0])
def test_a_port_is_deleted_after_its_container(words: tuple[str, ...], end: Callable[[Container], None]) -> None:
    def scenario(program: Program) -> Result:
        end(attached(program))
        return program(*words)

    by_ours, by_script = both(scenario)
    assert (by_ours.silent, by_ours.err) == (by_script.silent, "")
    assert (by_ours.code, by_ours.host["bridge"]["br-int"]["ports"]) == (0, ["br-int"])


@pytest.mark.parametrize("end", GONE.values(), ids=GONE.keys())
def test_a_port_is_tagged_after_its_container(end: Callable[[Container], None]) -> None:
    def scenario(program: Program) -> Result:
        end(attached(program))
        fleet.links_are_gone("c1")
        return program("set-vlan", *PLACE, "5")

    by_ours, by_script = both(scenario)
    assert (by_ours.silent, by_ours.err) == (by_script.silent, "")
    assert (by_ours.code, by_ours.host["port"]["c1/eth0"]["tag"]) == (0, 5)


def test_no_such_container_is_told_with_the_scripts_beginning() -> None:
    def scenario(program: Program) -> Result:
        stage()
        return program("add-port", "br-int", "eth0", "c2", "--ipaddress=10.0.0.1/24")

    by_ours, by_script = both(scenario)
    beginning = "ovs-docker: Failed to get the PID of the container"
    assert replace(by_ours, err=by_ours.err[: len(beginning)]) == replace(by_script, err=by_script.err.splitlines()[-1])
    assert by_ours.outcome[:2] == (1, "")


def test_detaching_leaves_the_other_interface_alone() -> None:
    def scenario(program: Program) -> Result:
        attached(program, "--ipaddress=10.0.0.1/24")
        program("add-port", "br-int", "eth1", "c1", "--ipaddress=10.0.1.1/24")
        return program("del-port", *PLACE)

    by_ours, by_script = both(scenario)
    assert by_ours == by_script
    assert (by_ours.outcome, by_ours.host["bridge"]["br-int"]["ports"]) == ((0, "", ""), ["br-int", "c1/eth1"])


def test_a_detached_interface_can_be_attached_again() -> None:
    attached(ours, "--ipaddress=10.0.0.1/24")
    again = [ours("del-port", *PLACE), ours("add-port", *PLACE, "--ipaddress=10.0.0.1/24")]
    assert again == [Result(0, "", "")] * 2
