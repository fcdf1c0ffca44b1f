"""What sync does about which port."""

import pytest

from ovs_docker.errors import BadValue
from ovs_docker.model.container import Listed
from ovs_docker.model.port import PortRow
from ovs_docker.model.record import KEYS
from ovs_docker.plan import sync as plan_sync
from ovs_docker.resolve.survey import Survey
from tests.unit.planning import said
from tests.unit.samples import FIRST_END, ID, add_port, ids_of, row

RUNS, STOPPED = Listed(ID, "netsho1", True), Listed(ID, "netsho1", False)
LINKS = {FIRST_END: 7}
OURS = row()
REFUSED = row(interface={"ofport": -1, "error": "could not open network device"})
UNSEEN = row(interface={"ofport": ["set", []]})
SCRIPTS = row(ids={"container_id": "netsho1", "container_iface": "eth0"})
FOREIGN = row(ids=ids_of() | {"owner": "somebody"})
RENAMED = row("veth0")


def decided(row: PortRow, listed: Listed | None, links: dict[str, int], adopt: bool = False) -> str:
    """Say what is done about a port."""
    survey = Survey([row], {listed.id: listed} if listed else {}, links, [])
    decision = plan_sync.decide(survey, adopt)
    return " ".join(what for what, rows in decision._asdict().items() if rows == [row])


@pytest.mark.parametrize(
    ("there", "listed", "links", "done"),
    [
        # ours
        (OURS, RUNS, LINKS, ""),
        (OURS, RUNS, {}, "restore"),
        (REFUSED, RUNS, LINKS, "restore"),
        (UNSEEN, RUNS, LINKS, "restore"),
        (OURS, STOPPED, LINKS, ""),
        (OURS, STOPPED, {}, ""),
        (REFUSED, STOPPED, {}, ""),
        (OURS, None, LINKS, "remove"),
        (OURS, None, {}, "remove"),
        (OURS, Listed("another", "netsho1", True), {}, "remove"),
        # not ours
        (SCRIPTS, RUNS, {}, ""),
        (SCRIPTS, None, {}, ""),
        (FOREIGN, RUNS, {}, ""),
        (FOREIGN, None, {}, ""),
        (RENAMED, RUNS, {}, ""),
        (RENAMED, None, {}, ""),
    ],
)
def test_a_port_is_left_alone_restored_or_removed(
    there: PortRow, listed: Listed | None, links: dict[str, int], done: str
) -> None:
    assert decided(there, listed, links) == done


@pytest.mark.parametrize(
    ("there", "links", "done"),
    [(SCRIPTS, LINKS, "adopt"), (SCRIPTS, {}, ""), (OURS, LINKS, ""), (FOREIGN, LINKS, ""), (OURS, {}, "restore")],
)
def test_only_the_scripts_live_ports_are_adopted(there: PortRow, links: dict[str, int], done: str) -> None:
    assert decided(there, RUNS, links, adopt=True) == done


@pytest.mark.parametrize(
    ("container", "interface", "options", "about", "logical"),
    [
        ("netsho1", "eth0", [], True, False),
        (ID, "eth0", ["--logical-switch=ls0"], True, True),
        ("netsho1", "eth1", [], False, False),
        ("another", "eth0", ["--logical-switch=ls0"], False, True),
    ],
)
def test_a_wish_is_about_the_port_that_is_restored_under_that_name_or_id(
    container: str, interface: str, options: list[str], about: bool, logical: bool
) -> None:
    spec = add_port(*options)._replace(container=container, interface=interface)
    there = Survey([OURS], {ID: RUNS}, {}, [])
    (wish,) = plan_sync.with_rows([spec], plan_sync.decide(there, adopt=False), there)
    assert (wish, plan_sync.is_logical(wish)) == ((spec, OURS if about else None), logical)


def test_a_wish_waits_with_the_port_that_ovn_has_a_part_in() -> None:
    assert plan_sync.is_logical((add_port(), row(ids=ids_of("--logical-switch=ls0"))))


def test_a_port_is_restored_as_recorded_under_the_containers_full_id() -> None:
    there = row(ids=ids_of("--ipaddress=10.0.0.2/24", "--mtu=1400"), port={"tag": 5})
    spec = plan_sync.restored_spec(there, {ID: Listed(ID, "new-name", True)})
    assert (spec.container, spec.interface, spec.bridge, list(map(str, spec.addresses)), spec.mtu, spec.tag) == (
        *(ID, "eth0", "br-int", ["10.0.0.2/24"], 1400, 5),
    )
    assert spec.place == f"port {FIRST_END} (eth0 of container new-name)"


def test_a_record_that_cannot_be_read_is_told() -> None:
    with pytest.raises(BadValue) as refused:
        plan_sync.restored_spec(row(ids=ids_of() | {KEYS["addresses"]: "x"}), {})
    assert refused.value.message.startswith(f"the record of port {FIRST_END} cannot be read")


def test_stray_links_are_deleted_in_one_step() -> None:
    assert (plan_sync.clear({}), said(plan_sync.clear({"a_l": 1, "b_l": 2}))) == (
        [],
        [f"delete veth pair {name}, left over from an earlier add-port" for name in ("a_l", "b_l")],
    )


def test_an_adopted_port_gets_a_record() -> None:
    assert said(plan_sync.write_record(SCRIPTS, ids_of())) == [f"record port {FIRST_END}"]


@pytest.mark.parametrize(("recorded", "asked"), [("", "podman"), ("podman", ""), ("podman:1000", "podman")])
@pytest.mark.parametrize("links", [LINKS, {}], ids=["link", "no link"])
def test_a_port_of_another_engines_container_is_left_alone(recorded: str, asked: str, links: dict[str, int]) -> None:
    theirs = row(ids=ids_of() | ({KEYS["engine"]: recorded} if recorded else {}))
    there = Survey([theirs], {}, links, [], (asked,))
    assert plan_sync.decide(there, adopt=True) == plan_sync.Decision([], [], [])
    assert plan_sync.decide(there._replace(engines=(recorded,)), adopt=True).remove == [theirs]


@pytest.mark.parametrize(("number", "recorded"), [(1, True), (65279, True), (65280, False), (1 << 62, False)])
def test_a_number_that_no_port_can_have_is_not_recorded(number: int, recorded: bool) -> None:
    port = row(interface={"ofport": number})
    survey = Survey([port], {ID: RUNS}, LINKS, [])
    assert plan_sync.unnumbered(survey) == ([port] if recorded else [])
