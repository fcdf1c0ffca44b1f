"""A file of ports: what it says, and where each thing that cannot be stands in it."""

import json
from typing import Any

import pytest

from ovs_docker.errors import BadValue
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.file import port_specs
from ovs_docker.parse.options import NAMES
from tests.unit.samples import SINGLE, add_port, together

TOPOLOGY = """\
defaults:
  bridge: br-int
  interface: eth0
  mtu: 1400
ports:
  - container: c1
    ipaddress: 10.0.0.2/24
  - {container: c2, ipaddress: [10.0.0.3/24, "2001:db8::3/64"], mtu: 1500}
  - container: c3
    interface: eth1
    route: [10.1.0.0/16, "10.2.0.0/16,10.0.0.1"]
    ipaddress: 10.0.0.4/24
    external-id: {who: me, why: 5}
"""


def read(text: str) -> list[PortSpec]:
    """Read a file as add-ports does, what its ports must not share included."""
    return together(port_specs("lab.yaml", text))


IT_TAKES = "(it takes a word or a list of words"


def refusal(text: str) -> str:
    with pytest.raises(BadValue) as refused:
        read(text)
    error = refused.value
    said = f"{error.place}: {error.message}" if error.place else error.message
    return f"{said} ({error.hint})" if error.hint else said


def asked(container: str, *options: str, interface: str = "eth0") -> PortSpec:
    """Return what add-port would read of the same, without a place."""
    return add_port(*options)._replace(container=container, interface=interface)


def test_a_file_says_what_the_command_line_says() -> None:
    assert [spec._replace(place="") for spec in read(TOPOLOGY)] == [
        asked("c1", "--ipaddress=10.0.0.2/24", "--mtu=1400"),
        asked("c2", "--ipaddress=10.0.0.3/24,2001:db8::3/64", "--mtu=1500"),
        asked(
            "c3",
            "--ipaddress=10.0.0.4/24",
            "--mtu=1400",
            "--route=10.1.0.0/16",
            "--route=10.2.0.0/16,10.0.0.1",
            "--external-id=who=me",
            "--external-id=why=5",
            interface="eth1",
        ),
    ]


def test_each_port_says_where_it_stands() -> None:
    assert [spec.place for spec in read(TOPOLOGY)] == [
        "lab.yaml:6: ports[0] (container c1)",
        "lab.yaml:8: ports[1] (container c2)",
        "lab.yaml:9: ports[2] (container c3)",
    ]


EVERYTHING = {
    "bridge": "br-int",
    "interface": "eth0",
    "container": "c1",
    **SINGLE,
    "gateway": "10.0.0.1",
    "route": "10.1.0.0/16,10.0.0.9",
    "external-id": "who=me",
}
OPTIONS = {name: text for name, text in EVERYTHING.items() if name not in ("bridge", "interface", "container")}


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_every_option_of_add_port_is_a_key(indent: int | str | None) -> None:
    (spec,) = read(json.dumps({"ports": [EVERYTHING]}, indent=indent))
    assert spec._replace(place="") == asked("c1", *(f"--{name}={text}" for name, text in OPTIONS.items()))


@pytest.mark.parametrize("key", EVERYTHING)
def test_every_key_may_be_a_default(key: str) -> None:
    port = {name: text for name, text in EVERYTHING.items() if name != key}
    text = json.dumps({"defaults": {key: EVERYTHING[key]}, "ports": [port]})
    assert [spec._replace(place="") for spec in read(text)] == [
        spec._replace(place="") for spec in read(json.dumps({"ports": [EVERYTHING]}))
    ]


def test_a_port_takes_a_default_back_with_an_empty_value() -> None:
    text = "defaults: {bridge: br-int, interface: eth0, mtu: 1400, vlan: 5}\nports: [{container: c1, mtu:, vlan: ''}]"
    assert [spec._replace(place="") for spec in read(text)] == [asked("c1")]


@pytest.mark.parametrize(
    ("key", "text", "field", "value"),
    [
        ("macaddress", "02:00:00:00:01:03", "mac", "02:00:00:00:01:03"),
        ("macaddress", "12:34:56:10:11:12", "mac", "12:34:56:10:11:12"),  # a number to base 60 in YAML 1.1
        ("container", "no", "container", "no"),
        ("container", "1e3", "container", "1e3"),
        ("container", "0123456789ab", "container", "0123456789ab"),
        ("iface-id", "null", "iface_id", "null"),
        ("trunks", "[10, 20-22]", "trunks", (10, 20, 21, 22)),
        ("vlan", "0", "tag", 0),
    ],
)
def test_values_are_taken_as_they_are_written(key: str, text: str, field: str, value: Any) -> None:
    port = {"bridge": "br-int", "interface": "eth0", "container": "c1"} | {key: text}
    (spec,) = read("ports:\n  - " + "\n    ".join(f"{name}: {written}" for name, written in port.items()))
    assert getattr(spec, field) == value


