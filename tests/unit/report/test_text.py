"""How outcomes and errors look."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker import errors
from ovs_docker.errors import Error, Interrupted
from ovs_docker.parse.readers import trunks
from ovs_docker.report import text as report
from ovs_docker.report.outcome import Outcome, SomeFailed, port_object
from tests.unit.samples import FIRST_END, MAC, ids_of, row
from tests.unit.strategies import vlans


def failed(error: BaseException, *undo_errors: Error) -> BaseException:
    error.undo_errors = list(undo_errors)  # type: ignore[attr-defined]
    return error


def test_a_table_shows_what_people_need() -> None:
    ids = ids_of("--ipaddress=10.0.0.2/24,2001:db8::2/64")
    ports = [
        port_object(row(ids=ids, port={"tag": 5, "trunks": ["set", [10, 20, 21, 22]]}), "up"),
        port_object(
            row(
                "0123456789abc_l",
                {"container_id": "c1", "container_iface": "mgt"},
                interface={"ofport": -1, "error": "could not open network device"},
                port={"trunks": ["set", [10, 11]]},
            ),
            state="error",
        ),
    ]
    assert report.table(ports) == [
        "BRIDGE  PORT             CONTAINER  INTERFACE  STATE  OFPORT  VLAN        MAC                ADDRESSES",
        f"br-int  {FIRST_END}  netsho1    eth0       up     5       5+10,20-22  {MAC}  10.0.0.2/24,2001:db8::2/64",
        "br-int  0123456789abc_l  c1         mgt        error  -1      10-11       -                  -"
        "  could not open network device",
    ]


@pytest.mark.parametrize(
    ("width", "header"),
    [
        (0, "BRIDGE PORT CONTAINER INTERFACE STATE OFPORT VLAN MAC ADDRESSES"),
        (200, "BRIDGE PORT CONTAINER INTERFACE STATE OFPORT VLAN MAC ADDRESSES"),
        (95, "BRIDGE PORT CONTAINER INTERFACE STATE OFPORT MAC ADDRESSES"),
        (80, "BRIDGE PORT CONTAINER INTERFACE STATE OFPORT ADDRESSES"),
        (20, "BRIDGE CONTAINER INTERFACE STATE ADDRESSES"),
    ],
)
def test_on_a_narrow_terminal_a_table_has_fewer_columns(width: int, header: str) -> None:
    lines = report.table([port_object(row(ids=ids_of("--ipaddress=10.0.0.2/24")), "up")], width)
    assert lines[0].split() == header.split()
    assert lines[1].split()[-1] == "10.0.0.2/24"


def test_what_is_not_known_is_a_dash() -> None:
    bare = row("0123456789abc_l", {"container_id": "c1"}, interface={"ofport": ["set", []]})
    assert report.table([port_object(bare, state="gone")])[1].split() == [
        *("br-int", "0123456789abc_l", "c1", "-", "gone", "-", "-", "-", "-"),
    ]


@pytest.mark.parametrize(
    ("tag", "vlans", "cell"),
    [
        (["set", []], [], "-"),
        (0, [], "0"),
        (5, [], "5"),
        (["set", []], [10, 12], "10,12"),
        (0, [1, 2, 3], "0+1-3"),
    ],
)
def test_the_vlan_cell_tells_tag_and_trunks(tag: Any, vlans: list[int], cell: str) -> None:
    port = port_object(row(port={"tag": tag, "trunks": ["set", vlans]}), "up")
    assert report.table([port])[1].split()[6] == cell


@given(st.lists(vlans, min_size=1, unique=True))
def test_ranges_read_back_as_the_vlans_they_stand_for(found: list[int]) -> None:
    assert trunks(report.ranges(found)) == tuple(sorted(found))


def test_ranges_are_short() -> None:
    assert report.ranges([24, 10, 20, 22, 21]) == "10,20-22,24"


def test_success_has_the_envelope() -> None:
    assert report.success("list-ports", Outcome([{"port": "x"}], ["line"], ["warning"])) == {
        "version": 1,
        "command": "list-ports",
        "status": "success",
        "data": [{"port": "x"}],
        "errors": [],
    }


def test_a_failure_has_the_envelope_with_all_that_could_not_be_undone() -> None:
    error = failed(errors.KernelRefused("no", "do so"), errors.TimedOut("no answer"))
    assert report.failure("add-port", error) == {
        "version": 1,
        "command": "add-port",
        "status": "error",
        "data": [],
        "errors": [
            {"code": "kernel-refused", "message": "no", "hint": "do so"},
            {"code": "timeout", "message": "no answer", "hint": ""},
        ],
    }


def test_an_interruption_is_told_in_json_too() -> None:
    assert report.failure("add-port", Interrupted(2))["errors"] == [
        {"code": "interrupted", "message": "interrupted", "hint": ""}
    ]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (errors.UsageError('unknown command "x" (use --help for help)'), 'unknown command "x" (use --help for help)'),
        (
            errors.AlreadyAttached("c1", "eth1"),
            "Port already attached for CONTAINER=c1 and INTERFACE=eth1",
        ),
        (
            errors.NotAttached("c1", "eth1"),
            "Failed to find any attached port for CONTAINER=c1 and INTERFACE=eth1",
        ),
        (
            errors.NoSuchContainer("c1"),
            "Failed to get the PID of the container c1: no such container (docker ps -a lists all containers)",
        ),
        (
            errors.InterfaceExists("eth1", "c1"),
            "interface eth1 already exists in container c1 "
            "(choose another INTERFACE, or remove that one from the container)",
        ),
        (errors.NoPermission("do it"), "no permission to do it (run ovs-docker as root)"),
        (errors.BadValue("--mtu=1: too small"), "--mtu=1: too small"),
        (errors.TimedOut("two\nlines", "a\thint"), "two lines (a hint)"),
        (Interrupted(2), "interrupted"),
    ],
)
def test_an_error_is_one_line(error: BaseException, line: str) -> None:
    assert report.lines("ovs-docker", error) == [f"ovs-docker: {line}"]


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("not enough arguments (use --help for help)", "not enough arguments (use --help for help)"),
        ('unknown option "--foo"', 'unknown option "--foo"'),
    ],
)
def test_a_usage_error_names_the_verb_as_the_script_did(message: str, line: str) -> None:
    error = errors.UsageError(message, verb="add-port")
    assert report.lines("my-docker", error) == [f"my-docker add-port: {line}"]


def test_what_could_not_be_undone_has_a_line_each() -> None:
    error = failed(Error("first"), errors.KernelRefused("link stays", "ip link delete it"), Error("row stays"))
    assert report.lines("ovs-docker", error) == [
        "ovs-docker: first",
        "ovs-docker: could not undo: link stays (ip link delete it)",
        "ovs-docker: could not undo: row stays",
    ]


def placed(error: Error, place: str) -> Error:
    error.place = place
    return error


SOME = SomeFailed(
    [
        placed(errors.BadValue("--mtu=1: too small"), "ports[1] (container c1)"),
        placed(errors.NoSuchContainer("c7"), "ports[7] (container c7)"),
    ],
    "2 of 9 ports not attached",
    [{"port": "a_l"}],
)


def test_an_error_says_which_of_many_ports_it_is_about() -> None:
    error = placed(errors.BadValue("mtu=1: too small"), "lab.yaml:7: ports[1] (container c1)")
    assert report.lines("ovs-docker", error) == ["ovs-docker: lab.yaml:7: ports[1] (container c1): mtu=1: too small"]


def test_of_some_that_failed_each_has_a_line_and_the_count_comes_last() -> None:
    assert report.lines("ovs-docker", SOME) == [
        "ovs-docker: ports[1] (container c1): --mtu=1: too small",
        "ovs-docker: ports[7] (container c7): Failed to get the PID of the container c7: no such container "
        "(docker ps -a lists all containers)",
        "ovs-docker: 2 of 9 ports not attached",
    ]


def test_of_some_that_failed_json_has_the_others_and_an_object_each() -> None:
    told = report.failure("add-ports", SOME)
    assert (told["status"], told["data"], [(error["code"], error["message"]) for error in told["errors"]]) == (
        "error",
        [{"port": "a_l"}],
        [
            ("bad-value", "ports[1] (container c1): --mtu=1: too small"),
            (
                "no-such-container",
                "ports[7] (container c7): Failed to get the PID of the container c7: no such container",
            ),
        ],
    )


def test_what_could_not_be_undone_for_some_is_told_too() -> None:
    some = SomeFailed([Error("first")], "1 of 2 ports not attached", [])
    failed(some.failures[0], Error("row stays"))
    assert report.lines("ovs-docker", some)[-1] == "ovs-docker: could not undo: row stays"
    assert [error["message"] for error in report.failure("add-ports", some)["errors"]] == ["first", "row stays"]


@given(st.text())
def test_whatever_an_error_quotes_it_is_one_line_that_can_be_printed(text: str) -> None:
    (line,) = report.lines("ovs-docker", errors.BadValue(f"label {text}"))
    assert line.isprintable()


def test_networks_are_a_table_by_dockers_names() -> None:
    one = {"network": "f" * 64, "name": "lab", "mode": "nat", "bridge": "br0", "tag": None, "subnets": ["10.0.0.0/8"]}
    two = {**one, "name": None, "tag": 7, "subnets": [], "mode": "flat"}
    assert report.networks_table([{**one, "endpoints": 3}, {**two, "endpoints": 0}]) == [
        "NETWORK       MODE  BRIDGE  VLAN  SUBNETS     ENDPOINTS",
        "lab           nat   br0     -     10.0.0.0/8  3",
        "ffffffffffff  flat  br0     7     -           0",
    ]
