"""What del-port, set-vlan and set-trunk decide."""

from typing import Any

import pytest

from ovs_docker.apply.changes import UpdateVlans
from ovs_docker.apply.runner import Step
from ovs_docker.plan import change as plan_changes
from tests.unit.planning import said
from tests.unit.samples import EMPTY, FIRST_END, row


def test_ports_and_links_go_and_then_vswitchd_is_waited_for() -> None:
    removal, confirmation = plan_changes.detach([row(), row("veth9")], {FIRST_END: 7}, wait=True)
    assert (said(removal), said(confirmation)) == (
        [
            f"remove port {FIRST_END} from bridge br-int",
            "remove port veth9 from bridge br-int",
            f"delete veth pair {FIRST_END}",
        ],
        ["wait until ovs-vswitchd has applied the change"],
    )


def test_without_waiting_nothing_is_confirmed() -> None:
    assert plan_changes.detach([row()], {}, wait=False)[1] == []


def test_many_ports_are_not_waited_for_as_closing_each_takes_vswitchd_its_time() -> None:
    assert [len(plan_changes.detach([row()] * ports, {}, wait=True)[1]) for ports in (9, 10)] == [1, 0]


def test_where_the_link_is_gone_only_the_port_is_removed() -> None:
    assert said(plan_changes.detach([row()], {}, wait=True)[0]) == [f"remove port {FIRST_END} from bridge br-int"]


def test_a_device_that_is_not_called_like_ours_is_left_alone() -> None:
    assert said(plan_changes.detach([row("veth9")], {"veth9": 9}, wait=True)[0]) == [
        "remove port veth9 from bridge br-int"
    ]


def columns(steps: list[Step]) -> dict[str, Any]:
    """Return the columns that the update changes."""
    (update, *_) = steps
    assert isinstance(update, UpdateVlans)
    return update.columns


@pytest.mark.parametrize(
    ("port", "tag", "changed"),
    [
        ({}, 5, {"tag": 5}),
        ({}, 0, {"tag": 0}),
        ({"tag": 4}, 5, {"tag": 5}),
        ({"tag": 4}, None, {"tag": EMPTY, "vlan_mode": EMPTY}),
        ({"trunks": ["set", [10, 20]]}, 5, {"tag": 5}),
        (
            {"tag": 4, "trunks": ["set", [10, 20]], "vlan_mode": "native-untagged"},
            5,
            {"tag": 5, "vlan_mode": "native-untagged"},
        ),
        (
            {"tag": 4, "trunks": 10, "vlan_mode": "native-untagged"},
            None,
            {"tag": EMPTY, "vlan_mode": EMPTY},
        ),
        ({"vlan_mode": "native-tagged"}, 5, {"tag": 5, "vlan_mode": "native-tagged"}),
    ],
)
def test_set_vlan_changes_these_columns(port: dict[str, Any], tag: int | None, changed: dict[str, Any]) -> None:
    assert columns(plan_changes.set_vlan(row(port=port), tag, True)) == changed


@pytest.mark.parametrize(
    ("port", "trunks", "changed"),
    [
        ({}, (10, 20), {"trunks": ["set", [10, 20]], "vlan_mode": EMPTY}),
        ({"tag": 5}, (10, 20), {"trunks": ["set", [10, 20]], "vlan_mode": "native-untagged"}),
        ({"tag": 0}, (10,), {"trunks": ["set", [10]], "vlan_mode": "native-untagged"}),
        ({"tag": 5, "vlan_mode": "native-untagged"}, (), {"trunks": EMPTY, "vlan_mode": EMPTY}),
        ({"tag": 5, "vlan_mode": "native-tagged"}, (10,), {"trunks": ["set", [10]], "vlan_mode": "native-tagged"}),
        ({"vlan_mode": "trunk"}, (), {"trunks": EMPTY, "vlan_mode": "trunk"}),
    ],
)
def test_set_trunk_changes_these_columns(
    port: dict[str, Any], trunks: tuple[int, ...], changed: dict[str, Any]
) -> None:
    assert columns(plan_changes.set_trunk(row(port=port), trunks, True)) == changed


def test_a_change_says_what_it_does_and_waits() -> None:
    plans = [
        plan_changes.set_vlan(row(), 5, True),
        plan_changes.set_vlan(row(), 0, False),
        plan_changes.set_vlan(row(), None, False),
        plan_changes.set_trunk(row(), (10, 20), True),
        plan_changes.set_trunk(row(), (), False),
    ]
    port, wait = f"port {FIRST_END} of bridge br-int", "wait until ovs-vswitchd has applied the change"
    assert [said(steps) for steps in plans] == [
        [f"set tag 5 on {port}", wait],
        [f"set tag 0 on {port}"],
        [f"remove the VLAN tag from {port}"],
        [f"set trunks 10,20 on {port}", wait],
        [f"remove the trunks from {port}"],
    ]
