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
        yield Finding("logical-port-missing", f"there is no logical port {iface_id}", hint)
        return
    if logical.port:
        yield from _of_port(view, iface_id, logical.port)
    yield from _binding(view, iface_id, logical)


def _of_port(view: View, iface_id: str, port: LogicalPortView) -> Iterator[Finding]:
    if not port.enabled:
        hint = f"ovn-nbctl lsp-set-enabled {iface_id} enabled"
        yield Finding("logical-port-disabled", f"logical port {iface_id} is disabled", hint)
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
