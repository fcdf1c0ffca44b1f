"""What check says of a port's two ends."""

import pytest

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
