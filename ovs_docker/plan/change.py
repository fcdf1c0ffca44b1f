"""Plans for existing ports: detach them, change their VLANs. Pure; del-port and set-vlan load no plan/attach.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ovs_docker.apply.changes import AwaitRemoval, AwaitUpdate, DeleteLinks, RemovePorts, UpdateVlans
from ovs_docker.apply.runner import Step
from ovs_docker.backends.ovsdb.port_operations import vlan_columns
from ovs_docker.model import names
from ovs_docker.model.port import PortRow
from ovs_docker.model.record import tag_text, trunks_text

_MANY = 10  # ports

if TYPE_CHECKING:
    from ovs_docker.model.ovn import LogicalPort


def detach(
    rows: list[PortRow], links: dict[str, int], wait: bool, logical: Sequence[LogicalPort] = ()
) -> tuple[list[Step], list[Step]]:
    """Plan the removal of ports; `links` are their existing host ends by name, `logical` their logical ports in OVN.

    The second list follows when nothing can be rolled back: the kernel deletes the links while vswitchd removes the
    ports, each in some 20 ms. Many are not waited for: the userspace datapath needs an RCU grace period, 12 ms, to
    close one port's packet socket, and without rows and links it forwards nothing. The next call that attaches waits
    for it (ports.AwaitEarlier).
    """
    remove = RemovePorts(rows)
    ours = {name: index for name, index in links.items() if names.is_host_end(name)}
    steps: list[Step] = [remove, *remove_logical(logical), *([DeleteLinks(ours)] if ours else [])]
    return steps, [AwaitRemoval(remove)] if wait and len(rows) < _MANY else []


def remove_logical(ports: Sequence[LogicalPort]) -> list[Step]:
    if not ports:
        return []
    from ovs_docker.ovn.steps import RemoveLogicalPorts  # other ports load nothing of OVN

    return [RemoveLogicalPorts(list(ports))]


def set_vlan(row: PortRow, tag: int | None, wait: bool) -> list[Step]:
    """Plan to make the port an access port of VLAN `tag`, or to remove the tag (None)."""
    columns = vlan_columns(tag, row.trunks, row.vlan_mode)
    del columns["trunks"]
    if tag is not None and not row.vlan_mode:
        del columns["vlan_mode"]  # without a mode a tagged port is an access port, as asked
    said = "remove the VLAN tag from" if tag is None else f"set tag {tag} on"
    return _update(UpdateVlans(row, columns, {"tag": tag_text(tag)}, said), wait)


def set_trunk(row: PortRow, trunks: tuple[int, ...], wait: bool) -> list[Step]:
    """Plan to limit the port to the VLANs `trunks`, tagged, or to lift the limit (empty)."""
    columns = vlan_columns(row.tag, trunks, row.vlan_mode)
    del columns["tag"]
    said = f"set trunks {','.join(map(str, trunks))} on" if trunks else "remove the trunks from"
    return _update(UpdateVlans(row, columns, {"trunks": trunks_text(trunks)}, said), wait)


def _update(update: UpdateVlans, wait: bool) -> list[Step]:
    return [update, *([AwaitUpdate(update)] if wait else [])]
