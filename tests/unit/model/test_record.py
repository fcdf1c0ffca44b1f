"""The record as a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.model.record import KEYS, OURS, RESERVED, Record
from tests.unit.samples import ID, ids_of

keys = [*KEYS.values(), "who", "ovn-installed", "ovs-docker-ip-", "ovs-docker-ip-10.0.0.1"]
external_ids = st.dictionaries(st.sampled_from(keys), st.text(min_size=1) | st.just("true"))


@given(external_ids)
def test_what_is_read_is_written_back(ids: dict[str, str]) -> None:
    assert Record.read(ids).external_ids == ids


def test_only_rows_that_bear_our_mark_are_ours() -> None:
    marks = [ids_of(), {}, {"owner": "somebody"}, {"container_id": "c1", "container_iface": "eth0"}]
    assert [Record.read(ids).is_ours for ids in marks] == [True, False, False, False]


def test_a_record_of_the_script_may_be_anybodys() -> None:
    assert [Record(full_id=of).is_of(ID) for of in ("", ID, "f" * 64)] == [True, True, False]


@pytest.mark.parametrize(
    ("word", "called"), [("web", True), ("typed", True), (ID, True), (ID[:12], True), (ID[:11], False)]
)
def test_a_container_is_called_by_its_names_and_ids(word: str, called: bool) -> None:
    assert Record(typed="typed", name="web", full_id=ID, owner=OURS).is_called(word) is called


def test_ovn_says_itself_that_a_port_is_installed() -> None:
    assert [Record.read({"ovn-installed": said}).is_installed for said in ("true", "false")] == [True, False]


def test_each_address_has_a_key_of_its_own() -> None:
    ids = {"ovs-docker-ip-10.0.0.1": "true", "ovs-docker-ip-2001:db8::1": "true"}
    assert (Record.read(ids), Record(ips=("10.0.0.1", "2001:db8::1")).external_ids) == (
        Record(ips=("10.0.0.1", "2001:db8::1")),
        ids,
    )


def test_the_keys_of_the_record_are_the_documented_ones() -> None:
    assert sorted(RESERVED) == [
        "attached-mac",
        "container_id",
        "container_iface",
        "iface-id",
        "ovs-docker-addresses",
        "ovs-docker-bridge",
        "ovs-docker-dynamic",
        "ovs-docker-endpoint",
        "ovs-docker-engine",
        "ovs-docker-gateway",
        "ovs-docker-id",
        "ovs-docker-logical-switch",
        "ovs-docker-mtu",
        "ovs-docker-name",
        "ovs-docker-network",
        "ovs-docker-ofport",
        "ovs-docker-port-security",
        "ovs-docker-ports",
        "ovs-docker-routes",
        "ovs-docker-trunks",
        "ovs-docker-tx-queue-len",
        "ovs-docker-vhost-user",
        "ovs-docker-vlan",
        "owner",
    ]
