"""Steps that insert ports into the database and wait for vswitchd. apply/changes.py removes and changes ports."""

from typing import TYPE_CHECKING, Any

from ovs_docker.apply.runner import Step
from ovs_docker.apply.takeover import Change, await_vswitchd, put_back
from ovs_docker.backends.ovsdb import bridge_operations as bridge_ops
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb import port_operations as port_ops
from ovs_docker.backends.ovsdb.session import one, uuids
from ovs_docker.errors import Gathered, VswitchdElsewhere, VswitchdRefused, WorldChanged
from ovs_docker.model.port import Bridge
from ovs_docker.model.wire import Port, Wire
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.apply.devices import ReopenDevices


class AwaitEarlier(Step):
    """Wait until vswitchd has applied earlier changes, as of a del-ports that did not wait.

    If a port vanishes and comes back under the same name between two of its iterations, vswitchd sees no change, and
    the userspace datapath keeps serving the vanished device.
    """

    interruptible = True

    def do(self, world: World) -> None:
        for row in world.db.rows([ops.select("Open_vSwitch", columns=("cur_cfg", "next_cfg"))])[0]:
            if row["cur_cfg"] < row["next_cfg"]:
                await_vswitchd(world, row["next_cfg"], [])


class InsertPorts(Change):
    """Add the ports to their bridges, create missing bridges and remove stale ports, in one transaction."""

    interruptible = True

    def __init__(self, wires: list[Wire]) -> None:
        self.wires = wires
        wanted = [wire.port.bridge for wire in wires]
        self.new_bridges = list({bridge.name: bridge for bridge in wanted if not bridge.uuid}.values())
        self.stale = [row for wire in wires for row in wire.port.stale]

    def describe(self) -> list[str]:
        types = {b.name: f" (datapath type {b.datapath_type})" if b.datapath_type else "" for b in self.new_bridges}
        lines = [f"create bridge {name}{datapath_type}" for name, datapath_type in types.items()]
        lines += [f"remove stale port {row.name} from bridge {row.bridge}" for row in self.stale]
        return lines + [_line(wire.port) for wire in self.wires]

    def do(self, world: World) -> None:
        self.change(world, "add-port " + ", ".join(map(str, self.wires)), self._ops(self._numbered(world)))

    def _numbered(self, world: World) -> list[Port]:
        ports = [wire.port for wire in self.wires]
        if not any(wire.place for wire in self.wires):
            return ports  # one add-port: it takes what it gets
        from ovs_docker.apply.numbers import in_order

        return in_order(world, ports)

    def _ops(self, ports: list[Port]) -> list[ops.Op]:
        wanted: list[ops.Op] = []
        new = {bridge.name: number for number, bridge in enumerate(self.new_bridges)}
        for bridge in self.new_bridges:
            wanted += bridge_ops.create_bridge(new[bridge.name], bridge.name, bridge.datapath_type)
        for row in self.stale:
            wanted += port_ops.remove_port(row)
        for number, port in enumerate(ports):
            uuid = port.bridge.uuid
            bridge_id = ["uuid", uuid] if uuid else bridge_ops.new_bridge(new[port.bridge.name])
            wanted += [*_insert(number, port), port_ops.put_on_bridge(number, bridge_id)]
        return wanted

    def undo(self, world: World) -> None:
        """Remove the ports, restore stale ones, remove new bridges that nobody else uses.

        Each is looked up by name: if the database did not answer in time, nobody knows what it did.
        """
        if not self.sent:
            return
        from ovs_docker.resolve import ports  # needed only here

        made = ports.named(world.db, [wire.port.name for wire in self.wires])
        wanted = [op for row in made for op in port_ops.remove_port(row)] + put_back(world, self.stale)
        bridges = self._remove_bridges(world, {row.port_uuid for row in made})
        try:
            world.db.transact(wanted + bridges + ops.bump())
        except WorldChanged:
            world.db.transact(wanted + ops.bump())

    def _remove_bridges(self, world: World, ours: set[str]) -> list[ops.Op]:
        wanted: list[ops.Op] = []
        by_name = (["name", "==", bridge.name] for bridge in self.new_bridges)
        answers = world.db.rows([ops.select("Bridge", each, columns=("_uuid", "ports")) for each in by_name])
        for row in (row for rows in answers for row in rows):
            others = [uuid for uuid in uuids(row["ports"]) if uuid not in ours]
            wanted += bridge_ops.remove_bridge(row["_uuid"][1], others) if len(others) == 1 else []
        return wanted


def _line(port: Port) -> str:
    line = f"add port {port.name} to bridge {port.bridge.name}"
    line += f" with vhost-user socket {port.socket}" if port.socket else ""
    line += f" with iface-id {port.record.iface_id}" if port.record.iface_id else ""
    line += "" if port.tag is None else f", tag {port.tag}"
    return line + (f", trunks {','.join(map(str, port.trunks))}" if port.trunks else "")


