"""Plans for ports that are there: detach them, change their VLANs. Pure, as plan.py, which plans attaching.

They stand apart because del-port and set-vlan load nothing that only attaching needs.
"""

from ovs_docker import names
from ovs_docker.apply import Step
from ovs_docker.model import PortRow
from ovs_docker.steps.changes import AwaitRemoval, AwaitUpdate, DeleteLinks, RemovePorts, UpdatePorts
from ovs_docker.transactions import vlan_columns


def detach(rows: list[PortRow], links: dict[str, int], wait: bool) -> tuple[list[Step], list[Step]]:
    """Plan the removal of ports; `links` are the host ends that exist, by name.

    The second list is done when there is no way back any more: the kernel deletes the links while
    vswitchd removes the ports, and each needs some 20 ms.
    """
    remove = RemovePorts(rows)
    ours = {name: index for name, index in links.items() if names.is_host_end(name)}
    return [remove, *([DeleteLinks(ours)] if ours else [])], [AwaitRemoval(remove)] if wait else []


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
