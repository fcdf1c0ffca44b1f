"""The command line: words in, lines and an exit status out, and the one door where errors are caught.

Nothing is imported before it is needed: see CONTRIBUTING.md on the time of one add-port.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from ovs_docker import __version__, signals
from ovs_docker.cli.grammar import NO_VERB, Verb
from ovs_docker.cli.words import Call, read
from ovs_docker.errors import Error, Interrupted, TooFewWords

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovs_docker.report.outcome import Outcome


INTERRUPTED = 130  # what a shell says of a command that Ctrl-C has ended


def entry() -> NoReturn:
    """Run the command and end the process.

    Neither collecting garbage nor tearing the interpreter down is worth its time here: 10 ms of the
    40 that loading everything takes.
    """
    gc.disable()
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from ovs_docker.cli.streams import stand_in

        stand_in()
    status = main(sys.argv)
    try:
        sys.stdout.flush()
    except OSError:
        status = status or 1
    if status == INTERRUPTED:
        signals.end_by_ctrl_c()
    os._exit(status)


def main(argv: list[str]) -> int:
    """Run one call; return the exit status: 0 done, 1 not done, 130 interrupted."""
    program = os.path.basename(argv[0])
    json = _wants_json(argv[1:])
    try:
        signals.listen()
        return _main(program, argv[1:])
    except (Interrupted, KeyboardInterrupt) as interruption:
        return _fail(program, "", interruption, INTERRUPTED, json)
    except Error as error:
        return _fail(program, "", error, 1, json)
    except BrokenPipeError:
        return 1  # whoever read us has gone: there is nobody to tell
    except OSError as error:
        return _fail(program, "", Error(f"{error.strerror or error}"), 1, json)


def _main(program: str, args: list[str]) -> int:
    if args[:1] == ["complete"]:
        return _complete(args[1:])
    call = read(args or ["--help"])
    if call.flag("help"):
        return _help(program, call.verb, 0)
    if call.flag("version"):
        _put_out(f"ovs-docker {__version__}\n")
        return 0
    verb, json = call.verb.name, call.value("format") == "json"
    try:
        outcome = _run(call)
        return _print(program, call, outcome, json) if outcome else 0
    except TooFewWords as error:
        return _fail(program, verb, error, 1, json) if json else _help(program, NO_VERB, 1)
    except (Interrupted, KeyboardInterrupt) as interruption:
        return _fail(program, verb, interruption, INTERRUPTED, json)
    except Error as error:
        return _fail(program, verb, error, 1, json)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _fail(program, verb, Error(f"{error.strerror or error}"), 1, json)


def _run(call: Call) -> Outcome | None:
    from ovs_docker.cli.commands import run

    return run(call)


def _help(program: str, verb: Verb, status: int) -> int:
    from ovs_docker.cli.help import page

    _put_out(page(program, verb))
    return status


def _complete(args: list[str]) -> int:
    from ovs_docker.cli.complete import candidates

    _put_out("".join(f"{line}\n" for line in candidates(args)))
    return 0


def _print(program: str, call: Call, outcome: Outcome, as_json: bool) -> int:
    if as_json:
        import json

        from ovs_docker.report.text import success

        _put_out(json.dumps(success(call.verb.name, outcome)) + "\n")
    else:
        _put_out(_text(outcome.lines or ()))
    if not call.flag("quiet"):
        _say([f"{program}: {warning}" for warning in outcome.warnings])
    return 0


def _text(lines: Iterable[str]) -> str:
    """Compose lines that can be shown, whatever stands in the database."""
    lines = list(lines)
    if not all(map(str.isprintable, lines)):
        from ovs_docker.report.text import printable

        lines = map(printable, lines)
    return "".join(f"{line}\n" for line in lines)


def _put_out(text: str) -> None:
    """Write to standard output, and see that it has been taken."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Error(f"cannot write to standard output: {error.strerror}") from None


def _fail(program: str, verb: str, error: BaseException, status: int, as_json: bool) -> int:
    """Tell an error on stderr, and as an object on stdout where JSON is wanted."""
    from ovs_docker.report import text as report

    if as_json:
        import json

        said = json.dumps(report.failure(verb, error)) + "\n"
    else:
        said = _text(getattr(error, "lines", ()))
    with suppress(Error):  # there is something worse to tell
        _put_out(said)
    _say(report.lines(program, error))
    return status


def _say(lines: list[str]) -> None:
    """Write to standard error, as far as that can be."""
    try:
        sys.stderr.write(_text(lines))
        sys.stderr.flush()
    except OSError:
        pass


def _wants_json(args: list[str]) -> bool:
    """Tell whether JSON is asked for, even by words in which no call can be made out; the last --format wins."""
    for arg, following in reversed(list(zip(args, [*args[1:], ""]))):
        if arg in ("--format", "-f"):
            return following == "json"
        if arg in ("--format=json", "--format=table", "-fjson", "-ftable"):
            return arg.endswith("json")
    return False
