"""Which programs the private host and the tests need, and which of them this machine lacks.

The list itself is tests/programs.txt, because the shell script tests/run reads it too.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).parent.parent / "programs.txt"

SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
"""Where distributions put their programs; a client elsewhere may not match the engine installed here."""


@dataclass(frozen=True)
class Program:
    """A program by name or absolute path, the Debian package (or several: A|B) that has it, and who needs it."""

    name: str
    package: str
    needed_by: str

    def present(self) -> bool:
        """Say whether this machine has it."""
        if self.name.startswith("/"):
            return Path(self.name).exists()
        return shutil.which(self.name, path=SYSTEM_PATH) is not None

    def __str__(self) -> str:
        return f"{self.name} (Debian package {self.package.replace('|', ' or ')})"


def search_path() -> str:
    """Return the PATH of the private host: this Python's own directory, then the distribution's."""
    return f"{Path(sys.executable).parent}:{SYSTEM_PATH}"


def listed() -> list[Program]:
    """Return every program of the list."""
    lines = LIST.read_text().splitlines()
    return [Program(*line.split()) for line in lines if line.strip() and not line.startswith("#")]


def missing(needed_by: str = "host") -> list[Program]:
    """Return the programs that ``needed_by`` ("host", "tests", "kernel" or "releases") needs and this machine lacks."""
    return [program for program in listed() if program.needed_by == needed_by and not program.present()]


def has_sudo() -> bool:
    """Say whether this machine has sudo."""
    return shutil.which("sudo", path=SYSTEM_PATH) is not None


def obstacles(kernel: bool = False) -> list[str]:
    """Return, as sentences, everything that keeps a private host, with a kernel of its own, from starting here."""
    lacking = missing() + (missing("kernel") if kernel else [])
    found = [f"{program} is not installed" for program in lacking]
    if os.geteuid() != 0:
        found.append("it needs root: namespaces, veth pairs and dockerd do")
    if not kernel and not Path("/dev/net/tun").exists():
        found.append("/dev/net/tun is not there: Open vSwitch's userspace datapath needs it (modprobe tun)")
    return found