def test_no_ports_are_none() -> None:
    assert read("ports: []") == []


def test_an_anchor_may_be_used_again() -> None:
    text = (
        "ports:\n- &a {bridge: br-int, interface: eth0, container: c1}\n- {bridge: b, interface: i, container: &c c2}"
    )
    assert [spec.container for spec in read(text + "\n- {bridge: b, interface: j, container: *c}")] == [
        "c1",
        "c2",
        "c2",
    ]


KNOWN = f"known: {', '.join(['bridge', 'interface', 'container', *NAMES])}"
HEAD = "defaults: {bridge: br-int, interface: eth0}\nports:\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # the file
        ("", "lab.yaml: is empty (it needs a list under the key ports)"),
        ("# nothing\n", "lab.yaml: is empty (it needs a list under the key ports)"),
        ("- a", "lab.yaml:1: the file must be a mapping (key: value)"),
        ("just words", "lab.yaml:1: the file must be a mapping (key: value)"),
        ("{}", "lab.yaml: needs a list under the key ports"),
        ("ports:", "lab.yaml: needs a list under the key ports"),
        ("ports: {container: c1}", "lab.yaml: needs a list under the key ports"),
        ("ports: []\nport: []", "lab.yaml:2: the file: unknown key port (known: defaults, ports)"),
        ("ports: []\nports: []", "lab.yaml:2: the file: duplicate key ports"),
        ("ports: []\n{}: 1", "lab.yaml:2: the file: has a key that is not a word"),
        ("&a {*a : 1}", "lab.yaml:1: the file: has a key that is not a word"),
        ("ports: []\ndefaults: [mtu]", "lab.yaml:2: defaults must be a mapping (key: value)"),
        ("ports: []\ndefaults:\n  MTU: 5", f"lab.yaml:3: defaults: unknown key MTU ({KNOWN})"),
        # YAML
        ("ports: [", "lab.yaml:1: while parsing a flow node, expected the node content, but found '<stream end>'"),
        (
            "ports:\n\t- a",
            "lab.yaml:2: while scanning for the next token, found character '\\t' that cannot start any token",
        ),
        ("ports: []\n---\n", "lab.yaml:2: expected a single document in the stream, but found another document"),
        ("ports: *none", "lab.yaml:1: found undefined alias 'none'"),
        ("ports: []\0", "lab.yaml: is neither YAML nor JSON"),
        ('"\\UFFFFFFFF"', "lab.yaml: is neither YAML nor JSON"),
        ('"\\U00110000"', "lab.yaml: is neither YAML nor JSON"),
        pytest.param("[" * 100_000, "lab.yaml: is neither YAML nor JSON", id="deeply nested"),
        (
            '{"ports": [{"mtu": 5}',
            "lab.yaml:1: while parsing a flow sequence, expected ',' or ']', but got '<stream end>'",
        ),
        # a port's words
        ("ports:\n- a", "lab.yaml:2: ports[0] must be a mapping (key: value)"),
        (
            f"{HEAD}- {{}}\n",
            "lab.yaml:3: ports[0]: names no container (give it here or under defaults as container: NAME)",
        ),
        (
            "ports:\n- container: c1\n",
            "lab.yaml:2: ports[0] (container c1): names no bridge (give it here or under defaults as bridge: NAME)",
        ),
        (
            f"{HEAD}- {{container: c1, interface: }}",
            "lab.yaml:3: ports[0] (container c1): names no interface"
            " (give it here or under defaults as interface: NAME)",
        ),
        (
            f"{HEAD}- container: c1\n  interface: a/b",
            "lab.yaml:3: ports[0] (container c1): INTERFACE 'a/b': has characters that a device name cannot have",
        ),
        # a port's options
        (f"{HEAD}- container: c1\n  adress: x", f"lab.yaml:4: ports[0]: unknown key adress ({KNOWN})"),
        (f"{HEAD}- container: c1\n  mtu: 1\n  mtu: 2", "lab.yaml:5: ports[0]: duplicate key mtu"),
        (
            f"{HEAD}- container: c1\n  mtu: 1",
            "lab.yaml:4: ports[0] (container c1): mtu=1: needs a whole number from 68 to 65535",
        ),
        (f"{HEAD}- container: c1\n  mtu: {{}}", f"lab.yaml:4: ports[0]: mtu has an invalid value {IT_TAKES})"),
        (f"{HEAD}- container: c1\n  mtu: [[1]]", f"lab.yaml:4: ports[0]: mtu has an invalid value {IT_TAKES})"),
        (
            f"{HEAD}- container: c1\n  external-id: {{a: []}}",
            f"lab.yaml:4: ports[0]: external-id has an invalid value {IT_TAKES}, or KEY: VALUE pairs)",
        ),
        (
            f"{HEAD}- &a {{external-id: *a}}",
            f"lab.yaml:3: ports[0]: external-id has an invalid value {IT_TAKES}, or KEY: VALUE pairs)",
        ),
        (
            f"{HEAD}- container: c1\n  external-id: {{owner: me}}",
            "lab.yaml:4: ports[0] (container c1): external-id=owner=me: owner is part of ovs-docker's own record",
        ),
        (
            f"{HEAD}- container: c0\n- container: c1\n  ipaddress: 10.0.0.2/24\n  gateway: 10.1.0.1",
            "lab.yaml:6: ports[1] (container c1): gateway=10.1.0.1: outside of --ipaddress=10.0.0.2/24 "
            "(10.0.0.0/24 holds 10.0.0.0 to 10.0.0.255)",
        ),
        (
            "defaults:\n  vlan: 4096\nports:\n- {bridge: b, interface: i, container: c1}",
            "lab.yaml:2: ports[0] (container c1): vlan=4096: needs a whole number from 0 to 4095",
        ),
        pytest.param(
            f"{HEAD}- container: c1\n  mtu: {'9' * 5000}",
            f"lab.yaml:4: ports[0] (container c1): mtu={'9' * 5000}: needs a whole number from 68 to 65535",
            id="a number of 5000 digits",
        ),
        # ports together
        (
            f"{HEAD}- container: c1\n- container: c1",
            "lab.yaml:4: ports[1] (container c1): "
            "interface eth0 of container c1 is already used by lab.yaml:3: ports[0] (container c1)",
        ),
        (
            f"{HEAD}- {{container: c1, ipaddress: 10.0.0.2/24}}\n- {{container: c2, ipaddress: 10.0.0.2/16}}",
            "lab.yaml:4: ports[1] (container c2): "
            "address 10.0.0.2 is already used by lab.yaml:3: ports[0] (container c1)",
        ),
    ],
)
def test_what_cannot_be_is_said_with_its_place(text: str, said: str) -> None:
    assert refusal(text) == said


