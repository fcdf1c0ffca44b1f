"""add-port's words: names of interfaces and bridges."""

import pytest

from ovs_docker.errors import BadValue
from ovs_docker.parse.spec import check_interface, port_spec


def refusal(bridge: str, interface: str) -> str | None:
    try:
        port_spec((bridge, interface, "c1"), {})
    except BadValue as error:
        return error.message
    return None


@pytest.mark.parametrize("name", ["eth0", "group_1", "veno1", "mgt", "br-int", "a" * 15, "é" * 7, "eth0.5", "...", "@"])
def test_any_legal_name_of_15_bytes_is_an_interface(name: str) -> None:
    assert refusal("br-int", name) is None


@pytest.mark.parametrize("name", ["a" * 16, "é" * 8, "\udcff" * 16, "\ud800" * 16])
def test_an_interface_longer_than_15_bytes_is_refused(name: str) -> None:
    assert refusal("br-int", name) == f"INTERFACE {name}: longer than 15 bytes"


@pytest.mark.parametrize(
    "name", [".", "..", "a/b", "a:b", "a%d", "a b", "a\tb", "a\xa0b", "a\nb", "a\0b", "\udcff", "\ud800"]
)
def test_an_interface_with_illegal_characters_is_refused(name: str) -> None:
    assert refusal("br-int", name) == f"INTERFACE {name!r}: has characters that a device name cannot have"


@pytest.mark.parametrize("name", ["br-int", "br0", "ovs.br", "a" * 15, "b:1"])
def test_a_bridge_has_a_device_name(name: str) -> None:
    assert refusal(name, "eth0") is None


@pytest.mark.parametrize("name", ["a" * 16, "a/b", "a\\b", "a b", "a\nb"])
def test_a_bridge_that_cannot_be_is_refused(name: str) -> None:
    assert refusal(name, "eth0") == f"BRIDGE {name!r}: is not a valid bridge name"


def test_the_three_words_stand_in_the_spec() -> None:
    assert port_spec(("br-int", "eth0", "c1"), {})[:3] == ("br-int", "eth0", "c1")


@pytest.mark.parametrize("name", ["all", "default"])
def test_the_names_of_the_kernels_settings_are_no_interface(name: str) -> None:
    assert refusal("br-int", name) == f"INTERFACE {name}: the kernel reserves this name"


def test_an_interface_can_be_checked_alone() -> None:
    with pytest.raises(BadValue):
        check_interface("a/b")


def test_half_a_character_as_json_can_write_it_is_no_bridge() -> None:
    assert refusal("\ud800", "eth0") == "BRIDGE '\\ud800': is not a valid bridge name"
