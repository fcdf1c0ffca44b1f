"""Finds Docker networks and their endpoints in the database: it is the driver's registry. Reads only."""

from ovs_docker.backends.ovsdb.operations import has_record, select
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, pairs, uuids
from ovs_docker.model.network import Network, networks_in, ports_in
from ovs_docker.model.port import PortRow
from ovs_docker.model.record import OURS
from ovs_docker.resolve.rows import port_rows, record_in

SELECT_BRIDGES = select("Bridge", columns=("_uuid", "name", "datapath_type", "external_ids", "ports"))


def networks(db: Ovsdb) -> list[Network]:
    """Return all networks of this host, whichever driver made them."""
    return in_bridges(db.rows([SELECT_BRIDGES])[0])


def in_bridges(rows: list[Row]) -> list[Network]:
    return [network for row in rows for network in networks_in(row["name"], pairs(row["external_ids"]))]


def bridge_of(rows: list[Row], network: str) -> tuple[Row, Network] | None:
    """Find a network by id, with the row of its bridge."""
    for row in rows:
        for found in networks_in(row["name"], pairs(row["external_ids"])):
            if found.id == network:
                return row, found
    return None


def is_ours(bridge: Row) -> bool:
    """Tell whether the driver made the bridge, which then goes with its last network."""
    return pairs(bridge["external_ids"]).get("owner") == OURS


def endpoint(db: Ovsdb, network: str, endpoint: str) -> list[PortRow]:
    """Find the port of an endpoint; what is there twice or not at all is the caller's to judge."""
    return port_rows(db, db.rows([select("Interface", has_record(network=network, endpoint=endpoint))])[0])


def endpoints(db: Ovsdb, network: str | None = None) -> list[PortRow]:
    """Find the ports of all endpoints, or of those of a network."""
    condition = has_record(owner=OURS) if network is None else has_record(owner=OURS, network=network)
    rows = db.rows([select("Interface", condition)])[0]
    return port_rows(db, [row for row in rows if record_in(row).endpoint])


def published(rows: list[PortRow]) -> dict[str, list[PortRow]]:
    """Return the ports that have something published, by network."""
    found: dict[str, list[PortRow]] = {}
    for row in rows:
        if ports_in(row.record.ports):
            found.setdefault(row.record.network, []).append(row)
    return found


def ports_of(db: Ovsdb, network: str) -> list[str]:
    """Return the row ids of ports that a network added to its bridge besides those of endpoints: gateway, uplinks."""
    rows = db.rows([select("Interface", has_record(owner=OURS, network=network), columns=("_uuid", "external_ids"))])[0]
    own = [row["_uuid"][1] for row in rows if not record_in(row).endpoint]
    found = db.rows([select("Port", ["interfaces", "includes", ["uuid", uuid]], columns=("_uuid",)) for uuid in own])
    return [row["_uuid"][1] for rows in found for row in rows]


def ports_on(bridge: Row) -> list[str]:
    return uuids(bridge["ports"])
