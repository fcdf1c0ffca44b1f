"""Decides what sync does about what resolve/survey.py has found. Pure; restore.py plans the restoring."""

from collections.abc import Iterator
from typing import NamedTuple

from ovs_docker.apply.changes import WriteRecord
from ovs_docker.apply.pairs import RemoveLeftovers
from ovs_docker.apply.runner import Step
from ovs_docker.errors import BadValue
from ovs_docker.model import names
from ovs_docker.model.container import Listed, is_full_id
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.model.record import KEYS, Record
from ovs_docker.parse.recorded import check_owner, spec_of, unreadable
from ovs_docker.resolve.survey import Survey

Wish = tuple[PortSpec, PortRow | None]


class Decision(NamedTuple):
    """`remove` are ports of removed containers, `restore` those whose container runs without its interface."""

    remove: list[PortRow]
    restore: list[PortRow]
    adopt: list[PortRow]


def decide(survey: Survey, adopt: bool) -> Decision:
    """Sort the recorded ports; the old script's are left alone unless they are to be adopted.

    So are those of another engine's containers: that the one which was asked knows none of them says nothing. Nor does
    it where the container is here all the same.
    """
    ours = _ours(survey)
    restore = [row for row in ours if _runs(row, survey) and not row.is_live(survey.links)]
    gone = [row for row in ours if is_full_id(row.record.full_id) and row.record.full_id not in survey.listed]
    remove = [row for row in gone if row.name not in survey.kept]
    theirs = [row for row in survey.rows if adopt and not row.record.owner and row.is_live(survey.links)]
    return Decision(remove, restore, theirs)


def with_rows(wishes: list[PortSpec], decision: Decision, survey: Survey) -> list[Wish]:
    """Pair wishes with the ports that are to be restored and that they may be about; None for none."""
    rows = {(row.record.full_id, row.record.interface): row for row in decision.restore}
    ids = {container.name: container.id for container in survey.listed.values()}
    return [(spec, rows.get((ids.get(spec.container, spec.container), spec.interface))) for spec in wishes]


def owners(wishes: list[PortSpec], survey: Survey) -> set[str]:
    """Return whose the ports are that are wished for (model/names.py)."""
    ids = {container.name: container.id for container in survey.listed.values()}
    return {names.owner(ids.get(spec.container, spec.container), spec.interface) for spec in wishes}


def is_logical(wish: Wish) -> bool:
    """Tell whether OVN has a part in a wish, or in restoring its port."""
    spec, row = wish
    return bool(spec.logical_switch or (row and row.record.logical_switch))


def kept(survey: Survey) -> list[PortRow]:
    """Return the ports that stay because their containers are here, although the engine does not know them."""
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


def record(row: PortRow, record: Record) -> list[Step]:
    """Plan to write a record for a port of the old script."""
    return [WriteRecord(row, record)]


def restored_spec(row: PortRow, listed: dict[str, Listed]) -> PortSpec:
    """Return what a port is to be again; the container is named by its full id, which outlives renaming."""
    _check_record(row)
    spec = spec_of(row)
    full_id = row.record.full_id
    name = listed[full_id].name if full_id in listed else row.record.name or full_id
    place = f"port {row.name} ({row.record.interface} of container {name})"
    return spec._replace(container=full_id, place=place)


def _check_record(row: PortRow) -> None:
    """Refuse a record that somebody has taken something out of without which nothing can be restored."""
    needed = ["interface", "full_id", "mac", *(["iface_id"] if row.record.logical_switch else [])]
    missing = [KEYS[field] for field in needed if not getattr(row.record, field)]
    if missing:
        raise unreadable(row, f"no {', '.join(missing)}")


def nobodys(survey: Survey) -> Iterator[BadValue]:
    """Return errors for the ports of ours of which nobody can tell whose they are: they are left alone."""
    for row in survey.rows:
        try:
            if row.record.is_ours:
                check_owner(row)
        except BadValue as error:
            yield error
