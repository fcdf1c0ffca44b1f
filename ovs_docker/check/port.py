"""What is wrong with a port, from its container to the switch, in the order in which to fix it. Pure.

check/look.py reads the state; ovn/check.py judges OVN's.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from ovs_docker.backends.kernel.dumps import Link
from ovs_docker.check import vhost_user
from ovs_docker.check.finding import STOPPED, Finding
from ovs_docker.check.look import View
from ovs_docker.errors import BadValue, Error
from ovs_docker.model.container import command_of
from ovs_docker.model.port import PortRow, is_served
from ovs_docker.model.record import tag_text, trunks_text
from ovs_docker.parse.recorded import asked_vlans, spec_of
from ovs_docker.resolve.ends import Amiss, ContainerEnd, amiss

Shared = str | tuple[str, int | None, str]
"""What only one port may have: an iface-id, or an address on a network (bridge, VLAN, address)."""


def addresses(row: PortRow) -> list[tuple[str, int | None, str]]:
    """Return the recorded addresses of a port as Shared has them; none on a logical switch: OVN knows those."""
    if row.record.logical_switch or not row.record.addresses or _record(row):
        return []
    texts = row.record.addresses.split(",")
    return [(row.parent, row.tag, text.partition("/")[0]) for text in texts]


def subject(view: View) -> str:
    row = view.row
    name = view.owner.name if view.owner else row.record.container
    return f"port {row.name} ({row.record.interface} of container {name}, bridge {row.bridge})"


def findings(view: View, twice: dict[Shared, list[str]]) -> list[Finding]:
    """Return what is wrong with a port; `twice` are the names of the ports that have an iface-id or address."""
    unreadable = _record(view.row)
    ends = unreadable or list(_ends(view))
    stopped = any(finding.stopped for finding in ends)  # ovs-vswitchd has no device then, of course
    return [
        *ends,
        *(() if stopped else _switch(view.row, view.bridge is not None)),
        *(() if unreadable or view.owner is None else _asked(view.row, view.owner.name)),
        *_twice(view.row, twice),
    ]


def is_readable(row: PortRow) -> bool:
    """Tell whether a port's record makes sense; what it asks for does not count otherwise."""
    return not _record(row)


def _record(row: PortRow) -> list[Finding]:
    try:
        spec_of(row)
    except BadValue as error:
        return [Finding("record-unreadable", error.message, error.hint)]
    return []


def _ends(view: View) -> Iterator[Finding]:
    ours = view.row.record.is_ours
    if view.elsewhere:  # of its container nothing is known
        if view.host_end is None and not view.row.socket:
            yield Finding("host-end-gone", "there is no device of that name where ovs-vswitchd looks", _ENGINE)
    elif view.owner is None:
        place = shlex.join((view.row.bridge, view.row.record.interface, view.row.record.typed))
        hint = "ovs-docker sync removes the port" if ours else f"ovs-docker del-port {place}"
        yield Finding("container-gone", "its container was removed", hint)
    elif not view.owner.running:
        start = f"{command_of(view.row.record.engine)} start {view.owner.name}"
        yield Finding(STOPPED, "its container does not run", start)
    elif view.row.socket:
        yield from vhost_user.findings(view.row, view.has_socket)
    elif view.inside is None:
        hint = _RESTORE if ours and not view.renamed else _ANEW
        yield Finding("interface-gone", "the interface is gone from the container", hint)
    elif isinstance(view.inside, Error):
        yield Finding(view.inside.code, view.inside.message, view.inside.hint)
    else:
        yield from _ends_there(view.inside, view)


_RESTORE = "ovs-docker sync restores it"
_MAKE_TRUE = "ovs-docker sync makes it as recorded"
_ANEW = "del-port, then add-port"
_ENGINE = "--docker-host=URI asks the engine that has its container"


def _ends_there(inside: ContainerEnd, view: View) -> Iterator[Finding]:
    found = amiss(view.row, inside, view.host_end)
    hint = _MAKE_TRUE if view.row.record.is_ours else _ANEW
    yield from _link(inside.link, found, hint)
    if found.checksum_offload:
        said = "TX checksum offload is on in the container, and the userspace datapath does not do it: TCP hangs"
        yield Finding("checksum-offload-on", said, hint)
    yield from _network(found, hint)
    yield from _host_end(inside, view, found, hint)


def _link(link: Link, found: Amiss, hint: str) -> Iterator[Finding]:
    if found.down:
        yield Finding("interface-down", "the interface is down", hint)
    if found.mac:
        yield Finding("mac-differs", f"the MAC address is {link.mac}, recorded is {found.mac}", hint)
    if found.mtu:
        yield Finding("mtu-differs", f"the MTU is {link.mtu}, recorded is {found.mtu}", hint)
    if found.tx_queue_len:
        said = f"the TX queue length is {link.tx_queue_len}, recorded is {found.tx_queue_len}"
        yield Finding("tx-queue-len-differs", said, hint)


