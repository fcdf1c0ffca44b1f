"""Whether a port works, is live, is ours; what it is called at OVN."""

import pytest

from ovs_docker.model.port import Bridge
from tests.unit.samples import EMPTY, FIRST_END, add_port, ids_of, row


@pytest.mark.parametrize(
    ("columns", "host_ends", "live"),
    [
        ({}, [FIRST_END], True),
        ({}, [], False),
        ({}, [FIRST_END + "x"], False),
        ({"ofport": -1}, [FIRST_END], False),
        ({"ofport": EMPTY}, [FIRST_END], False),
        ({"error": "could not open network device"}, [FIRST_END], False),
    ],
)
def test_a_port_is_live_if_vswitchd_serves_it_and_its_host_end_is_there(
    columns: dict[str, object], host_ends: list[str], live: bool
) -> None:
    assert row(interface=columns).is_live(host_ends) is live


VHOST_USER = {"type": "dpdkvhostuserclient", "options": ["map", [["vhost-server-path", "/run/vhost/eth0.sock"]]]}


@pytest.mark.parametrize(
    ("columns", "live"),
    [
        (VHOST_USER, True),
        (VHOST_USER | {"ofport": -1}, False),
        (VHOST_USER | {"options": ["map", [["tx-retries-max", "0"], *VHOST_USER["options"][1]]]}, True),
        (VHOST_USER | {"options": ["map", [["vhost-server-path", "/run/other.sock"]]]}, False),
        ({}, False),
    ],
)
def test_a_vhost_user_port_is_live_without_a_device_if_it_has_the_recorded_socket(
    columns: dict[str, object], live: bool
) -> None:
    port = row(ids=ids_of("--vhost-user=/run/vhost"), interface=columns)
    assert (port.is_live([]), port.is_strange([]), port.takes_device) == (live, False, True)


def test_a_vhost_user_port_that_is_not_recorded_is_not_ours() -> None:
    assert not row(interface=VHOST_USER).takes_device


def test_a_port_is_strange_by_its_name_or_its_device() -> None:
    ours = row()
    assert (ours.is_strange([]), ours.is_strange([FIRST_END]), ours._replace(name="eth5").is_strange([])) == (
        False,
        True,
        True,
    )


def test_the_iface_id_is_the_one_given_or_follows_from_container_and_interface() -> None:
    assert [add_port(*options).iface_id_in("web") for options in ([], ["--iface-id=lsp0"])] == ["web_eth0", "lsp0"]


@pytest.mark.parametrize(("datapath_type", "userspace"), [("", False), ("system", False), ("netdev", True)])
def test_only_netdev_forwards_in_userspace(datapath_type: str, userspace: bool) -> None:
    assert Bridge("uuid", "br0", "br0", datapath_type, None).in_userspace is userspace
