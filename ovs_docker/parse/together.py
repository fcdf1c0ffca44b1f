"""Checks several PortSpecs for conflicts, whatever their source. Pure."""

from ovs_docker.errors import BadValue, Error
from ovs_docker.model.port import PortSpec


def check(specs: list[PortSpec]) -> list[PortSpec]:
    """Refuse double ports and iface-ids, and addresses and MACs used twice on one network; return the specs.

    A network is a logical switch, or a VLAN of a bridge.
    """
    seen: dict[tuple[object, ...], PortSpec] = {}
    for spec in specs:
        for key, what in _claims(spec):
            if key in seen:
                error = BadValue(f"{what} is already used by {seen[key].place}")
                error.place = spec.place
                raise error
            seen[key] = spec
    return specs


def _claims(spec: PortSpec) -> list[tuple[tuple[object, ...], str]]:
    network = ("logical switch", spec.logical_switch) if spec.logical_switch else (spec.bridge, spec.tag)
    claims: list[tuple[tuple[object, ...], str]] = [
        (("port", spec.container, spec.interface), f"interface {spec.interface} of container {spec.container}")
    ]
    claims += [(("address", *network, address.ip), f"address {address.ip}") for address in spec.addresses]
    claims += [(("iface-id", spec.iface_id), f"iface-id {spec.iface_id}")] if spec.iface_id else []
    claims += [(("mac", *network, spec.mac), f"MAC {spec.mac}")] if spec.mac else []
    return claims


def sift(specs: list[PortSpec], failures: list[Error]) -> tuple[list[PortSpec], list[Error]]:
    """Return the ports that can be together, and the errors so far with those about the others."""
    while True:
        try:
            return check(specs), failures
        except BadValue as error:
            failures.append(error)
            specs = [spec for spec in specs if spec.place != error.place]
