"""Values that cannot be: named with their option, before anything is touched.

What the kernel, Docker or Open vSwitch refuse is in the other test_failures files.
"""

import pytest

from tests.integration.support.commands import Result, ours
from tests.integration.support.containers import Container
from tests.integration.support.impossible import REFUSED, VLAN
from tests.integration.support.refusal import ADD, nothing_changed, refusal

NAMES = ("a" * 16, "é" * 8, "a/b", "a b", "a\n", "a\udcff", ".", "..", "a:b", "a%d")
BRIDGES = NAMES[:6]
"""Open vSwitch takes more names for a bridge than the kernel takes for a device."""


@pytest.mark.parametrize(("given", "reasons"), [pytest.param(*row, id=about) for about, *row in REFUSED])
def test_a_value_that_cannot_be_is_refused_by_name(
    bridge: str, c1: Container, given: tuple[str, ...], reasons: dict[str, str]
) -> None:
    with nothing_changed():
        said = {option: refusal(*ADD, *given, option) for option in reasons}
    assert said == {option: f"{_printed(option)}: {reason}" for option, reason in reasons.items()}


def test_an_interface_name_that_cannot_be_is_refused_by_name(bridge: str, c1: Container) -> None:
    with nothing_changed():
        said = {name: refusal("add-port", bridge, name, "c1") for name in NAMES}
    too_long, illegal = "longer than 15 bytes (the kernel allows no more)", "a device name cannot have"
    assert said == {
        name: f"INTERFACE {name}: {too_long}" if len(name) > 7 else f"INTERFACE {name!r}: has characters that {illegal}"
        for name in NAMES
    }


def test_a_bridge_name_that_cannot_be_is_refused_by_name(c1: Container) -> None:
    with nothing_changed():
        said = {name: refusal("add-port", name, "eth0", "c1") for name in BRIDGES}
    hint = "(up to 15 bytes, without slashes and blanks)"
    assert said == {name: f"BRIDGE {name!r}: is not a valid bridge name {hint}" for name in BRIDGES}


def test_a_container_name_that_cannot_be_is_no_container(bridge: str, c1: Container) -> None:
    names = ("../c1", "c1/json", "c1?size=1", "c 1", "c\udcff")
    with nothing_changed():
        said = {name: refusal("add-port", bridge, "eth0", name) for name in names}
    wrong = "no such container (docker ps -a lists all containers)"
    assert said == {name: f"Failed to get the PID of the container {_printed(name)}: {wrong}" for name in said}


def test_a_vlan_that_cannot_be_leaves_the_port_as_it_is(bridge: str, c1: Container) -> None:
    ours(*ADD, "--vlan=5", check=True)
    with nothing_changed():
        tags = {tag: refusal("set-vlan", bridge, "eth0", "c1", tag) for tag in ("4096", "abc", "1,2")}
        trunks = {vlans: refusal("set-trunk", bridge, "eth0", "c1", vlans) for vlans in ("4096", "10,", "a-b")}
    assert tags | trunks == {
        **{tag: f"VLAN {tag}: {VLAN}" for tag in tags},
        **{vlans: f"VLANS {vlans}: {VLAN}" for vlans in trunks},
    }


def test_an_address_that_the_kernel_refuses_is_named(bridge: str, c1: Container) -> None:
    options = ("--ipaddress=::1/128",)
    with nothing_changed():
        said = refusal(*ADD, *options)
    assert said == "--ipaddress=::1/128: the kernel refused it: Cannot assign requested address"


def test_a_route_that_the_kernel_refuses_is_named(bridge: str, c1: Container) -> None:
    route = "--route=10.0.0.0/24"  # the network of the address has this route already
    with nothing_changed():
        said = refusal(*ADD, "--ipaddress=10.0.0.2/24", route)
    assert said == f"{route}: the kernel refused it: File exists"


def test_a_timeout_of_millennia_is_only_long(bridge: str, c1: Container) -> None:
    assert ours(*ADD, "--timeout=99999999999") == Result(0, "", "")


def _printed(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()
