"""What check says of a port's two ends."""

from pathlib import Path
from socket import AF_UNIX, socket
from typing import Any

import pytest

from ovs_docker.backends.kernel.dumps import Link
from ovs_docker.check.look import View
from ovs_docker.check.port import findings
from ovs_docker.check.vhost_user import is_there
from ovs_docker.model.container import Listed
from ovs_docker.model.record import KEYS
from ovs_docker.parse.recorded import spec_of
from ovs_docker.resolve.ends import ContainerEnd
from tests.unit.samples import EMPTY, ID, MAC, ids_of, row


@pytest.mark.parametrize(("engine", "hint"), [("", "docker start netsho1"), ("podman:1000", "podman start netsho1")])
def test_a_stopped_container_is_started_by_its_own_engine(engine: str, hint: str) -> None:
    recorded = ids_of() | ({KEYS["engine"]: engine} if engine else {})
    view = View(row(ids=recorded), Listed(ID, "netsho1", False), False, None, None, None)
    assert [(found.code, found.hint) for found in findings(view, {})][:1] == [("container-stopped", hint)]


@pytest.mark.parametrize(
    ("path", "there", "link", "codes"),
    [
        ("/run/v/eth0.sock", True, "up", []),
        ("/run/v/eth0.sock", True, "down", ["socket-not-connected"]),
        ("/run/v/eth0.sock", False, "down", ["no-socket"]),
        ("/run/other.sock", True, "up", ["socket-differs"]),
    ],
)
def test_a_vhost_user_port_needs_its_socket_and_a_connection(
    path: str, there: bool, link: str, codes: list[str]
) -> None:
    columns = {"type": "dpdkvhostuserclient", "options": ["map", [["vhost-server-path", path]]], "link_state": link}
    port = row(ids=ids_of("--vhost-user=/run/v"), interface=columns)
    bridge = Link(3, True, "02:00:00:00:00:01", 1500, 1000, None)
    view = View(port, Listed(ID, "netsho1", True), False, None, None, bridge, there)
    assert [found.code for found in findings(view, {})] == codes


RECORDED = {KEYS["bridge"]: "br-int", KEYS["tag"]: "5", KEYS["trunks"]: "10,20"}


@pytest.mark.parametrize(
    ("recorded", "port", "codes"),
    [
        (RECORDED, {"tag": 5, "trunks": ["set", [10, 20]]}, []),
        (RECORDED, {"tag": 0, "trunks": ["set", [10, 20]]}, ["vlan-differs"]),
        (RECORDED, {"tag": 5, "trunks": 10}, ["trunks-differs"]),
        (RECORDED | {KEYS["bridge"]: "br-1"}, {"tag": 5, "trunks": ["set", [10, 20]]}, ["bridge-differs"]),
        (RECORDED | {KEYS["tag"]: "x"}, {"tag": 5, "trunks": ["set", [10, 20]]}, ["record-unreadable"]),
        ({KEYS["bridge"]: "br-int"}, {"tag": 5}, ["vlan-differs"]),
        ({KEYS["bridge"]: "", KEYS["tag"]: "5"}, {"tag": 7}, []),  # written by nobody of ours
        ({KEYS["bridge"]: ""}, {"tag": 5}, []),
    ],
)
def test_bridge_and_vlans_are_compared_with_what_was_asked_for(
    recorded: dict[str, str], port: dict[str, Any], codes: list[str]
) -> None:
    found = row(ids=ids_of("--vhost-user=/run/v") | recorded, port=port)
    bridge = Link(3, True, "02:00:00:00:00:01", 1500, 1000, None)
    view = View(found, Listed(ID, "netsho1", False), False, None, None, bridge)
    assert [each.code for each in findings(view, {}) if not each.stopped] == codes


def test_a_hint_quotes_what_a_shell_would_take_apart() -> None:
    found = row(ids=ids_of() | {KEYS["bridge"]: "br-int", KEYS["interface"]: "a;b"}, port={"tag": 5})
    view = View(found, Listed(ID, "netsho1", False), False, None, None, None)
    assert findings(view, {})[-1].hint == "ovs-docker set-vlan br-int 'a;b' netsho1 none"


def test_a_port_is_rebuilt_where_it_is_now() -> None:
    found = spec_of(row(ids=ids_of() | RECORDED, port={"tag": 7, "trunks": EMPTY}))
    assert (found.bridge, found.tag, found.trunks) == ("br-int", 7, ())


def test_a_link_in_the_place_of_a_socket_is_no_socket(tmp_path: Path) -> None:
    """The container may write there, and could lead ovs-vswitchd to any socket of the host."""
    directory, link = tmp_path.resolve() / "app1", tmp_path.resolve() / "link"
    directory.mkdir()
    link.symlink_to("app1")
    with socket(AF_UNIX) as server:
        server.bind(str(tmp_path / "others.sock"))
        (directory / "eth0.sock").symlink_to("../others.sock")
        (directory / "eth1.sock").hardlink_to(tmp_path / "others.sock")
        found = [is_there(str(path)) for path in (directory / "eth1.sock", directory / "eth0.sock", link / "eth1.sock")]
    assert found == [True, False, False]


@pytest.mark.parametrize(
    ("recorded", "inside", "host", "hints"),
    [
        ("", 1500, 1500, []),
        ("", 1500, 1200, ["ovs-docker sync makes it as recorded"]),
        ("", 9000, 1500, ["del-port, then add-port --mtu=9000"]),
        ("", 9000, 1200, ["del-port, then add-port --mtu=9000"]),
        ("--mtu=9000", 9000, 1500, ["ovs-docker sync makes it as recorded"]),
    ],
)
def test_a_host_end_that_packets_do_not_fit_is_named(recorded: str, inside: int, host: int, hints: list[str]) -> None:
    end = Link(7, True, MAC, inside, 1000, 8)
    port = row(ids=ids_of(*[recorded] if recorded else []))
    host_end = end._replace(mtu=host, ifindex=8)
    view = View(port, Listed(ID, "netsho1", True), False, ContainerEnd(end, [], []), host_end, end)
    assert [found.hint for found in findings(view, {}) if found.code == "host-mtu-low"] == hints
