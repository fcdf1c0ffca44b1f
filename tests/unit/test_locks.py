"""What locks are called: one for each owner and each logical switch."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ovs_docker import locks
from ovs_docker.model import names

NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
"""RFC 7047 section 3.1, <id>."""


@given(st.text(min_size=1))
def test_a_lock_has_a_name_that_ovsdb_accepts(name: str) -> None:
    assert NAME.fullmatch(locks.of_owner(name)) and NAME.fullmatch(locks.of_logical_switch(name))


def test_a_lock_is_for_one_interface_of_one_container() -> None:
    owners = [names.owner(container, interface) for container in ("a" * 64, "b" * 64) for interface in ("x", "y")]
    assert len({*map(locks.of_owner, owners), locks.of_owner(owners[0])}) == 4


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_port_and_a_logical_switch_never_share_a_lock(owner: str, switch: str) -> None:
    assert locks.of_owner(owner) != locks.of_logical_switch(switch)