def _insert(number: int, port: Port) -> list[ops.Op]:
    wanted = [ops.guard("Interface", [ops.has_ids(port.marks)], [{"name": name} for name in port.strangers])]
    if port.record.iface_id:
        known = [{"name": name} for name in port.namesakes]
        wanted.append(ops.guard("Interface", [ops.has_record(iface_id=port.record.iface_id)], known))
    if port.socket:
        wanted.append(ops.guard("Interface", [port_ops.has_socket(port.socket)], []))
    if port.bridge.uuid:
        wanted.append(ops.guard("Bridge", [ops.is_row(port.bridge.uuid)], [{"name": port.bridge.parent}]))
    vlan = port_ops.vlan_columns(port.tag, port.trunks)
    return wanted + port_ops.insert_port(number, port.name, port.record, vlan, port.ofport or port.former, port.socket)


class AwaitPorts(Step):
    """Wait until vswitchd has added the ports, check the result, as success means seen, and record the numbers."""

    interruptible = True

    def __init__(self, insert: "InsertPorts | ReopenDevices") -> None:
        self.insert = insert

    def describe(self) -> list[str]:
        return ["wait until ovs-vswitchd has added the port"]

    def do(self, world: World) -> None:
        wires, bridges = self.insert.wires, [bridge.name for bridge in self.insert.new_bridges]
        names = [*(wire.port.name for wire in wires), *bridges]
        selects = [ops.select("Interface", ["name", "==", name], columns=("ofport", "error")) for name in names]
        rows = await_vswitchd(world, self.insert.next_cfg, selects)
        gathered, numbers = Gathered(), dict[str, int]()
        for wire, row in zip(wires, rows):
            with gathered.at(wire.place):
                _be_seen(world, wire.port.name, row)
                numbers[wire.port.name] = _verify(wire.port, str(wire), row)
        gathered.raise_first()
        for bridge, row in zip(bridges, rows[len(wires) :]):
            _verify_bridge(bridge, row)
        _record(world, wires, numbers)


def _record(world: World, wires: list[Wire], numbers: dict[str, int]) -> None:
    """Record the numbers that nobody knew before; report one that has changed."""
    new = {wire.port.name: numbers[wire.port.name] for wire in wires if not wire.port.record.ofport}
    if new:
        world.db.transact([port_ops.record_number(name, number) for name, number in new.items()])
    for wire in wires:
        got, former = numbers[wire.port.name], wire.port.former
        if former and got != former and not wire.port.ofport and not world.settings.quiet:
            world.say(f"{wire} has OpenFlow port number {got} now, not {former} as before: another port has that one")


def _verify(port: Port, called: str, row: dict[str, Any]) -> int:
    """Return the OpenFlow number that the port was given."""
    if not row:
        raise VswitchdRefused(f"port {port.name} for {called} was removed by somebody else at once")
    ofport = one(row["ofport"])
    if error := one(row["error"]):
        raise VswitchdRefused(f"ovs-vswitchd cannot use port {port.name} for {called}: {error}", _hint(error))
    if ofport is None:
        raise _no_bridge(port.bridge)
    if ofport < 0:
        raise VswitchdRefused(f"ovs-vswitchd cannot use port {port.name} for {called}", "see ovs-vswitchd's log")
    if port.ofport and port.ofport != ofport:
        said = f"--ofport={port.ofport}: bridge {port.bridge.name} gave {ofport} instead"
        raise VswitchdRefused(said, "another port has that number")
    return int(ofport)


def _hint(error: str) -> str:
    # The userspace datapath opens raw sockets and reports their refusal as EINVAL; Podman 5 does not grant the right.
    return "in a container, ovs-vswitchd needs --cap-add=NET_RAW" if "(Invalid argument)" in error else ""


def _verify_bridge(bridge: str, row: dict[str, Any]) -> None:
    """Raise VswitchdRefused for a new bridge without its own device: another device may have that name."""
    if error := one(row["error"]) if row else None:
        raise VswitchdRefused(
            f"ovs-vswitchd cannot create the device of bridge {bridge}: {error}", "choose another name"
        )


def _be_seen(world: World, device: str, row: dict[str, Any]) -> None:
    """Raise VswitchdElsewhere if vswitchd does not see the device that was just created."""
    if "No such device" in (one(row["error"]) or "" if row else "") and world.host.index_of(device):
        raise VswitchdElsewhere(
            f"ovs-vswitchd does not see device {device}, which is here: the ovs-vswitchd of this database runs "
            "on another host, or in a network namespace of its own"
        )


def _no_bridge(bridge: Bridge) -> VswitchdRefused:
    if bridge.in_userspace:
        return VswitchdRefused(
            f"ovs-vswitchd cannot run bridge {bridge.name}", "see ovs-vswitchd's log; is /dev/net/tun there?"
        )
    return VswitchdRefused(
        f"ovs-vswitchd cannot run bridge {bridge.name}: is the openvswitch kernel module missing?",
        "modprobe openvswitch, or --datapath-type=netdev for a new bridge in userspace",
    )
