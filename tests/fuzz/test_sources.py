"""Any file, any labels, any record: ports, or an error that says where."""

import contextlib
import json

import yaml
from hypothesis import strategies as st

from ovs_docker.errors import Error
from ovs_docker.model.port import PortSpec
from ovs_docker.model.record import KEYS, Record
from ovs_docker.parse import labels, together
from ovs_docker.parse.file import readable
from ovs_docker.parse.recorded import differences, spec_of
from tests.fuzz.calls import call
from tests.fuzz.examples import given
from tests.fuzz.values import json_values, port_options, scalars, texts
from tests.unit.samples import add_port, row

port_values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(texts, scalars, max_size=2)
port_keys = st.sampled_from(("bridge", "interface", "container")) | port_options | texts
ports = st.dictionaries(port_keys, port_values, max_size=6).map(
    lambda port: {"bridge": "br-int", "interface": "eth0", "container": "c1", **port}
)
files = st.fixed_dictionaries(
    {"ports": st.lists(ports | json_values, max_size=4) | json_values}, optional={"defaults": ports | json_values}
)


def read(text: str) -> None:
    """Read a file; an Error is an answer."""
    with contextlib.suppress(Error):
        specs, failures = readable("lab.yaml", text)
        assert all(isinstance(spec, PortSpec) for spec in specs)
        together.sift(specs, failures)


@given(st.binary(max_size=200))
def test_bytes_on_standard_input(data: bytes) -> None:
    call("add-ports", "--file=-", stdin=data)


@given(st.text(alphabet="{}[]:,-#&*!|>'\"%@` \t\n\\abUx0", max_size=60))
def test_punctuation(text: str) -> None:
    read(text)


@given(files | json_values)
def test_json(value: object) -> None:
    read(json.dumps(value))


@given(files | json_values)
def test_yaml(value: object) -> None:
    read(yaml.safe_dump(value, allow_unicode=True))


@given(st.sampled_from("[{-"), st.integers(1, 1200))
def test_deep_nesting(bracket: str, depth: int) -> None:
    read(f"ports: {bracket * depth}")


@given(st.dictionaries(st.text(max_size=12) | st.just("ovs-docker.eth0"), texts | st.text(), max_size=4))
def test_labels(found: dict[str, str]) -> None:
    with contextlib.suppress(Error):
        labels.port_specs("c1", found)


@given(st.lists(st.builds("{}={}".format, port_options | st.just("bridge"), texts), max_size=6))
def test_labels_of_known_options(words: list[str]) -> None:
    with contextlib.suppress(Error):
        labels.port_specs("c1", {"ovs-docker.eth0": " ".join(["bridge=br-int", *words])})


@given(st.dictionaries(st.sampled_from(sorted(KEYS.values())) | st.text(max_size=12), texts | st.text(), max_size=12))
def test_a_record(external_ids: dict[str, str]) -> None:
    found = row()._replace(record=Record.read(external_ids))
    with contextlib.suppress(Error):
        spec_of(found)
    with contextlib.suppress(Error):
        differences(add_port("--ipaddress=10.0.0.1/24"), found)
