"""Container labels: what they ask for, and that malformed ones are one clear error."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.errors import BadValue
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.labels import PROJECT, port_specs
from ovs_docker.parse.options import NAMES
from ovs_docker.report.text import lines
from tests.unit.samples import add_port


def read(**labels: str) -> list[PortSpec]:
    """Read the labels ovs-docker.NAME of container netsho1."""
    return port_specs("netsho1", {f"ovs-docker.{name}": text for name, text in labels.items()})


def refusal(text: str, interface: str = "eth0") -> str:
    with pytest.raises(BadValue) as refused:
        port_specs("netsho1", {f"ovs-docker.{interface}": text})
    error = refused.value
    assert error.place == f"container netsho1, label ovs-docker.{interface}"
    return f"{error.message} ({error.hint})" if error.hint else error.message


def test_a_label_says_what_the_command_line_says() -> None:
    words = ["ipaddress=10.0.0.2/24,2001:db8::2/64", "mtu=1400", "vlan=5", "external-id=a=b", "route=10.1.0.0/16"]
    (spec,) = read(eth0=f"  bridge=br-int {' '.join(words)}\n route=10.2.0.0/16 external-id=c=")
    asked = add_port(*(f"--{word}" for word in words), "--route=10.2.0.0/16", "--external-id=c=")
    assert spec == asked._replace(place="container netsho1, label ovs-docker.eth0", called="netsho1")


def test_each_label_is_an_interface() -> None:
    found = [(spec.interface, spec.bridge) for spec in read(eth1="bridge=br-ex", eth0="bridge=br-int")]
    assert found == [("eth0", "br-int"), ("eth1", "br-ex")]


def test_other_labels_are_not_ours() -> None:
    assert port_specs("c1", {PROJECT: "lab", "ovs-docker": "x", "ovs-docker-eth0": "x", "": ""}) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no bridge (write bridge=NAME)"),
        ("mtu=1400", "names no bridge (write bridge=NAME)"),
        ("bridge=", "names no bridge (write bridge=NAME)"),
        ("br-int", f"br-int: unknown option (known: bridge, {', '.join(NAMES)})"),
        ("bridge=br-int mtu", "mtu: needs a value (write mtu=VALUE)"),
        ("bridge=a bridge=b", "bridge: given twice"),
        ("bridge=a mtu=1400 mtu=1400", "mtu: given twice"),
        ("bridge=a mtu=1", "--mtu=1: needs a whole number from 68 to 65535"),
        ("bridge=a/b", "BRIDGE 'a/b': is not a valid bridge name (up to 15 bytes, without slashes and blanks)"),
        ("bridge=a --mtu=1400", f"--mtu: unknown option (known: bridge, {', '.join(NAMES)})"),
    ],
)
def test_what_cannot_be_is_said_with_container_and_label(text: str, said: str) -> None:
    assert refusal(text) == said


@pytest.mark.parametrize(
    ("interface", "said"),
    [
        ("", "INTERFACE is empty"),
        ("a/b", "INTERFACE 'a/b': has characters that a device name cannot have"),
        ("a" * 16, f"INTERFACE {'a' * 16}: longer than 15 bytes (the kernel allows no more)"),
    ],
)
def test_an_interface_that_cannot_be_is_refused(interface: str, said: str) -> None:
    assert refusal("bridge=br-int", interface) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bridge=br-int, ipaddress=10.0.0.2/24", "bridge=br-int,: ends in a comma (separate options with blanks)"),
        ("bridge=br-int mtu=1400, vlan=5", "mtu=1400,: ends in a comma (separate options with blanks)"),
        (
            "bridge=br-int,mtu=1400",
            "BRIDGE 'br-int,mtu=1400': has a comma (separate options with blanks)",
        ),
    ],
)
def test_commas_do_not_separate_options(text: str, said: str) -> None:
    assert refusal(text) == said


words = st.sampled_from(
    ["bridge=br-int", "ipaddress=10.0.0.2/24", "mtu=1400", "vlan=5", "route=", "=", "mtu", "bridge="]
)
texts = st.text() | st.lists(words | st.text(max_size=5), max_size=5).map(" ".join)
interfaces = st.sampled_from(["eth0", "", ".", "eth 0"]) | st.text(max_size=17)


@given(st.dictionaries(interfaces.map("ovs-docker.".__add__) | st.text(max_size=12), texts, max_size=3))
def test_any_labels_are_ports_or_one_clear_error(labels: dict[str, str]) -> None:
    try:
        found = port_specs("netsho1", labels)
    except BadValue as error:
        (line,) = lines("ovs-docker", error)
        assert line.startswith("ovs-docker: container netsho1, label ovs-docker.") and line.isprintable()
    else:
        assert len(found) == sum(label.startswith("ovs-docker.") for label in labels)


def test_all_vlans_a_hundred_thousand_times_take_no_longer_than_the_label_is_long() -> None:
    began = process_time()
    (spec,) = port_specs("c1", {"ovs-docker.eth0": "bridge=br-int trunks=" + ",".join(["5-4095", "0-9"] * 100_000)})
    assert (spec.trunks, process_time() - began < 2) == (tuple(range(4096)), True)
