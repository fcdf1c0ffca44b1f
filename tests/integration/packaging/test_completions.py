"""The completions against real bridges, containers and ports; with stubs they are tested in tests/house."""

import pytest

from tests.house.completion import Shell, bash, fish
from tests.integration.support.commands import ours, ovs
from tests.integration.support.containers import Container

SHELLS = pytest.mark.parametrize("shell", [bash, fish], ids=["bash", "fish"])


@SHELLS
def test_bridges_containers_and_attached_interfaces_are_offered(
    shell: Shell, bridge: str, c1: Container, c2: Container
) -> None:
    ovs("add-br", "vlan9", bridge, "9")
    c2.stop()
    ours("add-port", bridge, "eth7", "c1", check=True)
    ours("add-port", "vlan9", "eth8", "c1", check=True)
    lines = {
        "add-port ": [bridge, "vlan9"],
        f"add-port {bridge} eth0 ": ["c1"],
        f"del-port {bridge} ": ["eth7", "eth8"],
        "del-port vlan9 ": ["eth8"],
        f"set-vlan {bridge} eth7 ": ["c1"],
        "get-port c1 ": ["eth7", "eth8"],
        "list-ports --container c": ["c1"],
    }
    assert {line: sorted(set(shell(f"ovs-docker {line}"))) for line in lines} == lines
