"""What is wrong between a port and OVN, in the order in which to fix it. Pure; ovn/look.py reads the databases."""

from __future__ import annotations

from collections.abc import Iterator

from ovs_docker.check.finding import Finding
from ovs_docker.check.look import View
from ovs_docker.ovn.given_addresses import plain
from ovs_docker.ovn.look import LogicalPortView, OvnView

_RUNS = "is ovn-controller running here, and connected? ovn-appctl -t ovn-controller connection-status"


def findings(view: View, logical: OvnView) -> Iterator[Finding]:
    """Return what is wrong; the last finding is the first reason that stops all traffic."""
    iface_id = view.row.record.iface_id
    if logical.known and logical.port is None:
        made = view.row.record.logical_switch
        hint = "ovs-docker sync creates it again" if made else f"ovn-nbctl lsp-add SWITCH {iface_id}"
        if logical.made:  # somebody has changed the iface-id
            hint = f"ovs-vsctl set Interface {view.row.name} external_ids:iface-id={logical.made}"
        yield Finding("logical-port-missing", f"there is no logical port {iface_id}", hint)
        return
    if logical.port:
        yield from _of_port(view, iface_id, logical.port)
    yield from _binding(view, iface_id, logical)


def _of_port(view: View, iface_id: str, port: LogicalPortView) -> Iterator[Finding]:
    if not port.enabled:
        hint = f"ovn-nbctl lsp-set-enabled {iface_id} enabled"
        yield Finding("logical-port-disabled", f"logical port {iface_id} is disabled", hint)
    if port.switch and view.row.record.logical_switch not in ("", port.switch):
        said = f"logical port {iface_id} is on logical switch {port.switch}, not on {view.row.record.logical_switch}"
        yield Finding("logical-port-moved", said, f"ovn-nbctl lsp-del {iface_id}, then ovs-docker sync")
    if port.others:
        said = f"logical port {iface_id} shares addresses with {', '.join(port.others)}"
        yield Finding("logical-addresses-twice", said, f"ovn-nbctl lsp-del {port.others[0]}")
    yield from _security(view, iface_id, port)
    known = {plain(word) for address in port.addresses for word in address.split()}
    if "unknown" in known or "router" in known:
        return
    mine = [view.row.record.mac, *view.row.record.addresses.split(",")]
    strange = [address for address in mine if address and plain(address.partition("/")[0]) not in known]
    if strange:
        has = ", ".join(port.addresses) or "none"
        hint = f'ovn-nbctl lsp-set-addresses {iface_id} "{" ".join(each.partition("/")[0] for each in mine if each)}"'
        said = f"logical port {iface_id} has the addresses {has}, not the container's {', '.join(strange)}"
        yield Finding("logical-addresses-differ", said, hint)


def _security(view: View, iface_id: str, port: LogicalPortView) -> Iterator[Finding]:
    """Compare port_security (ovn-nb(5)): an entry without IP addresses allows all of them."""
    record = view.row.record
    mine = [each.partition("/")[0] for each in (record.mac, *record.addresses.split(",")) if each]
    entries = [{plain(word) for word in entry.split()} for entry in port.security]
    allowed = any(len(entry) == 1 and plain(record.mac) in entry for entry in entries) or (
        {plain(each) for each in mine} <= set[str]().union(*entries)
    )
    if (entries or record.port_security) and not (entries and allowed):
        hint = f'ovn-nbctl lsp-set-port-security {iface_id} "{" ".join(mine)}"'
        said = f"port_security of logical port {iface_id} is not the container's addresses: {', '.join(port.security)}"
        yield Finding(
            "port-security-differs", said if entries else f"logical port {iface_id} lacks port_security", hint
        )


def _binding(view: View, iface_id: str, logical: OvnView) -> Iterator[Finding]:
    if logical.claimed_by is None:
        said = f"OVN's southbound database has no logical port {iface_id}"
        yield Finding("logical-port-not-bound", said, "is ovn-northd running, and does the logical port exist?")
    elif not logical.claimed_by:
        yield Finding("not-claimed", f"no chassis claims logical port {iface_id}", _RUNS)
    elif logical.claimed_by != logical.chassis:
        said = f"logical port {iface_id} is claimed by chassis {logical.claimed_by}, not by this host"
        yield Finding("claimed-elsewhere", said, f"is the iface-id also used there? This host is {logical.chassis}")
    elif not view.row.record.is_installed:
        yield Finding("not-installed", f"ovn-controller has not installed logical port {iface_id}", _RUNS)
