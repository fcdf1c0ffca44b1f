"""OVN's southbound database, as this host's ovn-controller reaches it. Read only; what is asked is not known here."""

from ovs_docker.backends.ovsdb import Server, Tls
from ovs_docker.backends.ovsdb.channels import connect
from ovs_docker.backends.ovsdb.session import Ovsdb
from ovs_docker.deadline import Deadline
from ovs_docker.errors import OvsdbMissing, OvsdbRefused

DATABASE = "OVN_Southbound"
_SERVER = Server("", "OVN southbound database", "is OVN's central host up?", setting="ovn-remote")


def connect_any(remotes: str, tls: Tls, deadline: Deadline) -> Ovsdb:
    """Open a session with the first server that answers: for reading any member of a cluster will do."""
    refusals = []
    for target in filter(None, map(str.strip, remotes.split(","))):
        try:
            session = Ovsdb(connect(target, tls, deadline, _SERVER), deadline, DATABASE)
            session.transact([])
            return session
        except (OvsdbMissing, OvsdbRefused) as error:
            refusals.append(f"{target}: {error.message}")
    raise OvsdbMissing(f"no answer from OVN's southbound database: {'; '.join(refusals)}", _SERVER.start)
