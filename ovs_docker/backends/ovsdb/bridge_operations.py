"""OVSDB operations on bridges, as plain lists; the schema is ovs-vswitchd.conf.db(5). No I/O."""

from ovs_docker.backends.ovsdb.operations import Op, guard, insert_port_row, is_row, remove_row, select


def select_bridge(name: str) -> list[Op]:
    """Select the bridge of this name, real or fake (a Port row that stands for a VLAN of its bridge)."""
    return [
        select("Bridge", ["name", "==", name], columns=("_uuid", "name", "datapath_type")),
        select("Port", ["name", "==", name], ["fake_bridge", "==", True], columns=("_uuid", "name", "tag")),
    ]


def create_bridge(number: int, name: str, datapath_type: str | None) -> list[Op]:
    """Create a bridge with its local port, as ovs-vsctl add-br does; new_bridge(number) refers to it."""
    interface, port = f"local_interface{number}", f"local_port{number}"
    return [
        guard("Bridge", [["name", "==", name]], []),
        guard("Port", [["name", "==", name]], []),
        {"op": "insert", "table": "Interface", "row": {"name": name, "type": "internal"}, "uuid-name": interface},
        insert_port_row(port, interface, {"name": name}),
        {
            "op": "insert",
            "table": "Bridge",
            "row": {"name": name, "datapath_type": datapath_type or "", "ports": ["named-uuid", port]},
            "uuid-name": new_bridge(number)[1],
        },
        {
            "op": "mutate",
            "table": "Open_vSwitch",
            "where": [],
            "mutations": [["bridges", "insert", new_bridge(number)]],
        },
    ]


def new_bridge(number: int) -> list[str]:
    """Refer to a bridge that create_bridge makes in the same transaction."""
    return ["named-uuid", f"bridge{number}"]


def remove_bridge(uuid: str, ports: list[str]) -> list[Op]:
    """Delete a bridge that has no ports but these (row ids): somebody may have come to use it meanwhile."""
    return [
        guard("Bridge", [is_row(uuid)], [{"ports": ["set", [["uuid", port] for port in ports]]}], "ports"),
        {
            "op": "mutate",
            "table": "Open_vSwitch",
            "where": [],
            "mutations": [["bridges", "delete", ["uuid", uuid]]],
        },
        remove_row("Bridge", uuid),
    ]
