"""MAC addresses in the notations in use, with netaddr as oracle."""

import netaddr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.model.addresses import parse_mac, random_mac
from tests.unit.strategies import macs

DIALECTS = (
    netaddr.mac_unix,
    netaddr.mac_unix_expanded,
    netaddr.mac_eui48,
    netaddr.mac_cisco,
    netaddr.mac_bare,
)


@given(macs, st.sampled_from(DIALECTS), st.booleans())
def test_every_notation_of_a_mac_means_the_same(mac: str, dialect: type, upper: bool) -> None:
    text = str(netaddr.EUI(mac, dialect=dialect))
    assert parse_mac(text.upper() if upper else text.lower()) == mac


def test_the_notations_in_use_are_read() -> None:
    texts = ["02:00:00:00:01:03", "2:0:0:0:1:3", "02-00-00-00-01-03", "0200.0000.0103", "020000000103"]
    assert [parse_mac(text) for text in texts] == ["02:00:00:00:01:03"] * 5


@given(st.text(alphabet="0123456789abcdefABCDEF:-. ", max_size=20) | st.text(max_size=18))
def test_text_is_refused_by_a_value_error_or_means_what_netaddr_says(text: str) -> None:
    try:
        found = parse_mac(text)
    except ValueError:
        return
    assert found == str(netaddr.EUI(text, version=48, dialect=netaddr.mac_unix_expanded))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a MAC address like 02:00:00:00:01:03"),
        ("02:00:00:00:01", "is not a MAC address like 02:00:00:00:01:03"),
        ("02:00:00:00:01:03:04:05", "is not a MAC address like 02:00:00:00:01:03"),
        ("02:00:00:00:01:0g", "is not a MAC address like 02:00:00:00:01:03"),
        *(
            (text, "is not a MAC address like 02:00:00:00:01:03")
            for text in ("5", "02:00:00", "0200:0000:0103", "020000:000103", "02.00.00.00.01.03", "200.0.103")
        ),
        ("01:00:5e:00:00:01", "is a multicast (group) address; the first byte must be even"),
        ("ff:ff:ff:ff:ff:ff", "is a multicast (group) address; the first byte must be even"),
        ("00:00:00:00:00:00", "is all zero"),
    ],
)
def test_a_mac_that_no_interface_can_have_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_mac(text)
    assert str(refused.value) == reason


@given(st.binary(min_size=6, max_size=6))
def test_a_random_mac_is_local_unicast_and_keeps_the_other_bits(randomness: bytes) -> None:
    made = netaddr.EUI(random_mac(randomness))
    assert (made.words[0] & 0b11, made.words[0] >> 2, bytes(made.words[1:])) == (
        0b10,
        randomness[0] >> 2,
        randomness[1:],
    )
