"""A northbound database as a cluster of real ovsdb-servers (RAFT, ovsdb(7)), and where each of them listens.

Who is asked for its leader is the tests' business.
"""

import json
import subprocess
from pathlib import Path

from tests.host.daemons import Daemon
from tests.host.ovn import SCHEMAS
from tests.host.services import accepts
from tests.integration.support.commands import run
from tests.integration.support.processes import wait_until

DATABASE = "OVN_Northbound"


class Member:
    """One server of the cluster."""

    def __init__(self, directory: Path, number: int) -> None:
        self.remote = f"unix:{directory}/{number}.sock"
        self.raft = f"unix:{directory}/{number}.raft"
        self.database = directory / f"{number}.db"
        self._control = f"{directory}/{number}.ctl"
        command = ("ovsdb-server", str(self.database), f"--remote=p{self.remote}", f"--unixctl={self._control}")
        quiet = ("--no-chdir", "-vconsole:off", "-vsyslog:off", f"--pidfile={directory}/{number}.pid")
        socket = self.remote.removeprefix("unix:")
        self.daemon = Daemon(f"raft-{number}", (*command, *quiet), lambda: accepts(socket))

    def leads(self) -> bool:
        """Say whether it tells so itself."""
        columns = '["_Server",{"op":"select","table":"Database","where":[["name","==","OVN_Northbound"]]}]'
        rows = json.loads(run("ovsdb-client", "query", self.remote, columns).out or "[]")
        return bool(rows and rows[0].get("rows") and rows[0]["rows"][0]["leader"])

    def tell(self, *words: str) -> None:
        run("ovs-appctl", "-t", self._control, *words, check=True)


class Cluster:
    """Two or three servers, the first of which made the database."""

    def __init__(self, directory: Path, count: int = 3) -> None:
        self.members = [Member(directory, number) for number in range(count)]
        first, *others = self.members
        words = ["create-cluster", str(first.database), str(SCHEMAS / "ovn-nb.ovsschema"), first.raft]
        subprocess.run(["ovsdb-tool", *words], check=True)
        first.daemon.start()
        wait_until(first.leads)
        for member in others:
            words = ["join-cluster", str(member.database), DATABASE, member.raft, first.raft]
            subprocess.run(["ovsdb-tool", *words], check=True)
            member.daemon.start()
        for member in others:
            words = ["ovsdb-client", "wait", member.remote, DATABASE, "connected"]
            subprocess.run([*words[:1], "--timeout=20", *words[1:]], check=True)

    @property
    def remotes(self) -> str:
        return ",".join(member.remote for member in self.members)

    def leader(self) -> Member:
        """Return the member that leads; waits for one."""
        wait_until(lambda: any(member.leads() for member in self.members if member.daemon.pid))
        return next(member for member in self.members if member.daemon.pid and member.leads())

    def move(self) -> None:
        """Have the leader hand over to another one."""
        before = self.leader()
        before.tell("cluster/failure-test", "transfer-leadership")
        wait_until(lambda: any(member.leads() for member in self.members if member is not before))

    def stop(self) -> None:
        for member in self.members:
            member.daemon.stop()
