"""A second private host inside the first: namespaces, Open vSwitch and Docker Engine of its own.

What joins the two, and what runs on them, is said in tests/integration/hosts.py.
"""

import subprocess
import sys
from pathlib import Path


class SecondHost:
    """A private host by the process whose namespaces it is."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "tests.host", "sh", "-c", "echo ready; exec sleep infinity"]
        self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        if self._process.stdout.readline() != "ready\n":
            raise OSError("the second private host did not start")
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        self.pid = int(children.split()[0])
        """Its process 1, as the first host sees it."""

    def words(self, *command: str) -> tuple[str, ...]:
        """Return the command that runs ``command`` on it."""
        return ("nsenter", f"--target={self.pid}", "--net", "--mount", "--pid", *command)

    def stop(self) -> None:
        """End it, with all that lives on it."""
        self._process.terminate()
        self._process.wait(30)
