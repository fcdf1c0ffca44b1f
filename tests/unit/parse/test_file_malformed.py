"""Whatever a file holds, it is ports or one clear error: never a traceback, never half of it."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ovs_docker.errors import BadValue
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.file import port_specs
from ovs_docker.parse.options import NAMES
from ovs_docker.report.text import lines
from tests.unit.samples import together

KEYS = ("bridge", "interface", "container", *NAMES)


def read(text: str) -> list[PortSpec] | str:
    """Return the ports, or the line that is told instead."""
    try:
        return together(port_specs("f", text))
    except BadValue as error:
        (line,) = lines("ovs-docker", error)
        assert line.startswith("ovs-docker: f") and line.isprintable()
        return line


# --- text that nobody meant as a file ----------------------------------------------------------------------------

pieces = st.sampled_from(
    [
        *(
            "ports",
            "defaults",
            "container",
            "mtu",
            ": ",
            ":",
            "- ",
            "\n",
            "\n  ",
            "\t",
            "{",
            "}",
            "[",
            "]",
            ",",
            "'",
            '"',
        ),
        *("&a ", "*a", "!!int ", "!x ", "!<%ff>", "%YAML 1.2\n", "%TAG ! x\n", "---\n", "...", "|\n ", ">-\n ", "? "),
        *("# ", "\\x", '"\\UFFFFFFFF"', "~", "1e999", "9" * 400, "0x1f", "12:30:45", "<<", "é", "\ufeff", "\x85"),
    ]
)


@given(st.text() | st.lists(pieces, max_size=30).map("".join))
@example('"\\UFFFFFFFF"')
@example("&a {*a : 1}")
def test_any_text_is_ports_or_an_error(text: str) -> None:
    read(text)


@given(st.binary())
def test_any_bytes_that_are_text_are_ports_or_an_error(data: bytes) -> None:
    read(data.decode("utf-8", "ignore"))
    read(data.decode("latin-1"))


GOOD = """\
defaults: &d {bridge: br-int, interface: eth0, mtu: 1400}
ports:
  - container: c1
    ipaddress: [10.0.0.2/24, "2001:db8::2/64"]
    gateway: 10.0.0.1
  - {container: c2, vlan: 5, trunks: "10,20-29", external-id: {who: me}}
  - container: c3
    route: ["10.1.0.0/16,fe80::1"]
"""


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Cut pieces out of a good file and put others in."""
    text = draw(
        st.sampled_from([GOOD, json.dumps(yaml.safe_load(GOOD)), json.dumps(yaml.safe_load(GOOD), indent="\t")])
    )
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 10)))
        text = text[:start] + draw(pieces | st.text(max_size=3)) + text[end:]
    return text


@given(damaged())
def test_a_damaged_file_is_ports_or_an_error(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    "opening", ["[", "{a: ", "- ", "? ", "ports: [{external-id: {a: ", '{"ports": [', "!x [", "&a ["]
)
@pytest.mark.parametrize("depth", [10, 200, 20_000])
def test_a_deeply_nested_file_is_an_error(opening: str, depth: int) -> None:
    assert isinstance(read(opening * depth), str)


def test_aliases_are_not_multiplied() -> None:
    """A billion laughs: nine lines of ten references each would be 10⁹ values where they are expanded."""
    laughs = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))]
    assert read("\n".join(laughs)) == "ovs-docker: f:1: the file: unknown key a0 (known: defaults, ports)"


# --- well-formed, with anything for values -----------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("9" * 5000)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
ports = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), values, max_size=5)
files = st.fixed_dictionaries({"ports": st.lists(ports, max_size=3) | values}, optional={"defaults": ports | values})


@given(files | values)
def test_any_json_is_ports_or_an_error(data: Any) -> None:
    read(json.dumps(data))


@given(files)
def test_any_yaml_is_ports_or_an_error(data: Any) -> None:
    read(yaml.safe_dump(data))


# --- the two spellings -------------------------------------------------------------------------------------------

texts = {
    "bridge": st.sampled_from(["br-int", "br-ex"]),
    "interface": st.sampled_from(["eth0", "eth1"]),
    "container": st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,8}", fullmatch=True),
}
options = {
    "ipaddress": st.sampled_from(["10.0.0.2/24", "10.0.0.3", ["10.0.0.4/24", "2001:db8::4/64"], "x"]),
    "macaddress": st.sampled_from(["02:00:00:00:01:03", "12:34:56:10:11:12", "x"]),
    "mtu": st.integers(60, 70000) | st.integers(1280, 1500).map(str),
    "vlan": st.integers(-1, 4096),
    "trunks": st.sampled_from(["10,20-22", [10, "20-22"], 5, "22-20"]),
    "route": st.sampled_from(["10.1.0.0/16", ["10.1.0.0/16", "10.2.0.0/16,10.0.0.1"], []]),
    "external-id": st.sampled_from(["a=b", ["a=b", "c=d"], {"a": "b", "c": 5}, {}, "owner=me"]),
}
plain_files = st.fixed_dictionaries(
    {"ports": st.lists(st.fixed_dictionaries(texts, optional=options), max_size=4)},
    optional={"defaults": st.fixed_dictionaries({}, optional=options)},
)


def _without_places(read: list[PortSpec] | str) -> list[PortSpec] | None:
    """Return ports that compare by what they ask for; of an error, that there is one: the lines differ."""
    return None if isinstance(read, str) else [spec._replace(place="") for spec in read]


@given(plain_files)
def test_json_and_yaml_of_the_same_are_the_same_ports(data: dict[str, Any]) -> None:
    spellings = [
        json.dumps(data),
        json.dumps(data, separators=(",", ":")),
        json.dumps(data, indent=2),
        json.dumps(data, indent="\t"),
        yaml.safe_dump(data),
        yaml.safe_dump(data, default_flow_style=True),
        yaml.safe_dump(data, default_flow_style=False, explicit_start=True),
    ]
    first, *others = (_without_places(read(text)) for text in spellings)
    assert others == [first] * len(others)
