"""Steps on logical ports in OVN's northbound database, and steps that wait for OVN. ovn/plan.py describes the ports."""

from collections.abc import Callable
from typing import Any

from ovs_docker import locks
from ovs_docker.apply.runner import Step
from ovs_docker.apply.takeover import Change
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb import port_operations as port_ops
from ovs_docker.backends.ovsdb.session import one
from ovs_docker.errors import OvnUnfit, TimedOut, WorldChanged, at
from ovs_docker.model.addresses import Address, parse_address, parse_ip
from ovs_docker.model.ovn import LogicalPort, LogicalPortSpec
from ovs_docker.model.wire import Wire
from ovs_docker.ovn import operations as nb
from ovs_docker.resolve.rows import record_in
from ovs_docker.world import World


class CreateLogicalPorts(Change):
    """Create or change the logical ports of wires and remove obsolete ones, in one transaction."""

    interruptible = True

    def __init__(self, wires: list[Wire], obsolete: list[LogicalPort]) -> None:
        self.ports = [wire.logical for wire in wires if wire.logical]
        self.obsolete = obsolete

    def describe(self) -> list[str]:
        lines = [f"remove logical port {port.name}, left over from an earlier add-port" for port in self.obsolete]
        return lines + [_line(port) for port in self.ports]

    def do(self, world: World) -> None:
        said = ops.comment("add-port " + ", ".join(port.name for port in self.ports))
        wanted = [op for port in self.obsolete for op in nb.remove(port)]
        wanted += [op for number, port in enumerate(self.ports) for op in nb.put(number, port)]
        with self.sending():
            world.nb.transact([said, *wanted])
        locks.release_logical_switches(world.nb, [port.switch.name for port in self.ports])

    def undo(self, world: World) -> None:
        """Delete created ports, change back changed ones, recreate removed ones.

        Each is looked up: if the database did not answer in time, nobody knows what it did.
        """
        if not self.sent:
            return
        wanted = [op for port in self.ports if port.before for op in nb.change_back(port.before)]
        for port in self.ports:
            # OVN may take longer to choose addresses than watch waits for it: the next attempt takes the port over.
            stays = port.before or (port.dynamic and world.settings.ovn_patience)
            wanted += [] if stays else _removal(world, port)
        world.nb.transact(wanted + _restored(world, self.obsolete))


def _line(port: LogicalPortSpec) -> str:
    verb = "change" if port.before else "create"
    secured = " and port security" if port.port_security else ""
    return f"{verb} logical port {port.name} on logical switch {port.switch.name} with {port.words}{secured}"


def _removal(world: World, port: LogicalPortSpec) -> list[ops.Op]:
    rows = world.nb.rows([nb.select_port(port.name)])[0]
    there = [LogicalPort(row["_uuid"][1], port.name, port.switch.uuid, row) for row in rows]
    return [op for each in there if each.record.bears(port.marks) for op in nb.remove(each)]


def _restored(world: World, ports: list[LogicalPort]) -> list[ops.Op]:
    there = world.nb.rows([nb.select_port(port.name) for port in ports])
    gone = [port for port, rows in zip(ports, there) if not rows]
    return [op for number, port in enumerate(gone) for op in nb.restore(number, port)]


class RemoveLogicalPorts(Change):
    """Remove logical ports, all in one transaction."""

    def __init__(self, ports: list[LogicalPort]) -> None:
        self.ports = ports

    def describe(self) -> list[str]:
        return [f"remove logical port {port.name}" for port in self.ports]

    def do(self, world: World) -> None:
        removals = [op for port in self.ports for op in nb.remove(port)]
        with self.sending():
            world.nb.transact([ops.comment("del-port " + " ".join(port.name for port in self.ports)), *removals])

    def undo(self, world: World) -> None:
        if self.sent:
            world.nb.transact(_restored(world, self.ports))


