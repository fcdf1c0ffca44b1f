"""The schema says to editors what the reader says to everybody."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ovs_docker.errors import BadValue
from ovs_docker.parse.file import port_specs
from ovs_docker.parse.options import NAMES
from ovs_docker.parse.schema import schema

SCHEMA = schema()
WORDS = {"bridge": "br-int", "interface": "eth0", "container": "c1"}


def accepted(data: Any) -> tuple[bool, bool]:
    """Say whether the schema and the reader accept a file."""
    try:
        port_specs("f", json.dumps(data))
        read = True
    except BadValue:
        read = False
    return Draft202012Validator(SCHEMA).is_valid(data), read


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_it_has_the_keys_that_there_are() -> None:
    assert sorted(SCHEMA["$defs"]["port"]["properties"]) == sorted([*WORDS, *NAMES])


GOOD: list[dict[str, Any]] = [
    {},
    {"ipaddress": "10.0.0.2/24", "gateway": "10.0.0.1"},
    {"ipaddress": ["10.0.0.2/24", "2001:db8::2/64"], "gateway": ["10.0.0.1", "2001:db8::1"]},
    {"ipaddress": "10.0.0.2/24", "route": ["10.1.0.0/16", "10.2.0.0/16,10.0.0.1"]},
    {"ipaddress": "10.0.0.2/24", "route": "10.1.0.0/16"},
    {"macaddress": "02:00:00:00:01:03", "mtu": 1400, "vlan": 5, "ofport": 7},
    {"mtu": "1400", "vlan": "0", "trunks": "10,20-29"},
    {"trunks": [10, "20-29"]},
    {"trunks": 5},
    {"iface-id": "lsp1", "datapath-type": "netdev"},
    {"external-id": {"who": "me", "why": 5}},
    {"external-id": "who=me"},
    {"external-id": ["who=me", "why=5"]},
    {"logical-switch": "ls0", "ipaddress": "dynamic", "port-security": True},
    {"logical-switch": "ls0", "port-security": "false"},
    {"container": 123456789012, "interface": 1, "bridge": 2},
]
BAD: list[dict[str, Any]] = [
    {"adress": "10.0.0.2/24"},
    {"may-exist": True},
    {"mtu": {"bytes": 1400}},
    {"mtu": [[1400]]},
    {"interface": "a" * 16},
    {"bridge": "a" * 16},
    {"datapath-type": "dpdk"},
    {"external-id": {"who": ["me"]}},
    {"ipaddress": {"v4": "10.0.0.2/24"}},
    {"vlan": None},
    {"logical-switch": "ls0", "port-security": "yes"},
    {"vlan": True},
]


@pytest.mark.parametrize("port", GOOD, ids=json.dumps)
def test_schema_and_reader_accept_the_same(port: dict[str, Any]) -> None:
    assert accepted({"ports": [WORDS | port]}) == (True, True)


@pytest.mark.parametrize("port", BAD, ids=json.dumps)
def test_schema_and_reader_refuse_the_same(port: dict[str, Any]) -> None:
    assert accepted({"ports": [WORDS | port]}) == (False, False)


@pytest.mark.parametrize(
    ("data", "fine"),
    [
        ({"ports": []}, True),
        ({"defaults": {}, "ports": []}, True),
        ({"defaults": {"mtu": 1400}, "ports": [WORDS]}, True),
        ({"defaults": {"MTU": 1400}, "ports": [WORDS]}, False),
        ({"defaults": []}, False),
        ({}, False),
        ([], False),
        ("ports", False),
        ({"ports": WORDS}, False),
        ({"ports": [WORDS], "version": 1}, False),
    ],
    ids=json.dumps,
)
def test_the_file_as_a_whole_has_one_form(data: Any, fine: bool) -> None:
    assert accepted(data) == (fine, fine)


def test_every_option_is_explained_in_the_editor() -> None:
    assert [key for key, of in SCHEMA["$defs"]["port"]["properties"].items() if "description" not in of] == []
