"""Decides what sync does about what resolve/survey.py has found. Pure; restore.py plans the restoring."""

from collections.abc import Iterator
from typing import NamedTuple

from ovs_docker.apply.changes import RecordNumbers, WriteRecord
from ovs_docker.apply.pairs import RemoveLeftovers
from ovs_docker.apply.runner import Step
from ovs_docker.errors import BadValue
from ovs_docker.model import names
from ovs_docker.model.container import Listed, is_full_id
from ovs_docker.model.port import LAST_NUMBER, PortRow, PortSpec
from ovs_docker.model.record import KEYS, Record
from ovs_docker.parse.recorded import check_owner, spec_of, unreadable
from ovs_docker.resolve.ends import amiss
from ovs_docker.resolve.survey import Survey

Wish = tuple[PortSpec, PortRow | None]


class Decision(NamedTuple):
    """`remove` are ports of removed containers, `restore` those whose container runs without its interface.

    `repair` are attached ports whose ends are not as recorded.
    """

    remove: list[PortRow]
    restore: list[PortRow]
    adopt: list[PortRow]
    repair: list[PortRow] = []


def decide(survey: Survey, adopt: bool) -> Decision:
    """Sort the recorded ports; the old script's are left alone unless they are to be adopted.

    Ports of another engine's containers are left alone too: this one does not know those containers. So are ports whose
    containers are on this host although the engine does not list them.
    """
    ours = _ours(survey)
    restore = [row for row in ours if _runs(row, survey) and not row.is_live(survey.links)]
    gone = [row for row in ours if is_full_id(row.record.full_id) and row.record.full_id not in survey.listed]
    remove = [row for row in gone if row.name not in survey.kept]
    theirs = [row for row in survey.rows if adopt and not row.record.owner and row.is_live(survey.links)]
    repair = [row for row in ours if row.name in survey.links and row not in restore and _is_amiss(row, survey)]
    return Decision(remove, restore, theirs, repair)


def _is_amiss(row: PortRow, survey: Survey) -> bool:
    """Tell whether the ends of a port are not as recorded; a record that cannot be read is check's business."""
    ends = survey.ends.get(row.name)
    try:
        return bool(ends and ends.inside and any(amiss(row, ends.inside, ends.host_end)))
    except BadValue:
        return False


def with_rows(wishes: list[PortSpec], decision: Decision, survey: Survey) -> list[Wish]:
    """Pair each wish with the port to restore that it asks for, if there is one."""
    rows = {(row.record.full_id, row.record.interface): row for row in decision.restore}
    ids = {container.name: container.id for container in survey.listed.values()}
    return [(spec, rows.get((ids.get(spec.container, spec.container), spec.interface))) for spec in wishes]


def owners(wishes: list[PortSpec], survey: Survey) -> set[str]:
    """Return the owners (model/names.py) of the ports asked for."""
    ids = {container.name: container.id for container in survey.listed.values()}
    return {names.owner(ids.get(spec.container, spec.container), spec.interface) for spec in wishes}


def is_logical(wish: Wish) -> bool:
    """Tell whether a wish, or the port to restore for it, has a logical port of OVN."""
    spec, row = wish
    return bool(spec.logical_switch or (row and row.record.logical_switch))


def kept(survey: Survey) -> list[PortRow]:
    """Return the ports that stay because their containers are on this host, although the engine does not list them."""
    return [row for row in _ours(survey) if row.name in survey.kept]


def on_logical_switches(survey: Survey) -> list[PortRow]:
    """Return the ports of running containers that have a logical port of OVN."""
    return [row for row in _ours(survey) if row.record.logical_switch and _runs(row, survey)]


def _ours(survey: Survey) -> list[PortRow]:
    ours = [row for row in survey.rows if row.record.is_ours and not row.is_strange(survey.others)]
    return [row for row in ours if row.record.full_id in survey.listed or row.record.engine in survey.engines]


def strange(survey: Survey) -> list[PortRow]:
    """Return the ports that only bear our mark: their devices are not ours."""
    return [row for row in survey.rows if row.record.is_ours and row.is_strange(survey.others)]


def _runs(row: PortRow, survey: Survey) -> bool:
    container = survey.listed.get(row.record.full_id)
    return bool(container and container.running)


def clear(links: dict[str, int]) -> list[Step]:
    """Plan to delete stray veth pairs."""
    return [RemoveLeftovers(links)] if links else []


def write_record(row: PortRow, record: Record) -> list[Step]:
    """Plan to write a record for a port of the old script."""
    return [WriteRecord(row, record)]


def unnumbered(survey: Survey) -> list[PortRow]:
    """Return the working ports of ours whose OpenFlow number is not recorded: no add-port waited for it.

    One that no port can have, as somebody may have written, would make the record unreadable.
    """
    live = [row for row in _ours(survey) if row.is_live(survey.links) and row.record.full_id]
    return [row for row in live if not row.record.ofport and (row.ofport or 0) <= LAST_NUMBER]


def numbers(rows: list[PortRow]) -> list[Step]:
    """Plan to record their numbers."""
    return [RecordNumbers(rows)] if rows else []


def restored_spec(row: PortRow, listed: dict[str, Listed]) -> PortSpec:
    """Return the spec that restores a port; it names the container by its full id, which renaming does not change."""
    _check_record(row)
    spec = spec_of(row)
    full_id = row.record.full_id
    name = listed[full_id].name if full_id in listed else row.record.name or full_id
    place = f"port {row.name} ({row.record.interface} of container {name})"
    # A number is requested again, but a port is not left unrestored because another one has it.
    return spec._replace(container=full_id, place=place, ofport=None)


def _check_record(row: PortRow) -> None:
    """Refuse a record that lacks a pair needed for restoring the port: somebody removed it."""
    needed = ["interface", "full_id", *([] if row.socket else ["mac"])]
    needed += ["iface_id"] if row.record.logical_switch else []
    missing = [KEYS[field] for field in needed if not getattr(row.record, field)]
    if missing:
        raise unreadable(row, f"no {', '.join(missing)}")


def nobodys(survey: Survey) -> Iterator[BadValue]:
    """Return errors for ports of ours whose record does not name their container: they are left alone."""
    for row in survey.rows:
        try:
            if row.record.is_ours:
                check_owner(row)
        except BadValue as error:
            yield error