MERGED = """\
x-lab: &lab {bridge: br-int, interface: eth0}
x-small: &small {mtu: 1400, vlan: 7, external-id: {who: me}}
ports:
  - {<<: *lab, container: c1}
  - container: c2
    <<: [*small, {mtu: 9000, bridge: br-ex, interface: eth1}]
    vlan: 5
  - {<<: *lab, container: c3, external-id: {<<: {who: me}, why: 5}}
"""


def test_merge_keys_are_read_and_own_keys_count() -> None:
    assert [spec._replace(place="") for spec in read(MERGED)] == [
        asked("c1"),
        asked("c2", "--mtu=1400", "--vlan=5", "--external-id=who=me", interface="eth1")._replace(bridge="br-ex"),
        asked("c3", "--external-id=why=5", "--external-id=who=me"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ports:\n- <<: c1\n", "lab.yaml:2: ports[0]: << takes a mapping, e.g. *base"),
        ("ports:\n- &a {<<: *a, container: c1}\n", "lab.yaml:2: ports[0] (container c1): names no bridge"),
        ("ports:\n- {'<<': {mtu: 1}}\n", "lab.yaml:2: ports[0]: unknown key <<"),
    ],
)
def test_a_merge_that_cannot_be_is_refused(text: str, said: str) -> None:
    assert refusal(text).startswith(said)


def test_aliases_of_aliases_take_no_time() -> None:
    levels = "".join(f"x-{n + 1}: &a{n + 1} {{<<: [{', '.join([f'*a{n}'] * 9)}]}}\n" for n in range(30))
    text = f"x-0: &a0 {{bridge: br-int, interface: eth0}}\n{levels}ports: [{{<<: *a30, container: c1}}]\n"
    assert [spec._replace(place="") for spec in read(text)] == [asked("c1")]
