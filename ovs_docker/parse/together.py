"""Checks several PortSpecs for conflicts, whatever their source. Pure."""

from ovs_docker.errors import BadValue, Error
from ovs_docker.model.port import PortSpec


def sift(specs: list[PortSpec], failures: list[Error]) -> tuple[list[PortSpec], list[Error]]:
    """Return the ports that can be together, and the errors so far with those about the others.

    Refused are double ports, sockets and iface-ids, and addresses and MACs used twice on one network: a logical switch,
    or a VLAN of a bridge. The first that asks has it.
    """
    seen: dict[tuple[object, ...], str] = {}
    accepted = []
    for spec in specs:
        claims = _claims(spec)
        if taken := next(((what, seen[key]) for key, what in claims if key in seen), None):
            failures.append(BadValue(f"{taken[0]} is already used by {taken[1]}"))
            failures[-1].place = spec.place
        else:
            accepted.append(spec)
            seen.update((key, spec.place) for key, _ in claims)
    return accepted, failures


def _claims(spec: PortSpec) -> list[tuple[tuple[object, ...], str]]:
    network = ("logical switch", spec.logical_switch) if spec.logical_switch else (spec.bridge, spec.tag)
    claims: list[tuple[tuple[object, ...], str]] = [
        (("port", spec.container, spec.interface), f"interface {spec.interface} of container {spec.named}")
    ]
    claims += [(("socket", spec.socket), f"socket {spec.socket}")] if spec.socket else []
    claims += [(("address", *network, address.ip), f"address {address.ip}") for address in spec.addresses]
    claims += [(("iface-id", spec.iface_id), f"iface-id {spec.iface_id}")] if spec.iface_id else []
    claims += [(("mac", *network, spec.mac), f"MAC {spec.mac}")] if spec.mac else []
    return claims
