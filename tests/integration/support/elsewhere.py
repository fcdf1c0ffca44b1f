"""Another host's Open vSwitch: a database and a switch in a network namespace of their own, the database within reach.

What ours makes of it is in test_vswitchd_elsewhere.py.
"""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.host import DATAPATH, USERSPACE_ONLY
from tests.host.services import SCHEMA
from tests.integration.support.commands import run
from tests.integration.support.fleet import wait_until


class Elsewhere:
    """The other host's database server and switch, below ``home``."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.option = "--db=tcp:127.0.0.1:16640"
        self.beside = f"--db=unix:{home}/db.sock"
        """With the socket at hand ours finds that switch's namespace; over tcp it cannot."""

    def vsctl(self, *words: str) -> str:
        return run("ovs-vsctl", f"--db=unix:{self._home}/db.sock", "--timeout=10", *words, check=True).out.strip()

    def _words(self, name: str, *words: str) -> list[str]:
        own = [f"--{kind}={self._home}/{name}.{kind}" for kind in ("pidfile", "log-file")]
        own.append(f"--unixctl={self._home}/{name}.ctl")
        return [name, *words, *own, "--no-chdir", "-vconsole:off", "-vsyslog:off"]

    def start(self) -> list[subprocess.Popen[bytes]]:
        """Start both and wait until a bridge is there."""
        run("ovsdb-tool", "create", f"{self._home}/conf.db", SCHEMA, check=True)
        remotes = f"--remote=punix:{self._home}/db.sock", "--remote=ptcp:16640:127.0.0.1"
        server = subprocess.Popen(self._words("ovsdb-server", f"{self._home}/conf.db", *remotes))
        wait_until(lambda: (self._home / "db.sock").exists())
        self.vsctl("--no-wait", "init")
        switch = self._words("ovs-vswitchd", f"unix:{self._home}/db.sock", *USERSPACE_ONLY)
        daemons = [server, subprocess.Popen(["unshare", "--net", *switch])]
        self.add_bridge("br-far")
        return daemons

    def rows(self) -> str:
        """Return all that somebody may have written."""
        tables = "Open_vSwitch", "Bridge", "Port", "Interface"
        columns = (
            "_uuid,external_ids",
            "_uuid,name,ports,external_ids",
            "_uuid,name,tag,trunks",
            "_uuid,name,external_ids",
        )
        asked = zip(columns, tables)
        words = [word for these, table in asked for word in ("--", f"--columns={these}", "list", table)]
        return self.vsctl(*words[1:], "--", "get", "Open_vSwitch", ".", "next_cfg")

    def add_bridge(self, name: str) -> None:
        self.vsctl("add-br", name, "--", "set", "bridge", name, f"datapath_type={DATAPATH}")


@contextlib.contextmanager
def elsewhere(home: Path) -> Iterator[Elsewhere]:
    """Run another host's Open vSwitch for the length of a with block."""
    other = Elsewhere(home)
    daemons = other.start()
    try:
        yield other
    finally:
        for daemon in reversed(daemons):
            os.kill(daemon.pid, signal.SIGTERM)
            daemon.wait(10)
