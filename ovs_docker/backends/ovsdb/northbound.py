"""Where OVN's northbound database is, and which of several servers leads it. What is said to it is not known here.

The order is ovn-nbctl's: what the call names, $OVN_NB_DB, then what this host's Open vSwitch was told, then the
local socket.
"""

import os
from time import monotonic, sleep

from ovs_docker.backends.ovsdb import Server, Tls
from ovs_docker.backends.ovsdb.channels import connect
from ovs_docker.backends.ovsdb.session import Ovsdb
from ovs_docker.deadline import Deadline
from ovs_docker.errors import Error, NorthboundMissing, OvsdbMissing, OvsdbRefused, TimedOut, TlsFailed

DATABASE = "OVN_Northbound"
CONFIGURED = "ovn-nb"
"""The key of the Open_vSwitch row's external_ids that names the database for the whole host."""

_START = "start it (service ovn-central start), or name its server with --nb-db=URI"
_SERVER = Server("nb-db", "OVN northbound database", _START)
_ELECTION, _PAUSE = 10.0, 0.2  # seconds: what a cluster may take to choose a leader, and how often it is asked


class _Follower(OvsdbMissing):
    """The server is a member of a cluster and not the one that leads it, or does not know yet: that may change."""


def named(option: str | None) -> str | None:
    """Return the servers that the call or its environment names, separated by commas; None if neither does."""
    return option or os.environ.get("OVN_NB_DB") or None


def local() -> str:
    """Return where ovn-nbctl looks without being told."""
    return f"unix:{os.environ.get('OVN_RUNDIR') or '/var/run/ovn'}/ovnnb_db.sock"


def is_at_hand(option: str | None, host_ids: dict[str, str]) -> bool:
    """Tell whether anybody says where the database is, or this host has it."""
    return bool(named(option) or host_ids.get(CONFIGURED) or os.path.exists(local().partition(":")[2]))


def connect_leader(remotes: str, tls: Tls, deadline: Deadline, patience: float = 0) -> Ovsdb:
    """Open a session with the server that leads the database, or with the only one.

    A cluster without a leader is asked again for as long as an election may take, one where no server
    answers for `patience` seconds. Raises NorthboundMissing with what each of the servers said.
    """
    targets = [part.strip() for part in remotes.split(",") if part.strip()]
    if not targets:
        raise _SERVER.refused(remotes, "names no server")
    began, refusals = monotonic(), dict[str, Error]()
    while True:
        if found := _first_leader(targets, tls, deadline, refusals):
            return found
        followers = any(isinstance(each, _Follower) for each in refusals.values())
        if deadline.is_over() or monotonic() - began > (_ELECTION if followers else patience):
            raise _missing(refusals, followers)
        sleep(_PAUSE)


def _first_leader(targets: list[str], tls: Tls, deadline: Deadline, refusals: dict[str, Error]) -> Ovsdb | None:
    """Return a session with the first server that leads, or None; `refusals` takes up why each of them will not do."""
    for number, target in enumerate(targets):
        try:
            return _session(target, tls, deadline, len(targets) - number)
        except (OvsdbMissing, OvsdbRefused, TlsFailed) as error:
            refusals[target] = error
        except TimedOut:
            refusals.setdefault(target, TimedOut("does not answer"))
    return None


def _missing(refusals: dict[str, Error], followers: bool) -> Error:
    only = next(iter(refusals.values()))
    if len(refusals) == 1 and isinstance(only, TlsFailed):
        return only
    hint = "name all servers of the cluster, separated by commas" if followers else _START
    said = "; ".join(f"{target}: {error.message}" for target, error in refusals.items())
    return NorthboundMissing(f"no server leads the OVN northbound database: {said}", hint)


def _session(target: str, tls: Tls, deadline: Deadline, sharers: int) -> Ovsdb:
    """Open a session with one server, which may use its share of the time until it has said that it leads."""
    left = deadline.left(f"OVN's northbound database at {target}")
    share = deadline if left is None or sharers == 1 else Deadline(left / sharers)
    session = Ovsdb(connect(target, tls, share, _SERVER), share, "_Server")
    if not _leads(session):
        raise _Follower("is not the leader of its cluster")
    session.turn_to(DATABASE, deadline)
    return session


def _leads(session: Ovsdb) -> bool:
    """Ask the server about itself: ovsdb-server(5), database _Server. One alone is its own leader."""
    columns = ["model", "connected", "leader"]
    where = [["name", "==", DATABASE]]
    found = session.rows([{"op": "select", "table": "Database", "where": where, "columns": columns}])[0]
    if not found and DATABASE in session.databases():  # it listens a moment before it tells of its databases
        raise _Follower("has not said yet whether it leads")
    if not found:
        raise OvsdbMissing("has no database OVN_Northbound")
    return bool(found[0]["model"] != "clustered" or (found[0]["connected"] and found[0]["leader"]))