class AwaitAddresses(Step):
    """Wait until OVN has chosen addresses, and put them into the wires, which the following steps share.

    `rewire` computes a wire from its number and addresses, the only fact that is not known when steps are planned.
    """

    interruptible = True

    def __init__(self, wires: list[Wire], rewire: Callable[[int, tuple[Address, ...]], Wire]) -> None:
        self.wires = wires
        self.rewire = rewire

    def _dynamic(self) -> list[tuple[int, LogicalPortSpec]]:
        return [(n, wire.logical) for n, wire in enumerate(self.wires) if wire.logical and wire.logical.dynamic]

    def describe(self) -> list[str]:
        return [f"wait until OVN has chosen addresses for logical port {port.name}" for _, port in self._dynamic()]

    def do(self, world: World) -> None:
        secured: list[ops.Op] = []
        for number, port in self._dynamic():
            with at(self.wires[number].place):
                words = _chosen(world, port)
                self.wires[number] = self.rewire(number, _addresses(words, port))
            secured += [nb.secure(port, words)] if port.port_security else []
        if secured:
            world.nb.transact(secured)


def _chosen(world: World, port: LogicalPortSpec) -> str:
    """Wait until OVN has chosen addresses; return `MAC IP…`."""
    try:
        left = world.settings.ovn_patience or world.deadline.of_server("OVN to choose addresses")
        rows = world.nb.transact(nb.await_addresses(port.name, left))[1]["rows"]
    except (WorldChanged, TimedOut):
        subnets = " and ".join(f"{subnet}" for subnet in port.switch.subnets)
        raise TimedOut(
            f"OVN chose no address for logical port {port.name} within "
            f"{world.settings.ovn_patience or world.deadline.seconds:g} s",
            f"is ovn-northd running, and is there an address left in {subnets}?",
        ) from None
    return str(one(rows[0]["dynamic_addresses"])) if rows else ""


def _addresses(words: str, port: LogicalPortSpec) -> tuple[Address, ...]:
    """Add the prefix lengths of the subnets to the chosen addresses."""
    found = [parse_ip(text) for text in words.split()[1:]]
    for subnet in port.switch.subnets:
        if subnet.version not in (ip.version for ip in found):
            raise OvnUnfit(
                f"--ipaddress=dynamic: no address is left in {subnet.network} of logical switch {port.switch.name}",
                f"ovn-nbctl set Logical_Switch {port.switch.name} other_config:subnet=NETWORK/LEN, or del-port another",
            )
    lengths = {subnet.version: subnet.network.prefixlen for subnet in port.switch.subnets}
    return tuple(parse_address(f"{ip}/{lengths.get(ip.version, ip.max_prefixlen)}") for ip in found)


class AwaitInstalled(Step):
    """Wait until OVN has bound the logical ports here and installed their flows: then traffic can flow."""

    interruptible = True

    def __init__(self, wires: list[Wire]) -> None:
        self.wires = wires

    def _bound(self) -> list[Wire]:
        return [wire for wire in self.wires if wire.port.record.logical_switch]

    def describe(self) -> list[str]:
        return [f"wait until OVN has installed logical port {wire.port.record.iface_id}" for wire in self._bound()]

    def do(self, world: World) -> None:
        if world.settings.ovn_patience:
            return  # sync looks when all is done
        left = world.deadline.of_server("OVN to install the logical port")
        try:
            world.db.transact([port_ops.await_installed(wire.port.name, left) for wire in self._bound()], "OVN")
        except (WorldChanged, TimedOut):
            raise self._timed_out(world) from None

    def _timed_out(self, world: World) -> TimedOut:
        late = next((wire for wire in self._bound() if not _is_installed(world, wire)), self._bound()[-1])
        error = TimedOut(
            f"OVN did not install logical port {late.port.record.iface_id} within {world.deadline.seconds:g} s",
            f"is ovn-controller running here, does it reach {world.chassis.remote or 'its ovn-remote'}, "
            "and is ovn-northd running? --timeout=SECS waits longer, --no-wait not at all",
        )
        error.place = late.place
        return error


def _is_installed(world: World, wire: Wire) -> bool:
    """Check now, in the time that is left."""
    rows: list[Any]
    try:
        rows = world.db.rows([ops.select("Interface", ["name", "==", wire.port.name], columns=("external_ids",))])[0]
    except TimedOut:
        return False
    return any(record_in(row).is_installed for row in rows)
