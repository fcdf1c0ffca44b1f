"""PortSpec to external_ids and back: the record that stands on the Interface row. No I/O.

Keys are named in names.py and documented in the man page's section RECORD.
"""

from ovs_docker.errors import BadValue
from ovs_docker.model import names
from ovs_docker.model.addresses import Address, parse_address, parse_gateway, parse_network
from ovs_docker.model.port import Container, PortRow, PortSpec, Route


def to_external_ids(spec: PortSpec, container: Container, mac: str) -> dict[str, str]:
    """Compose the record of an attached port; `mac` is the container end's."""
    ids = dict(spec.external_ids)
    ids.update(
        {
            names.CONTAINER_ID: spec.container,
            names.CONTAINER_IFACE: spec.interface,
            names.IFACE_ID: spec.iface_id or names.iface_id(container.name, spec.interface),
            names.ATTACHED_MAC: mac,
            names.OWNER: names.OURS,
            names.FULL_ID: container.id,
            names.NAME: container.name,
        }
    )
    optional = {
        names.ADDRESSES: ",".join(map(str, spec.addresses)),
        names.GATEWAY: ",".join(gateway.ip for gateway in spec.gateways),
        names.ROUTES: " ".join(map(str, spec.routes)),
        names.MTU: str(spec.mtu or ""),
        names.ENGINE: container.engine,
        names.LOGICAL_SWITCH: spec.logical_switch or "",
        names.PORT_SECURITY: "true" if spec.port_security else "",
        names.DYNAMIC: "true" if spec.dynamic else "",
    }
    ids.update((key, value) for key, value in optional.items() if value)
    return ids


def is_ours(ids: dict[str, str]) -> bool:
    return ids.get(names.OWNER) == names.OURS


def to_spec(row: PortRow) -> PortSpec:
    """Read back what was asked for; rows of the old script yield the three words and the VLAN only.

    Raises BadValue for a record that somebody else has written into.
    """
    try:
        return _to_spec(row)
    except ValueError as error:
        raise BadValue(f"the record of port {row.name} cannot be read: {error}", "del-port, then add-port") from None


def _to_spec(row: PortRow) -> PortSpec:
    ids = row.ids
    return PortSpec(
        bridge=row.bridge,
        interface=ids.get(names.CONTAINER_IFACE, ""),
        container=ids.get(names.CONTAINER_ID, ""),
        addresses=tuple(map(parse_address, _split(ids, names.ADDRESSES, ","))),
        gateways=tuple(map(parse_gateway, _split(ids, names.GATEWAY, ","))),
        routes=tuple(map(parse_route, _split(ids, names.ROUTES, " "))),
        mac=ids.get(names.ATTACHED_MAC),
        mtu=int(ids[names.MTU]) if ids.get(names.MTU) else None,
        tag=row.tag,
        trunks=row.trunks,
        iface_id=ids.get(names.IFACE_ID),
        logical_switch=ids.get(names.LOGICAL_SWITCH),
        port_security=names.PORT_SECURITY in ids,
        dynamic=names.DYNAMIC in ids,
        external_ids=tuple((key, value) for key, value in ids.items() if key not in names.RESERVED),
    )


def _split(ids: dict[str, str], key: str, separator: str) -> list[str]:
    return [part for part in ids.get(key, "").split(separator) if part]


def parse_route(text: str) -> Route:
    """Read DST[,via], both as the option --route and as the record write it; raise ValueError."""
    destination, comma, via = text.partition(",")
    route = Route(parse_network(destination), parse_gateway(via) if comma else None)
    if route.via and route.via.family != route.destination.family:
        raise ValueError("mixes IPv4 and IPv6")
    return route


def differences(asked: PortSpec, row: PortRow) -> list[str]:
    """Name the options given in `asked` that the attached port was not given, for --may-exist."""
    there = to_spec(row)
    pairs: list[tuple[str, object, object]] = [
        ("BRIDGE", asked.bridge, row.parent if asked.bridge == row.parent else row.bridge),
        ("--ipaddress", _texts(asked.addresses), _texts(there.addresses)),
        ("--ipaddress", asked.dynamic or None, there.dynamic),
        ("--gateway", _texts(asked.gateways), _texts(there.gateways)),
        ("--route", asked.routes, there.routes),
        ("--macaddress", asked.mac, there.mac),
        ("--mtu", asked.mtu, there.mtu),
        ("--vlan", asked.tag, there.tag),
        ("--trunks", asked.trunks, there.trunks),
        ("--iface-id", asked.iface_id, there.iface_id),
        ("--logical-switch", asked.logical_switch, there.logical_switch),
        ("--port-security", asked.port_security or None, there.port_security),
        ("--ofport", asked.ofport, row.ofport),
        ("--datapath-type", asked.datapath_type, row.datapath_type or "system"),
    ]
    named = [name for name, wish, fact in pairs if wish not in (None, ()) and wish != fact]
    missing = [f"--external-id={key}" for key, value in dict(asked.external_ids).items() if row.ids.get(key) != value]
    return named + missing


def _texts(addresses: tuple[Address, ...]) -> tuple[str, ...]:
    return tuple(map(str, addresses))
