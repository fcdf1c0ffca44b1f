"""Outcome and errors to text and JSON. Pure; cli/ prints them."""

from typing import Any

from ovs_docker.errors import Error, UsageError, printable
from ovs_docker.report.outcome import Outcome, SomeFailed

_COLUMNS = (
    ("BRIDGE", "bridge"),
    ("PORT", "port"),
    ("CONTAINER", "container_name"),
    ("INTERFACE", "interface"),
    ("STATE", "state"),
    ("OFPORT", "ofport"),
    ("VLAN", "tag"),
    ("MAC", "mac"),
    ("ADDRESSES", "addresses"),
)


_DISPENSABLE = ("MAC", "PORT", "OFPORT", "VLAN")


def table(ports: list[dict[str, Any]], width: int = 0) -> list[str]:
    """Return a table of ports with a header; vswitchd's errors are at the ends of lines.

    On a terminal of `width` columns it has fewer of its own, so that lines do not wrap: first those without a value
    go, then those that scripts read.
    """
    lines = [[title for title, _ in _COLUMNS]]
    lines += [[printable(_cell(port, key)) for _, key in _COLUMNS] for port in ports]
    columns = list(zip(*lines))
    empty = [column[0] for column in columns if set(column[1:]) == {"-"}]
    for title in (*empty, *_DISPENSABLE):
        if not width or sum(max(map(len, column)) + 2 for column in columns) - 2 <= width:
            break
        columns = [column for column in columns if column[0] != title]
    widths = [max(map(len, column)) for column in columns]
    tails = ["", *(f"  {port['error']}" if port["error"] else "" for port in ports)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths)) for line in zip(*columns))
    return [line.rstrip() + tail for line, tail in zip(padded, tails)]


_NETWORK = ("NETWORK", "MODE", "BRIDGE", "VLAN", "SUBNETS", "ENDPOINTS")


def networks_table(networks: list[dict[str, Any]]) -> list[str]:
    """Return a table of Docker networks with a header."""
    lines: list[tuple[str, ...]] = [_NETWORK]
    for each in networks:
        subnets, tag = ",".join(each["subnets"]) or "-", "-" if each["tag"] is None else str(each["tag"])
        name = printable(each["name"] or each["network"][:12])
        lines.append((name, each["mode"], each["bridge"], tag, subnets, str(each["endpoints"])))
    widths = [max(map(len, column)) for column in zip(*lines)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]


def _cell(port: dict[str, Any], key: str) -> str:
    value = port[key]
    if key == "addresses" and "socket" in port:
        return str(port["socket"])
    if key == "container_name":
        value = value or port["container_id"]
    if key == "tag":
        return _vlan(port)
    if isinstance(value, list):
        return ",".join(map(str, value)) or "-"
    return "-" if value is None else str(value)


def _vlan(port: dict[str, Any]) -> str:
    """Show the tag, the trunks, or both: 5, 10,20-29, 5+10,20-29."""
    tag = "" if port["tag"] is None else str(port["tag"])
    return "+".join(filter(None, (tag, ranges(port["trunks"])))) or "-"


def ranges(numbers: list[int]) -> str:
    """Abbreviate numbers: 10,20-29."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    return ",".join("-".join(map(str, part)) for part in parts)


def envelope(command: str, data: list[dict[str, Any]], errors: list[dict[str, str]]) -> dict[str, Any]:
    """Wrap a verb's result or its errors; `version` changes with the format."""
    status = "error" if errors else "success"
    return {"version": 1, "command": command, "status": status, "data": data, "errors": errors}


def success(command: str, outcome: Outcome) -> dict[str, Any]:
    return envelope(command, outcome.data, [])


def failure(command: str, error: BaseException) -> dict[str, Any]:
    """Compose the envelope of a failure: the first cause, then what could not be undone."""
    if isinstance(error, SomeFailed):
        left = [undone for failure in error.failures for undone in undo_errors(failure)]
        return envelope(command, error.data, [_error_object(each) for each in (*error.failures, *left)])
    data, causes = getattr(error, "data", []), _causes(error)
    left = [undone for cause in causes for undone in undo_errors(cause)]
    return envelope(command, data, [_error_object(each) for each in (*causes, *left)])


def _error_object(error: BaseException) -> dict[str, str]:
    if isinstance(error, Error):
        return {"code": error.code, "message": _placed(error), "hint": error.hint}
    return {"code": "interrupted", "message": sentence(error), "hint": ""}


def undo_errors(error: BaseException) -> list[Error]:
    return list(getattr(error, "undo_errors", ()))


def lines(program: str, error: BaseException) -> list[str]:
    """Return one line for each error of the batch, and one for each thing that could not be undone.

    What to write instead of wrong words is a line of its own: the one before it is the old script's.
    """
    verb = f" {error.verb}" if isinstance(error, UsageError) and error.verb else ""
    causes = _causes(error)
    undone = [left for cause in causes for left in undo_errors(cause)]
    said = [f"{program}{verb}: {sentence(cause)}" for cause in causes]
    said += [f"{program}{verb}: {error.hint}"] if isinstance(error, UsageError) and error.hint else []
    return said + [f"{program}: could not undo: {sentence(left)}" for left in undone]


def _causes(error: BaseException) -> list[BaseException]:
    if isinstance(error, SomeFailed):
        return [*error.failures, error]
    return [error, *(error.also if isinstance(error, Error) else ())]


def sentence(error: BaseException) -> str:
    """Return an error as one printable line, whatever it quotes from files and labels."""
    if not isinstance(error, Error):
        return str(getattr(error, "said", "interrupted"))
    said = _placed(error) if error.exact or not error.hint else f"{_placed(error)} ({error.hint})"
    return printable(" ".join(said.split()))


def _placed(error: Error) -> str:
    return f"{error.place}: {error.message}" if error.place else error.message
