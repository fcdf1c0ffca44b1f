"""Plans for ports that are there: detach them, change their VLANs. Pure, as plan.py, which plans attaching.

They stand apart because del-port and set-vlan load nothing that only attaching needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ovs_docker.apply.changes import AwaitRemoval, AwaitUpdate, DeleteLinks, RemovePorts, UpdatePorts
from ovs_docker.apply.runner import Step
from ovs_docker.backends.ovsdb.port_operations import vlan_columns
from ovs_docker.model import names
from ovs_docker.model.port import PortRow

_MANY = 10  # ports

if TYPE_CHECKING:
    from ovs_docker.model.ovn import LogicalPort


def detach(
    rows: list[PortRow], links: dict[str, int], wait: bool, logical: Sequence[LogicalPort] = ()
) -> tuple[list[Step], list[Step]]:
    """Plan the removal of ports; `links` are the host ends that exist, by name, `logical` the logical ports of OVN.

    The second list is done when there is no way back any more: the kernel deletes the links while
    vswitchd removes the ports, and each needs some 20 ms. Many are not waited for: closing one port's
    packet socket takes the userspace datapath a grace period of the kernel, 12 ms, and when rows and
    links are gone all that it serves is gone. Whoever attaches next waits for it (ports.AwaitEarlier).
    """
    remove = RemovePorts(rows)
    ours = {name: index for name, index in links.items() if names.is_host_end(name)}
    steps: list[Step] = [remove, *remove_logical(logical), *([DeleteLinks(ours)] if ours else [])]
    return steps, [AwaitRemoval(remove)] if wait and len(rows) < _MANY else []


def remove_logical(ports: Sequence[LogicalPort]) -> list[Step]:
    """Plan the removal of logical ports of OVN."""
    if not ports:
        return []
    from ovs_docker.ovn.steps import RemoveLogicalPorts  # no other port has a use for it

    return [RemoveLogicalPorts(list(ports))]


def set_vlan(row: PortRow, tag: int | None, wait: bool) -> list[Step]:
    """Plan to make the port an access port of VLAN `tag`, or to take the tag off (None)."""
    columns = vlan_columns(tag, row.trunks, row.vlan_mode)
    del columns["trunks"]
    if tag is not None and not row.vlan_mode:
        del columns["vlan_mode"]  # without a mode a tagged port is an access port, which is what was asked for
    return _update(row, columns, "take the VLAN tag off" if tag is None else f"set tag {tag} on", wait)


def set_trunk(row: PortRow, trunks: tuple[int, ...], wait: bool) -> list[Step]:
    """Plan to let the port carry the VLANs `trunks` tagged, or no longer limit them (empty)."""
    columns = vlan_columns(row.tag, trunks, row.vlan_mode)
    del columns["tag"]
    said = f"set trunks {','.join(map(str, trunks))} on" if trunks else "take the trunks off"
    return _update(row, columns, said, wait)


def _update(row: PortRow, columns: dict[str, object], said: str, wait: bool) -> list[Step]:
    update = UpdatePorts([(row, columns)], said)
    return [update, *([AwaitUpdate(update)] if wait else [])]
