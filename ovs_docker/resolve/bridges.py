"""Finds real and fake bridges in the database, by name or by port. Reads only."""

from ovs_docker.backends.ovsdb.bridge_operations import select_bridge
from ovs_docker.backends.ovsdb.operations import select
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, one
from ovs_docker.model.port import Bridge
from ovs_docker.world import SELECT_ROOT, World


def bridge_of_port(db: Ovsdb, port: str) -> str | None:
    """Return the name of the bridge that has this port."""
    ports = db.rows([select("Port", ["name", "==", port], columns=("_uuid",))])[0]
    if not ports:
        return None
    owners = db.rows([select("Bridge", ["ports", "includes", ports[0]["_uuid"]], columns=("name",))])[0]
    return str(owners[0]["name"]) if owners else None


def bridges(world: World, wanted: list[str]) -> dict[str, Bridge]:
    """Find bridges by name, real or fake (a Port row that represents a VLAN of its bridge)."""
    unique, db = list(dict.fromkeys(wanted)), world.db
    root, *answers = db.rows([SELECT_ROOT, *(op for name in unique for op in select_bridge(name))])
    world.read_root(root)
    found = zip(unique, answers[::2], answers[1::2])
    return {name: bridge for name, real, fake in found if (bridge := _real_or_fake(db, real, fake))}


def _real_or_fake(db: Ovsdb, real: list[Row], fake: list[Row]) -> Bridge | None:
    if real:
        return _bridge(real[0], real[0]["name"], None)
    if fake:
        parent = db.rows([select("Bridge", ["ports", "includes", fake[0]["_uuid"]])])[0]
        if parent:
            return _bridge(parent[0], fake[0]["name"], one(fake[0]["tag"]))
    return None


def _bridge(row: Row, name: str, tag: int | None) -> Bridge:
    return Bridge(row["_uuid"][1], name, row["name"], row["datapath_type"], tag)
