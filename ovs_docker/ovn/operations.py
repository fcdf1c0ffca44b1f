"""OVSDB operations on OVN's northbound database (ovn-nb(5)), as plain dicts. No I/O."""

from typing import Any

from ovs_docker.backends.ovsdb.operations import Op, await_none, guard, is_row, remove_row, select
from ovs_docker.model.ovn import LogicalPort, LogicalPortSpec

PORT, SWITCH, ROUTER_PORT = "Logical_Switch_Port", "Logical_Switch", "Logical_Router_Port"
NONE: list[Any] = ["set", []]

_STATUS = frozenset(("_uuid", "_version", "up"))  # not written when a row is restored


def select_switch(name: str) -> Op:
    return select(SWITCH, ["name", "==", name], columns=("_uuid", "name", "other_config"))


def select_special_ports() -> Op:
    """Select ports to routers, to physical networks and others: all but those of containers and machines."""
    return select(PORT, ["type", "!=", ""], columns=("_uuid", "type", "options"))


def select_port(name: str) -> Op:
    return select(PORT, ["name", "==", name])


def is_on(switch: str, port: str) -> Op:
    """Select the switch if it has the port, but not its long list of ports."""
    return select(SWITCH, is_row(switch), ["ports", "includes", ["uuid", port]], columns=("_uuid",))


def switch_of(port: str) -> Op:
    return select(SWITCH, ["ports", "includes", ["uuid", port]], columns=("_uuid",))


def select_addresses() -> Op:
    """Select the addresses of all ports but special ones: 23 ms for 10,000, and their names would add 70."""
    return select(PORT, ["type", "==", ""], ["addresses", "!=", NONE], columns=("addresses",))


def select_dynamic_addresses() -> Op:
    return select(PORT, ["dynamic_addresses", "!=", NONE], columns=("dynamic_addresses",))


def put(number: int, port: LogicalPortSpec) -> list[Op]:
    """Create a logical port on its switch, or change the existing one."""
    row = _columns(port)
    if port.before:
        kept = port.dynamic and str(port.before.row["addresses"]).partition(" ")[0] == port.mac
        return _update(port.before, row if kept else {**row, "dynamic_addresses": NONE})
    return [
        guard(SWITCH, [is_row(port.switch.uuid)], [{"name": port.switch.name}]),
        guard(PORT, [["name", "==", port.name]], []),
        {"op": "insert", "table": PORT, "row": {"name": port.name, **row}, "uuid-name": f"port{number}"},
        _put_on(port.switch.uuid, number),
    ]


def _columns(port: LogicalPortSpec) -> dict[str, Any]:
    secured = port.port_security and not port.dynamic  # dynamic ones are not known yet: secure()
    others = port.before.record.external_ids if port.before else {}
    return {
        "addresses": port.words,
        "port_security": port.words if secured else NONE,
        "external_ids": ["map", list(map(list, {**others, **port.marks}.items()))],
    }


def _update(port: LogicalPort, columns: dict[str, Any]) -> list[Op]:
    return [
        guard(PORT, [is_row(port.uuid)], [{"name": port.name}]),
        {"op": "update", "table": PORT, "where": [is_row(port.uuid)], "row": columns},
    ]


def _put_on(switch: str, number: int) -> Op:
    put_on = ["ports", "insert", ["named-uuid", f"port{number}"]]
    return {"op": "mutate", "table": SWITCH, "where": [is_row(switch)], "mutations": [put_on]}


def secure(port: LogicalPortSpec, words: str) -> Op:
    """Let a port send from these addresses only (port_security)."""
    return {"op": "update", "table": PORT, "where": [["name", "==", port.name]], "row": {"port_security": words}}


def remove(port: LogicalPort) -> list[Op]:
    """Take a logical port off its switch and delete it; harmless if it is already gone."""
    take_off = ["ports", "delete", ["uuid", port.uuid]]
    return [
        {"op": "mutate", "table": SWITCH, "where": [is_row(port.switch)], "mutations": [take_off]},
        remove_row(PORT, port.uuid),
    ]


def restore(number: int, port: LogicalPort) -> list[Op]:
    """Create a removed logical port as it was."""
    row = {name: value for name, value in port.row.items() if name not in _STATUS}
    return [
        {"op": "insert", "table": PORT, "row": row, "uuid-name": f"port{number}"},
        _put_on(port.switch, number),
    ]


def change_back(port: LogicalPort) -> list[Op]:
    """Restore the columns of a changed logical port; harmless if it is gone."""
    columns = ("addresses", "port_security", "external_ids", "dynamic_addresses")
    before = {name: port.row[name] for name in columns}
    return [{"op": "update", "table": PORT, "where": [is_row(port.uuid)], "row": before}]


def await_addresses(name: str, seconds: float | None) -> list[Op]:
    """Hold the transaction until OVN has chosen a port's addresses, then select them."""
    waiting = await_none(PORT, [["name", "==", name], ["dynamic_addresses", "==", NONE]], seconds)
    return [waiting, select(PORT, ["name", "==", name], columns=("dynamic_addresses",))]
