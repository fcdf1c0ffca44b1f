"""What a verb did, as data: one object per port, one line per step. report/text.py formats it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ovs_docker.errors import Error

if TYPE_CHECKING:
    from ovs_docker.model.port import PortRow
else:
    PortRow = object  # strings cost a NamedTuple 0.1 ms each


class Outcome(NamedTuple):
    """The result of one verb: `data` for JSON, `lines` for people, `warnings` for stderr."""

    data: list[dict[str, Any]]
    lines: Sequence[str] | None = None
    """None: the verb prints nothing; a dry run prints its steps instead."""
    warnings: Sequence[str] = ()
    done: Sequence[str] = ()
    """What was changed, a line each, for verbs that report it."""


def dry_run(outcome: Outcome, sentences: Sequence[str]) -> Outcome:
    """Replace the outcome of a dry run by the descriptions of its steps, in order."""
    if outcome.lines is not None:
        return outcome
    return Outcome([{"step": line} for line in sentences], sentences or ["nothing to do"], outcome.warnings)


def port_object(row: PortRow, state: str, container_name: str = "", read: Mapping[str, Any] = {}) -> dict[str, Any]:
    """Describe a port as JSON does; unknown values are null, empty lists mean none.

    `read` are members that were read in the container: the old script recorded neither MAC nor addresses.
    """
    record = row.record
    return {
        "bridge": row.bridge,
        "port": row.name,
        "container_id": record.typed or None,
        "container_name": container_name or record.name or None,
        "interface": record.interface or None,
        "iface_id": record.iface_id or None,
        "logical_switch": record.logical_switch or None,
        "mac": record.mac or None,
        "addresses": record.addresses.split(",") if record.addresses else [],
        "mtu": row.mtu or (int(record.mtu) if record.mtu.isdecimal() and len(record.mtu) < 6 else None),
        "tag": row.tag,
        "trunks": list(row.trunks),
        "ofport": row.ofport,
        "state": state,
        "error": row.error or None,
        **({"socket": row.socket} if row.socket else {}),
        **read,
    }


class SomeFailed(Error):
    """Some items of a batch failed, as with --keep-going; `data`, `lines`, `warnings` are about the others."""

    code = "some-failed"

    def __init__(
        self,
        failures: list[Error],
        said: str,
        data: list[dict[str, Any]],
        lines: Sequence[str] = (),
        warnings: Sequence[str] = (),
    ) -> None:
        super().__init__(said)
        self.failures = failures
        self.data = data
        self.lines = lines
        self.warnings = warnings


class Unwell(Error):
    """check found something wrong; `lines` report everything checked, `data` the same for JSON."""

    code = "unwell"

    def __init__(self, findings: int, data: list[dict[str, Any]], lines: Sequence[str]) -> None:
        super().__init__(f"{findings} thing{'s are' if findings > 1 else ' is'} wrong")
        self.data = data
        self.lines = lines
