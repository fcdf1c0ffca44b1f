"""Steps on existing ports: remove them, change their VLANs, delete their links. apply/ports.py creates ports."""

from typing import Any

from ovs_docker.apply.runner import Step
from ovs_docker.apply.takeover import Change, await_vswitchd, put_back
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb import port_operations as port_ops
from ovs_docker.errors import Error
from ovs_docker.model.port import PortRow
from ovs_docker.model.record import Record
from ovs_docker.resolve import ports
from ovs_docker.world import World


class RemovePorts(Change):
    """Remove ports from their bridges, all in one transaction."""

    def __init__(self, rows: list[PortRow]) -> None:
        self.rows = rows

    def describe(self) -> list[str]:
        return [f"remove port {row.name} from bridge {row.bridge}" for row in self.rows]

    def do(self, world: World) -> None:
        removals = [op for row in self.rows for op in port_ops.remove_port(row)]
        self.change(world, "del-port " + " ".join(row.name for row in self.rows), removals)

    def undo(self, world: World) -> None:
        if self.sent:
            world.db.transact(put_back(world, self.rows) + ops.bump())


class UpdateVlans(Change):
    """Change the VLAN columns of a Port row, and what is recorded of them, in one transaction."""

    def __init__(self, row: PortRow, columns: dict[str, Any], asked: dict[str, str], said: str) -> None:
        self.row = row
        self.columns = columns
        self.asked = asked
        self.said = said

    def describe(self) -> list[str]:
        return [f"{self.said} port {self.row.name} of bridge {self.row.bridge}"]

    def do(self, world: World) -> None:
        self.change(world, self.describe()[0], self._ops(self.columns, self.asked))

    def undo(self, world: World) -> None:
        if self.sent:
            columns = {name: self.row.rows[1][name] for name in self.columns}
            asked = {field: getattr(self.row.record, field) for field in self.asked}
            world.db.transact(self._ops(columns, asked) + ops.bump())

    def _ops(self, columns: dict[str, Any], asked: dict[str, str]) -> list[ops.Op]:
        return [*port_ops.update_port(self.row.port_uuid, columns), *port_ops.record_vlans(self.row, asked)]


class AwaitUpdate(Step):
    """Wait until vswitchd has applied the new columns."""

    interruptible = True

    def __init__(self, update: Change) -> None:
        self.update = update

    def describe(self) -> list[str]:
        return ["wait until ovs-vswitchd has applied the change"]

    def do(self, world: World) -> None:
        await_vswitchd(world, self.update.next_cfg, [])


class DeleteLinks(Step):
    """Delete the veth pairs of removed ports. It cannot be undone."""

    def __init__(self, links: dict[str, int]) -> None:
        self.links = links

    def describe(self) -> list[str]:
        return [f"delete veth pair {name}" for name in self.links]

    def do(self, world: World) -> None:
        world.host.rtnl.delete_links(list(self.links.values()))


class AwaitRemoval(AwaitUpdate):
    """Wait until vswitchd has released removed ports."""

    def __init__(self, removal: RemovePorts) -> None:
        super().__init__(removal)
        self.rows = removal.rows

    def do(self, world: World) -> None:
        try:
            super().do(world)
        except Error as error:
            error.said = f"{' '.join(row.name for row in self.rows)} removed, but {error.said}"
            raise


class RecordNumbers(Change):
    """Record the OpenFlow numbers of working ports: the kernel's datapath takes them away with the device."""

    def __init__(self, rows: list[PortRow]) -> None:
        self.rows = rows

    def describe(self) -> list[str]:
        return [f"record OpenFlow port number {row.ofport} of port {row.name}" for row in self.rows]

    def do(self, world: World) -> None:
        world.db.transact([port_ops.record_number(row.name, row.ofport) for row in self.rows if row.ofport])


class WriteRecord(Change):
    """Set the external_ids of an existing port."""

    def __init__(self, row: PortRow, record: Record) -> None:
        self.row = row
        self.record = record

    def describe(self) -> list[str]:
        return [f"record port {self.row.name}"]

    def do(self, world: World) -> None:
        with self.sending():
            world.db.transact(port_ops.set_record(self.row.interface_uuid, self.record))

    def undo(self, world: World) -> None:
        if self.sent and ports.named(world.db, [self.row.name]):
            world.db.transact(port_ops.set_record(self.row.interface_uuid, self.row.record))
