"""zsh completes. Its completion cannot be asked from outside, so that it is watched at a terminal.

What the other shells offer is in test_completions.py.
"""

import os
import pty
import select
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.checkout import program
from tests.house.completion import ZSH, stubs

LINES = {
    "ovs-docker add-port br-i": "nt ",
    "ovs-docker --db=unix:/other add-port ": "br-other ",
    "ovs-docker add-port --mtu 1400 br-int eth0 netsho2": " ",
    "ovs-docker --dry-run del-port --if-exists br-int eth2 ": "netsho2 ",
    "ovs-docker set-vlan br-int eth1 netsho1 ": "none ",
    "ovs-docker get-port netsho1 e": "th",
    "ovs-docker --format=j": "son ",
    "ovs-docker list-ports --cont": "ainer",
    "ovs-docker add-port --may": "-exist ",
    "ovs-docker add-ports br-int eth0 netsho1 net": "sho2 ",
    "ovs-docker watch --labels --project=w": "eb ",
    "ovs-docker sync --ad": "opt ",
}
SETTINGS = "setopt no_beep no_auto_list; bindkey '^I' complete-word"
PROMPT = "ready> "
"""zsh takes the terminal over before it prints its prompt; what is typed earlier would not reach its editor."""


class Terminal:
    """An interactive zsh without anybody's configuration; it echoes what is typed."""

    def __init__(self, shell: str, home: Path) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            path = f"{home}:{os.environ['PATH']}"
            os.execve(shell, ["zsh", "-f", "-i"], {"PATH": path, "TERM": "dumb", "HOME": str(home)})
        self.type(f"fpath=({ZSH.parent} $fpath); autoload -Uz compinit; compinit -u -d {home}/dump; {SETTINGS}\n")
        self.type(f"PS1='{PROMPT[:2]}''{PROMPT[2:]}'\n")
        assert PROMPT in self.read_until(PROMPT)

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def read_until(self, wanted: str, seconds: float = 20.0) -> str:
        """Return what is printed, up to ``wanted`` or for as long as ``seconds``."""
        printed, deadline = "", time.monotonic() + seconds
        while wanted not in printed and (left := deadline - time.monotonic()) > 0:
            if select.select([self.fd], [], [], left)[0]:
                printed += os.read(self.fd, 4096).decode(errors="replace").replace("\0", "")
        return printed

    def close(self) -> None:
        os.close(self.fd)
        os.waitpid(self.pid, 0)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """Return a zsh that finds the stubs first."""
    stubs(tmp_path)
    opened = Terminal(program("zsh"), tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("line", LINES)
def test_zsh_completes(line: str, terminal: Terminal) -> None:
    completed = line + LINES[line]
    terminal.type(f"{line}\t")
    assert completed in terminal.read_until(completed)
