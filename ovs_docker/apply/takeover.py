"""Changes the database and waits for vswitchd to apply the change: the difference between written and done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ovs_docker.apply.runner import Step
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb import port_operations as port_ops
from ovs_docker.errors import OvsdbRefused, TimedOut, WorldChanged
from ovs_docker.model.port import PortRow
from ovs_docker.world import World


class Change(Step):
    """A step that changes the database, in one transaction."""

    next_cfg = 0
    """The cur_cfg of vswitchd once it has applied the change."""
    sent = False
    """Whether the database may have committed it; without an answer in time nobody knows."""

    def change(self, world: World, said: str, wanted: list[ops.Op]) -> None:
        with self.sending():
            results = world.db.transact([ops.comment(said), *wanted, *ops.bump()])
        self.next_cfg = next_cfg(results)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Send a transaction in the body; of one that the database refuses nothing is to be undone."""
        self.sent = True
        try:
            yield
        except (WorldChanged, OvsdbRefused):
            self.sent = False
            raise


def next_cfg(results: list[dict[str, Any]]) -> int:
    """Read the answer to operations.bump()."""
    return int(ops.root(results[-1]["rows"])["next_cfg"])


def put_back(world: World, rows: list[PortRow]) -> list[ops.Op]:
    """Compose the operations that restore those of the ports that are gone."""
    from ovs_docker.resolve import ports  # needed only here

    there = {row.name for row in ports.named(world.db, [row.name for row in rows])}
    gone = [row for row in rows if row.name not in there]
    return [op for number, row in enumerate(gone) for op in port_ops.restore_port(number, row)]


def await_vswitchd(world: World, next_cfg: int, selects: list[ops.Op]) -> list[dict[str, Any]]:
    """Wait until vswitchd has applied everything up to `next_cfg`; return the rows selected then."""
    waiting_for = "ovs-vswitchd to apply the change"
    seconds = world.deadline.of_server(waiting_for)
    try:
        results = world.db.transact([ops.await_cfg(next_cfg, seconds), *selects], waiting_for)
    except (WorldChanged, TimedOut):
        raise TimedOut(
            f"ovs-vswitchd did not apply the change within {world.deadline.seconds:g} s",
            "is ovs-vswitchd running? --timeout=SECS waits longer, --no-wait not at all",
        ) from None
    return [result["rows"][0] if result["rows"] else {} for result in results[1:]]
