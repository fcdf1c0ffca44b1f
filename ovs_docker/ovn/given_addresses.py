"""Addresses in use on logical switches, which no other port may get. Reads only.

No OVSDB condition finds a part of `MAC IP IP`, so the addresses of all ports are read, but only if an address or a
MAC is asked for, and while something else is done: the server takes 20 ms for 10,000.
"""

from ovs_docker.backends.ovsdb.operations import Op, select
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, atoms
from ovs_docker.errors import AddressTaken, at
from ovs_docker.model.addresses import parse_ip
from ovs_docker.model.ovn import LogicalFacts
from ovs_docker.model.port import PortSpec
from ovs_docker.ovn import operations as ops


def asks_for_addresses(spec: PortSpec) -> bool:
    """Tell whether a port asks for addresses on a logical switch."""
    return bool(spec.logical_switch and (spec.addresses or spec.mac))


def selects() -> list[Op]:
    """Select all addresses in use; refuse_taken() takes the two answers."""
    return [ops.select_addresses(), ops.select_dynamic_addresses()]


def refuse_taken(nb: Ovsdb, answers: list[list[Row]], wishes: list[tuple[PortSpec, LogicalFacts]]) -> None:
    """Raise AddressTaken for addresses that another port of the same switch, or a router on it, has."""
    found = [words for row in answers[0] for words in atoms(row["addresses"])]
    found += [words for row in answers[1] for words in atoms(row["dynamic_addresses"])]
    given = _by_address(found, [spec for spec, _ in wishes])
    for spec, logical in wishes:
        if logical.switch:
            with at(spec.place):
                _refuse(nb, spec, logical, given)


def _by_address(found: list[str], specs: list[PortSpec]) -> dict[str, list[str]]:
    """Return, by MAC and by IP address, the columns (`MAC IP IP`) that contain them; {} if none can be asked for.

    A substring search decides that: IPv4 addresses and MACs have one spelling only.
    """
    text = " ".join(found).lower()
    ipv6 = any(address.version == 6 for spec in specs for address in spec.addresses)
    parts = [part for spec in specs for part in (*(str(address.ip) for address in spec.addresses), spec.mac) if part]
    if not ipv6 and not any(part in text for part in parts):
        return {}
    given: dict[str, list[str]] = {}
    for words in found:
        for part in words.split():
            given.setdefault(plain(part), []).append(words)
    return given


def plain(part: str) -> str:
    """Normalize a MAC or an IP address for comparison: 2001:DB8:0::1 becomes 2001:db8::1."""
    if ":" not in part:
        return part.partition("/")[0]
    try:
        return str(parse_ip(part.partition("/")[0]))
    except ValueError:
        return part.lower()


def _refuse(nb: Ovsdb, spec: PortSpec, logical: LogicalFacts, given: dict[str, list[str]]) -> None:
    wishes = {f"--ipaddress={address}": plain(str(address.ip)) for address in spec.addresses}
    wishes |= {f"--macaddress={spec.mac}": spec.mac} if spec.mac else {}
    switch = logical.switch
    routers = [*(plain(str(router.ip)) for router in switch.routers), *switch.router_macs] if switch else []
    for wish, address in wishes.items():
        if address in routers:
            raise AddressTaken(f"{wish}: a router on switch {spec.logical_switch} already has it")
        for words in given.get(address, ()):
            if port := _holder(nb, words, logical):
                raise AddressTaken(f"{wish}: logical port {port} of switch {spec.logical_switch} already has it")


def _holder(nb: Ovsdb, words: str, logical: LogicalFacts) -> str | None:
    """Return the name of the port of this switch, other than our own, that has these addresses."""
    by_words = [["addresses", "includes", words], ["dynamic_addresses", "includes", words]]
    selects = [select(ops.PORT, each, columns=("_uuid", "name")) for each in by_words]
    ours = {port.uuid for port in logical.ours}
    others = [row for rows in nb.rows(selects) for row in rows if row["_uuid"][1] not in ours]
    switch = logical.switch.uuid if logical.switch else ""
    owners = nb.rows([ops.is_on(switch, row["_uuid"][1]) for row in others])
    return next((str(row["name"]) for row, owner in zip(others, owners) if owner), None)
