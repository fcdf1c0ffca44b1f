"""zsh at a terminal: its completion cannot be asked from outside, so it is watched. What it has to do is in tests."""

import os
import pty
import select
import time
from pathlib import Path

from tests.house.completion import ZSH, environment

SETTINGS = "setopt no_beep no_auto_list; bindkey '^I' complete-word"
PROMPT = "ready> "
"""zsh takes the terminal over before it prints its prompt; what is typed earlier would not reach its editor."""


class Terminal:
    """An interactive zsh without anybody's configuration; it echoes what is typed."""

    def __init__(self, shell: str, home: Path) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(shell, ["zsh", "-f", "-i"], {**environment(), "TERM": "dumb", "HOME": str(home)})
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

    def completes(self, line: str, rest: str) -> bool:
        """Say whether TAB at the end of ``line`` adds ``rest``; the line is taken away again."""
        self.type(f"{line}\t")
        done = line + rest in self.read_until(line + rest)
        self.type("\x15")
        return done

    def close(self) -> None:
        os.close(self.fd)
        os.waitpid(self.pid, 0)
