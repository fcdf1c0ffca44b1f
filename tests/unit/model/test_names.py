"""The names that others see."""

import random
import re

from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.model import names

ids = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64)
interfaces = st.text(min_size=1, max_size=15)


@given(ids, interfaces)
def test_a_host_end_has_the_scripts_form_and_fits_a_device_name(container: str, interface: str) -> None:
    name = names.host_end(names.owner(container, interface))
    assert (bool(re.fullmatch(r"[0-9a-f]{13}_l", name)), names.is_host_end(name)) == (True, True)


@given(ids, interfaces)
def test_a_host_end_follows_from_container_and_interface(container: str, interface: str) -> None:
    assert names.host_end(names.owner(container, interface)) == names.host_end(names.owner(container, interface))


def test_host_ends_stay_what_they_are() -> None:
    """A pair that an interrupted call of an older version left must be found."""
    assert [names.host_end(names.owner("c474a0e2830e" * 5 + "beef", name)) for name in ("eth0", "eth1")] == HOST_ENDS


HOST_ENDS = ["754c30c0e9065_l", "754c30c0f9065_l"]


@given(ids, interfaces, st.integers(1, 5))
def test_a_host_end_steps_over_taken_names(container: str, interface: str, count: int) -> None:
    taken: list[str] = []
    for _ in range(count):
        taken.append(names.host_end(names.owner(container, interface), taken))
    assert len(set(taken)) == count


def test_a_hundred_thousand_interfaces_have_as_many_host_ends() -> None:
    dice = random.Random(1)
    pairs = {(f"{dice.getrandbits(256):064x}", f"eth{dice.randrange(10)}") for _ in range(100_000)}
    assert len({names.host_end(names.owner(*pair)) for pair in pairs}) == len(pairs)


def test_the_interfaces_of_one_container_have_host_ends_of_their_own() -> None:
    container = "0123456789abcdef" * 4
    found = {end for n in range(10_000) for end in names.two_host_ends(names.owner(container, f"eth{n}"))}
    assert len(found) == 20_000


def test_other_devices_are_no_host_ends() -> None:
    others = ["eth0", "br-int", "0123456789abc_c", "0123456789ab_l", "0123456789abcd_l", "0123456789ABC_l", "_l", ""]
    assert [names.is_host_end(name) for name in others] == [False] * len(others)


def test_the_default_iface_id_is_container_name_and_interface() -> None:
    assert names.iface_id("netsho1", "eth0") == "netsho1_eth0"


@given(ids, interfaces)
def test_a_stale_ports_replacement_has_the_other_of_two_names(container: str, interface: str) -> None:
    owner = names.owner(container, interface)
    first = names.host_end(owner)
    assert names.two_host_ends(owner) == (first, names.host_end(owner, [first]))
