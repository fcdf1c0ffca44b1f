"""OVSDB operations that make and remove a network: its bridge, gateway, uplinks, key. No I/O: steps.py sends them."""

from typing import Any, NamedTuple

from ovs_docker.backends.ovsdb import bridge_operations as bridge_ops
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb.operations import Op
from ovs_docker.backends.ovsdb.port_operations import take_off_bridge, vlan_columns
from ovs_docker.driver.options import NetworkOptions, Uplink
from ovs_docker.model.addresses import random_mac
from ovs_docker.model.network import Network, key
from ovs_docker.model.record import OURS, pairs_of


class NetworkSpec(NamedTuple):
    """A network to make."""

    network: Network
    options: NetworkOptions
    bridge_uuid: str = ""
    """Empty: the bridge has to be made."""
    datapath_type: str = ""
    """That of a new bridge."""

    @property
    def own_device(self) -> bool:
        """Whether the gateway's device is an internal port of its own: the bridge's device is somebody else's."""
        return self.network.device not in ("", self.network.bridge)

    @property
    def devices(self) -> list[str]:
        """Devices that vswitchd has to accept."""
        new = [] if self.bridge_uuid else [self.network.bridge]
        own = [self.network.device] if self.own_device else []
        return [*new, *own, *(uplink.name for uplink in self.options.uplinks)]


def make(spec: NetworkSpec) -> list[Op]:
    """Compose everything that a network is in the database, in one transaction."""
    bridge = ["uuid", spec.bridge_uuid] if spec.bridge_uuid else bridge_ops.new_bridge(0)
    wanted = [] if spec.bridge_uuid else _bridge(spec)
    if spec.bridge_uuid:
        guarded = [{"name": spec.network.bridge}]
        wanted.append(ops.guard("Bridge", [ops.is_row(spec.bridge_uuid)], guarded))
    if spec.own_device:
        row = {"type": "internal", "mac": _mac(spec.network.id), **_mtu(spec.network)}
        wanted += _port(0, bridge, spec.network, Uplink(spec.network.device, vlan=spec.network.vlan), row)
    for number, uplink in enumerate(spec.options.uplinks, 1):
        wanted += _port(number, bridge, spec.network, uplink, {})
    pair = [spec.network.key, spec.network.written()]
    return [*wanted, _mutate(bridge, ["external_ids", "insert", ["map", [pair]]])]


def _bridge(spec: NetworkSpec) -> list[Op]:
    """Make a bridge whose MAC stays: without hwaddr it would change with its ports, and neighbours cache it."""
    asked, network = spec.options, spec.network
    other = {
        "hwaddr": asked.hwaddr or _mac(network.id),
        **({"datapath-id": asked.datapath_id} if asked.datapath_id else {}),
    }
    names = [f"controller{number}" for number in range(len(asked.controllers))]
    row: dict[str, Any] = {
        "external_ids": _map({"owner": OURS}),
        "other_config": _map(other),
        "protocols": ["set", list(asked.protocols)],
        "controller": ["set", [["named-uuid", name] for name in names]],
        **({"fail_mode": asked.fail_mode} if asked.fail_mode else {}),
    }
    controllers = [
        {"op": "insert", "table": "Controller", "row": {"target": target}, "uuid-name": name}
        for name, target in zip(names, asked.controllers)
    ]
    local = [["name", "==", network.bridge]]
    return [
        *controllers,
        *bridge_ops.create_bridge(0, network.bridge, spec.datapath_type),
        {"op": "update", "table": "Bridge", "where": local, "row": row},
        *([{"op": "update", "table": "Interface", "where": local, "row": _mtu(network)}] if network.mtu else []),
    ]


def _mtu(network: Network) -> dict[str, Any]:
    return {"mtu_request": network.mtu} if network.mtu else {}


def _mac(network: str) -> str:
    """Derive the MAC of a network's gateway from its id, so that it stays when its device is made anew."""
    return random_mac((int(network, 36) % (1 << 48)).to_bytes(6, "big"))


def _port(number: int, bridge: list[str], network: Network, port: Uplink, columns: dict[str, Any]) -> list[Op]:
    interface, name = f"net_interface{number}", f"net_port{number}"
    marks = _map(pairs_of(owner=OURS, network=network.id))
    row = {"name": port.name, "external_ids": marks, **columns}
    if port.ofport:
        row["ofport_request"] = port.ofport
    return [
        ops.guard("Port", [["name", "==", port.name]], []),
        {"op": "insert", "table": "Interface", "row": row, "uuid-name": interface},
        ops.insert_port_row(name, interface, {"name": port.name, **vlan_columns(port.vlan, ())}),
        _mutate(bridge, ["ports", "insert", ["named-uuid", name]]),
    ]


def remove(network: str, bridge_uuid: str, ports: list[str], all_ports: list[str] | None) -> list[Op]:
    """Compose the removal of a network's key and of these ports of it; with `all_ports` of the bridge, too."""
    wanted = [take_off_bridge(bridge_uuid, port) for port in ports]
    wanted.append(_mutate(["uuid", bridge_uuid], ["external_ids", "delete", ["set", [key(network)]]]))
    left = [port for port in all_ports or () if port not in ports]
    return [*wanted, *([] if all_ports is None else bridge_ops.remove_bridge(bridge_uuid, left))]


def publish(interface_uuid: str, ports: str) -> list[Op]:
    """Compose the change of what an endpoint's record says of published ports; empty: none are."""
    ((name, _),) = pairs_of(ports=ports).items()
    row = ["_uuid", "==", ["uuid", interface_uuid]]
    mutations: list[list[Any]] = [["external_ids", "delete", ["set", [name]]]]
    if ports:
        mutations.append(["external_ids", "insert", ["map", [[name, ports]]]])
    return [{"op": "mutate", "table": "Interface", "where": [row], "mutations": mutations}]


def _map(pairs: dict[str, str]) -> list[Any]:
    return ["map", [list(pair) for pair in pairs.items()]]


def _mutate(bridge: list[str], mutation: list[Any]) -> Op:
    return {"op": "mutate", "table": "Bridge", "where": [["_uuid", "==", bridge]], "mutations": [mutation]}
