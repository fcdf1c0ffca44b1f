"""PortSpec to the record and back, and how what is asked for differs from what is recorded, by the option table.

Anybody may write into a row: what is read back is checked like the words of a stranger.
"""

from typing import Any

from ovs_docker.errors import BadValue
from ovs_docker.model.container import Container, is_full_id
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.model.record import KEYS, OURS, Record
from ovs_docker.parse import readers
from ovs_docker.parse.options import PORT, Option
from ovs_docker.parse.spec import check_interface

_RECORDED = [option for option in PORT if option.field in Record._fields]


def record_of(spec: PortSpec, container: Container, mac: str) -> Record:
    """Compose the record of an attached port; `mac` is the container end's."""
    asked: dict[str, Any] = {option.field: _text(option, getattr(spec, option.field)) for option in _RECORDED}
    return Record(**asked)._replace(
        typed=spec.container,
        interface=spec.interface,
        iface_id=spec.iface_id_in(container.name),
        mac=mac,
        owner=OURS,
        full_id=container.id,
        name=container.name,
        engine=container.engine,
        dynamic="true" if spec.dynamic else "",
        ips=() if spec.logical_switch else tuple(str(address.ip) for address in spec.addresses),
        others=spec.external_ids,
    )


def _text(option: Option, value: Any) -> str:
    if isinstance(value, tuple):
        return (" " if option.many else ",").join(map(str, value))
    return "true" if value is True else str(value) if _is_given(value) else ""


def spec_of(row: PortRow) -> PortSpec:
    """Read back what was asked for, on the bridge and VLANs where the port is now.

    Rows of the old script yield the three words and the VLAN only.

    Raises BadValue for a record that somebody else has written into.
    """
    record = row.record
    check_owner(row)
    fields = _fields(row)
    try:
        check_interface(record.interface)
    except BadValue as error:
        raise unreadable(row, error.message) from None
    return PortSpec(
        row.bridge,
        record.interface,
        record.typed,
        dynamic=bool(record.dynamic),
        external_ids=record.others,
        **fields | {"tag": row.tag, "trunks": row.trunks},
    )


def asked_vlans(row: PortRow) -> tuple[int | None, tuple[int, ...]]:
    """Read back the VLAN and trunks asked for; raise BadValue for a record that somebody else has written into."""
    fields = _fields(row)
    return fields.get("tag"), fields.get("trunks", ())


def _fields(row: PortRow) -> dict[str, Any]:
    """Read back the options, by field of PortSpec."""
    fields = {}
    for option in _RECORDED:
        if text := getattr(row.record, option.field):
            try:
                fields[option.field] = _value(option, text)
            except ValueError as error:
                raise unreadable(row, f"{KEYS[option.field]} {error}") from None
    return fields


def check_owner(row: PortRow) -> None:
    """Refuse a record that does not say which container has the port: such a port is nobody's to remove."""
    if row.record.full_id and not is_full_id(row.record.full_id):
        raise unreadable(row, f"{KEYS['full_id']} is not a container's id")


def unreadable(row: PortRow, why: str) -> BadValue:
    """Return the error for a record that somebody else has written into."""
    return BadValue(f"the record of port {row.name} cannot be read: {why}", "del-port, then add-port")


def _value(option: Option, text: str) -> Any:
    read = getattr(readers, option.field)
    return tuple(map(read, text.split())) if option.many else read(text)


def differences(asked: PortSpec, row: PortRow) -> list[str]:
    """Name the options given in `asked` that the attached port was not given, for --may-exist."""
    there = spec_of(row)._replace(ofport=row.ofport, datapath_type=row.datapath_type or "system")
    bridge = row.parent if asked.bridge == row.parent else row.bridge
    named = ["BRIDGE"] if asked.bridge != bridge else []
    named += ["INTERFACE"] if asked.interface != there.interface else []
    for option in PORT:
        if option.field == "external_ids":
            known = dict(there.external_ids)
            missing = (key for key, value in dict(asked.external_ids).items() if known.get(key) != value)
            named += [f"--{option.name}={key}" for key in missing]
        elif _differs(option.field, asked, there):
            named.append(f"--{option.name}")
    return named


def _differs(field: str, asked: PortSpec, there: PortSpec) -> bool:
    wish = getattr(asked, field)
    if field == "vhost_user":  # not giving it asks for a veth pair
        return bool(wish != there.vhost_user)
    chosen = field == "addresses" and asked.dynamic and not there.dynamic
    return chosen or (_is_given(wish) and wish != getattr(there, field))


def _is_given(value: Any) -> bool:
    return value is not None and value is not False and value != ()
