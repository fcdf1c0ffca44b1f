"""Steps that give existing ports new devices: the rows, and with them the record, stay.

apply/pairs.py creates the devices, apply/ports.py ports.
"""

from ovs_docker.apply.takeover import Change
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb import port_operations as port_ops
from ovs_docker.model.port import Bridge, PortRow
from ovs_docker.model.wire import Wire
from ovs_docker.world import World


class ReleaseDevices(Change):
    """Have vswitchd release the devices of ports, all in one transaction; rows and records stay.

    A call that is killed after this leaves ports that do not work until the next sync restores them.
    """

    def __init__(self, rows: list[PortRow]) -> None:
        self.rows = rows

    def describe(self) -> list[str]:
        return [f"release the vanished device of port {row.name}" for row in self.rows]

    def do(self, world: World) -> None:
        released = [op for row in self.rows for op in port_ops.let_go(row)]
        self.change(world, "release " + " ".join(row.name for row in self.rows), released)

    def undo(self, world: World) -> None:
        if not self.sent:
            return
        world.db.transact([op for row in self.rows for op in port_ops.take_as_before(row)] + ops.bump())


class ReopenDevices(Change):
    """Have vswitchd open the new devices of released ports, all in one transaction; ReleaseDevices undoes it."""

    new_bridges: tuple[Bridge, ...] = ()

    def __init__(self, wires: list[Wire], rows: list[PortRow]) -> None:
        self.wires = wires
        self.rows = rows

    def describe(self) -> list[str]:
        return [f"have port {row.name} use its new device" for row in self.rows]

    def do(self, world: World) -> None:
        reopened = [op for row in self.rows for op in port_ops.take_again(row)]
        self.change(world, "restore " + ", ".join(map(str, self.wires)), reopened)
