"""Steps that give ports that are there new devices: the rows, and with them the record, stay all the while.

Making the devices is links.py's, making ports ports.py's.
"""

from ovs_docker.apply.takeover import Change
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb import port_operations as port_ops
from ovs_docker.model.port import PortRow
from ovs_docker.model.wire import Wire
from ovs_docker.world import World


class ReleaseDevices(Change):
    """Have vswitchd let go of the devices of ports, all in one transaction; the ports keep rows and records.

    Whoever is killed after this leaves ports that do not work, and that the next sync restores.
    """

    def __init__(self, rows: list[PortRow]) -> None:
        self.rows = rows

    def describe(self) -> list[str]:
        return [f"let go of the vanished device of port {row.name}" for row in self.rows]

    def do(self, world: World) -> None:
        released = [op for row in self.rows for op in port_ops.let_go(row)]
        self.change(world, "let go of " + " ".join(row.name for row in self.rows), released)

    def undo(self, world: World) -> None:
        world.db.transact([op for row in self.rows for op in port_ops.take_as_before(row)] + ops.bump())


class ReopenDevices(Change):
    """Have vswitchd open the new devices of released ports, all in one transaction. Undone by undoing the release."""

    def __init__(self, wires: list[Wire], rows: list[PortRow]) -> None:
        self.wires = wires
        self.rows = rows

    def describe(self) -> list[str]:
        return [f"have port {row.name} use its new device" for row in self.rows]

    def do(self, world: World) -> None:
        reopened = [op for row in self.rows for op in port_ops.take_again(row)]
        self.change(world, "restore " + ", ".join(map(str, self.wires)), reopened)
