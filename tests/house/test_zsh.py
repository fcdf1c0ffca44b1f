"""zsh completes at a terminal what the grammar knows. What the other shells offer is in test_completions.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.checkout import program
from tests.house.terminal import Terminal

LINES = {
    "ovs-docker ch": "eck ",
    "ovs-docker --format=j": "son ",
    "ovs-docker -f t": "able ",
    "ovs-docker --db=u": "nix:",
    "ovs-docker --docker-host=t": "cp://",
    "ovs-docker list-ports --cont": "ainer=",
    "ovs-docker add-port --may": "-exist ",
    "ovs-docker sync --ad": "opt ",
    "ovs-docker set-vlan br-int eth1 netsho1 ": "none ",
    "ovs-docker -p ke": "y.pem ",
    "ovs-docker --db=unix:ke": "y.pem ",
}


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.pem").touch()
    opened = Terminal(program("zsh"), tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("line", LINES)
def test_zsh_completes(line: str, terminal: Terminal) -> None:
    assert terminal.completes(line, LINES[line])
