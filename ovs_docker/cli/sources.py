"""The ports that a call of add-ports, del-ports or sync names, by words, file or labels. parse/ reads each."""

from __future__ import annotations

import os
import sys
from select import select
from typing import TYPE_CHECKING

from ovs_docker import signals
from ovs_docker.cli.words import Call, too_few
from ovs_docker.deadline import Deadline
from ovs_docker.errors import BadValue, Error, UsageError
from ovs_docker.model.port import PortSpec
from ovs_docker.parse import together
from ovs_docker.parse.options import NAMES
from ovs_docker.report.outcome import Outcome
from ovs_docker.world import World

if TYPE_CHECKING:
    from ovs_docker.verbs.labelled import Labels

_LONGEST = 64 << 20  # bytes


def specs(world: World, words: list[str], call: Call) -> list[PortSpec]:
    """Return the ports of the one source that the call names; raise for none or several, and for all invalid ports."""
    found, failures = readable(world, words, call)
    if failures:
        failures[0].also = failures[1:]
        raise failures[0]
    return found


def readable(world: World, words: list[str], call: Call) -> tuple[list[PortSpec], list[Error]]:
    """Return the valid ports of the source, and errors for the others."""
    given = [name for name in ("file", "labels") if call.value(name) or (name == "labels" and call.flag(name))]
    if len(given) + bool(words) > 1:
        words_or = "words or " if call.verb.words else ""
        raise UsageError(f"needs either {words_or}--file or --labels", verb=call.verb.name)
    if given:
        _refuse_options(call, given[0])
    wanted = labels(call)
    return together.sift(*_read(world, words, call, wanted))


def _read(world: World, words: list[str], call: Call, labels: Labels | None) -> tuple[list[PortSpec], list[Error]]:
    if name := call.value("file"):
        from ovs_docker.parse.file import readable as from_file

        with signals.waiting():  # the writer of a pipe may be slow
            return from_file("standard input" if name == "-" else name, _text(name, world.deadline))
    if labels:
        from ovs_docker.verbs.labelled import readable as from_labels

        found = from_labels(world, world.docker.containers(), labels)
        if not any(found) and (labels.project or call.verb.words):
            of = f" of project {labels.project}" if labels.project else ""
            world.notes.append(f"no running container{of} has a label ovs-docker.INTERFACE")
        return found
    if call.flag("file") and not call.verb.words:
        raise BadValue("needs a value", "empty it would mean: no file", option="file")
    if len(words) < 3:
        raise too_few(call.verb, words)
    from ovs_docker.parse.pool import port_specs as from_words

    return from_words(words[0], words[1], words[2:], call.options), []


def labels(call: Call) -> Labels | None:
    """Return which labels count; None: none are read, and options on them would be thought to limit what is done."""
    if not call.flag("labels"):
        for name in filter(call.flag, ("project", "label-bridges", "image-labels")):
            hint = "it chooses among labelled containers"
            raise BadValue("needs --labels", hint, option=name, value=call.value(name) or None)
        return None
    from ovs_docker.verbs.labelled import Labels

    bridges = call.value("label-bridges").split(",") if call.flag("label-bridges") else []
    if not all(bridges):
        raise BadValue("needs names of bridges", option="label-bridges", value=call.value("label-bridges"))
    return Labels(call.value("project") or None, call.flag("image-labels"), frozenset(bridges), {})


def _refuse_options(call: Call, source: str) -> None:
    for name in NAMES:
        if call.flag(name):
            said, hint = f"has no effect with --{source}", "set it for each port there"
            raise BadValue(said, hint, option=name, value=call.value(name) or None)


def _text(name: str, deadline: Deadline) -> str:
    try:
        if name == "-":
            return _read_all(sys.stdin.fileno(), name, deadline).decode()
        with open(name, "rb", buffering=0, opener=_open) as source:
            return _read_all(source.fileno(), name, deadline).decode()
    except OSError as error:
        raise BadValue(error.strerror or "cannot be read", option="file", value=name) from None
    except UnicodeDecodeError:
        raise BadValue("is not UTF-8 text", option="file", value=name) from None


def _open(name: str, flags: int) -> int:
    """Open a file; a FIFO that nobody writes to is not waited for here."""
    return os.open(name, flags | os.O_NONBLOCK)


def _read_all(source: int, name: str, deadline: Deadline) -> bytes:
    """Read to the end: at most _LONGEST bytes, for as long as the call may take."""
    data = bytearray()
    while select([source], [], [], deadline.left(f"the writer of {name}"))[0] and (part := os.read(source, 1 << 20)):
        data += part
        if len(data) > _LONGEST:
            raise BadValue(f"is longer than {_LONGEST >> 20} MiB", option="file", value=name)
    deadline.left(f"the writer of {name}")
    return bytes(data)


def print_schema() -> Outcome:
    """Return the JSON Schema of a file, for editors."""
    import json

    from ovs_docker.parse.schema import schema

    return Outcome([schema()], json.dumps(schema(), indent=2).splitlines())