def _network(found: Amiss, hint: str) -> Iterator[Finding]:
    for address in found.addresses:
        yield Finding("address-missing", f"the address {address} is missing in the container", hint)
    if not found.down and not found.addresses:  # else there can be no routes: those findings come first
        for gateway in found.gateways:
            yield Finding("gateway-missing", f"the default route via {gateway} is missing in the container", hint)
        for route in found.routes:
            yield Finding("route-missing", f"the route {route} is missing in the container", hint)


def _host_end(inside: ContainerEnd, view: View, found: Amiss, hint: str) -> Iterator[Finding]:
    if view.host_end is None:
        yield Finding("host-end-gone", "there is no device of that name where ovs-vswitchd looks", _restart(view))
        return
    if found.host_down:
        yield Finding("host-end-down", "the host end is down", hint)
    chosen = 0 if found.mtu else inside.link.mtu
    if found.host_mtu or view.host_end.mtu < chosen:
        mtu = max(found.host_mtu or 0, chosen)
        said = f"the MTU of the host end is {view.host_end.mtu}, that of the container's end {mtu}"
        yield Finding("host-mtu-low", said, hint if found.host_mtu == mtu else f"{_ANEW} --mtu={mtu}")
    if inside.link.peer != view.host_end.ifindex:
        yield Finding("not-its-peer", "the host end does not lead to that interface", _restart(view))


def _restart(view: View) -> str:
    """Return how to be rid of an interface that is no end of ours: nothing of ours removes it from a container."""
    record, name = view.row.record, view.owner.name if view.owner else view.row.record.container
    then = "ovs-docker sync" if record.is_ours else _ANEW
    return f"{command_of(record.engine)} restart {name}, then {then}"


def _switch(row: PortRow, runs: bool) -> Iterator[Finding]:
    if not runs or is_served(row.ofport, row.error) is None:
        hint = _why_not_run(row.datapath_type)
        yield Finding("bridge-not-run", f"ovs-vswitchd does not run bridge {row.parent}", hint)
    elif row.error:
        hint = _RESTORE if row.record.is_ours else _ANEW
        yield Finding("vswitchd-refused", f"ovs-vswitchd says: {row.error}", hint)
    elif not row.works:
        yield Finding("no-ofport", "ovs-vswitchd gave it no OpenFlow port number", "see ovs-vswitchd's log")


def _why_not_run(datapath_type: str) -> str:
    if datapath_type == "netdev":
        return "is ovs-vswitchd running, and /dev/net/tun there?"
    return "is ovs-vswitchd running, and the openvswitch kernel module loaded? modprobe openvswitch"


def _asked(row: PortRow, container: str) -> Iterator[Finding]:
    """Compare bridge and VLANs with what was asked for; the script and the first records say nothing of them."""
    bridge, (tag, trunks) = row.record.bridge, asked_vlans(row)
    if not bridge:
        return
    if bridge != row.parent and not row.record.logical_switch:  # ovn/look.py says it of those
        there, then, port = shlex.quote(row.parent), shlex.quote(bridge), row.port_uuid
        hint = f"ovs-vsctl remove bridge {there} ports {port} -- add bridge {then} ports {port}"
        yield _otherwise("bridge", row.parent, bridge, hint)
    place = shlex.join((row.bridge, row.record.interface, container))
    if tag != row.tag:
        vlans = tag_text(row.tag) or "none", tag_text(tag) or "none"
        yield _otherwise("VLAN", *vlans, f"ovs-docker set-vlan {place} {vlans[1]}")
    if trunks != row.trunks:
        vlans = trunks_text(row.trunks) or "none", trunks_text(trunks) or "none"
        yield _otherwise("trunks", *vlans, f"ovs-docker set-trunk {place} {vlans[1]}")


def _otherwise(what: str, there: str, asked: str, hint: str) -> Finding:
    said = f"{what} {there} differs from what was asked for: {asked}"
    return Finding(f"{what.lower()}-differs", said, hint)


def _twice(row: PortRow, twice: dict[Shared, list[str]]) -> Iterator[Finding]:
    iface_id = row.record.iface_id
    if row.record.is_ours and not iface_id:
        yield Finding("iface-id-missing", "its iface-id was removed", _ANEW)
    if others := _others(row, iface_id, twice):
        said = f"its iface-id {iface_id} is also used by {others}: one takes the logical port from the other"
        yield Finding("iface-id-twice", said, "del-port one of them, or give it another --iface-id")
    for key in addresses(row):
        if others := _others(row, key, twice):
            said = f"its address {key[2]} is also that of {others}"
            yield Finding("address-twice", said, "del-port one of them, or give it another --ipaddress")


def _others(row: PortRow, key: Shared, twice: dict[Shared, list[str]]) -> str:
    return ", ".join(name for name in twice.get(key, ()) if name != row.name)
