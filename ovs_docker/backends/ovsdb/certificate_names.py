"""Compares the names in a server's certificate with the host that was asked for. Pure; tls.py verifies the chain."""

from ipaddress import ip_address
from typing import Any


def names_of(certificate: dict[str, Any]) -> list[str]:
    """Return the hosts that a certificate (as ssl.SSLSocket.getpeercert has it) names; empty if it names none.

    ovs-pki(8) writes `NAME id:UUID`, where NAME is anything, often no host's: only what cannot be
    anything else counts there, an IP address or a name with a dot.
    """
    entries = certificate.get("subjectAltName") or [
        pair for part in certificate.get("subject", ()) for pair in part if pair[0] == "commonName"
    ]
    return [name for kind, value in entries if (name := _host_in(kind, value))]


def _host_in(kind: str, value: str) -> str:
    if kind not in ("DNS", "IP Address", "commonName"):
        return ""
    name, blank, rest = value.strip().partition(" ")
    if not blank:
        return name
    return name if rest.startswith("id:") and ("." in name or _ip(name)) else ""


def identifies(names: list[str], host: str) -> bool:
    """Tell whether one of the names is `host`, or whether there are none: then the CA's word is all there is."""
    address = _ip(host)
    if address:
        return not names or address in map(_ip, names)
    return not names or any(_matches(name.lower().rstrip("."), host.lower().rstrip(".")) for name in names)


def _matches(name: str, host: str) -> bool:
    """Compare host names; a `*` stands for the whole first label (RFC 6125, section 6.4.3)."""
    star, _, domain = name.partition(".")
    if star == "*" and "." in domain:
        return host.partition(".")[2] == domain
    return name == host


def _ip(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
