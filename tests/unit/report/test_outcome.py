"""What happened, as data."""

import pytest

from ovs_docker.report.outcome import Outcome, dry_run, port_object
from tests.unit.samples import EMPTY, FIRST_END, ID, MAC, ids_of, row


def test_a_dry_run_tells_the_steps_in_order() -> None:
    outcome = Outcome([{"port": "as it would be"}], warnings=["beware"], done=["attached it"])
    assert dry_run(outcome, ["sentence of a", "sentence of b"]) == Outcome(
        [{"step": "sentence of a"}, {"step": "sentence of b"}], ["sentence of a", "sentence of b"], ["beware"]
    )


def test_a_dry_run_without_steps_says_so() -> None:
    assert dry_run(Outcome([]), []) == Outcome([], ["nothing to do"], ())


@pytest.mark.parametrize("lines", [[], ["what there is"]])
def test_a_verb_that_tells_something_anyhow_tells_it_on_a_dry_run_too(lines: list[str]) -> None:
    outcome = Outcome([{"port": line} for line in lines], lines)
    assert dry_run(outcome, ["sentence of a"]) == outcome


def test_a_port_is_described_as_json_has_it() -> None:
    ids = ids_of("--ipaddress=10.0.0.2/24,2001:db8::2/64", "--mtu=1400")
    described = port_object(row(ids=ids, port={"tag": 5, "trunks": ["set", [10, 20]]}, interface={"mtu": 1400}), "up")
    assert described == {
        "bridge": "br-int",
        "port": FIRST_END,
        "container_id": "netsho1",
        "container_name": "netsho1",
        "interface": "eth0",
        "iface_id": "netsho1_eth0",
        "logical_switch": None,
        "mac": MAC,
        "addresses": ["10.0.0.2/24", "2001:db8::2/64"],
        "mtu": 1400,
        "tag": 5,
        "trunks": [10, 20],
        "ofport": 5,
        "state": "up",
        "error": None,
    }


def test_a_port_of_the_old_script_has_nulls_and_empty_lists() -> None:
    old = row(
        "0123456789abc_l",
        {"container_id": ID[:12], "container_iface": "eth1"},
        interface={"ofport": EMPTY, "mtu": EMPTY, "error": "gone"},
    )
    assert port_object(old, "error", "netsho1") == {
        "bridge": "br-int",
        "port": "0123456789abc_l",
        "container_id": ID[:12],
        "container_name": "netsho1",
        "interface": "eth1",
        "iface_id": None,
        "logical_switch": None,
        "mac": None,
        "addresses": [],
        "mtu": None,
        "tag": None,
        "trunks": [],
        "ofport": None,
        "state": "error",
        "error": "gone",
    }


def test_the_mtu_asked_for_is_told_while_vswitchd_says_none() -> None:
    assert port_object(row(ids=ids_of("--mtu=1400"), interface={"mtu": EMPTY}), "up")["mtu"] == 1400


def test_the_name_that_docker_tells_now_goes_before_the_recorded_one() -> None:
    assert port_object(row(), "up", "renamed")["container_name"] == "renamed"
