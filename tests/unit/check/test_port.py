"""What check says of a port's two ends."""

import pytest

from ovs_docker.backends.kernel.dumps import Link
from ovs_docker.check.look import View
from ovs_docker.check.port import findings
from ovs_docker.model.container import Listed
from ovs_docker.model.record import KEYS
from tests.unit.samples import ID, ids_of, row


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
