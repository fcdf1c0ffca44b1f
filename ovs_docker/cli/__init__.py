"""The command line: words in, lines and an exit status out; all errors are caught here.

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
from ovs_docker.errors import Error, Interrupted, TooFewWords, UsageError, printable

if TYPE_CHECKING:
    from ovs_docker.report.outcome import Outcome


INTERRUPTED = 130  # the shell's status of a command that Ctrl-C has ended


def entry() -> NoReturn:
    """Run the command and end the process, without garbage collection or interpreter shutdown, which take 10 ms."""
    gc.disable()
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from ovs_docker.cli.streams import stand_in

        stand_in()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # not every locale has every name
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
    program, args = os.path.basename(argv[0]), argv[1:]
    call = Call(NO_VERB, [], {"format": ["json"]} if _wants_json(args) else {})  # until the words are read
    try:
        signals.listen()
        if args[:1] == ["complete"]:
            return _complete(args[1:])
        typed = read(args or ["--help"])
        if typed.flag("help"):
            return _help(program, typed.verb, 0)
        if typed.flag("version"):
            return _put_out(f"ovs-docker {__version__}\n")
        call = typed
        return _main(program, call)
    except BrokenPipeError:
        return 1  # nobody reads the output
    except _SYSTEMS as error:
        return _fail(program, call, _of_the_system(error), 1)
    except (Interrupted, KeyboardInterrupt, Error) as error:
        return _fail(program, call, error, 1 if isinstance(error, Error) else INTERRUPTED)


def _main(program: str, call: Call) -> int:
    try:
        outcome = _run(call)
    except TooFewWords as error:
        if _is_json(call):
            raise
        _help(program, NO_VERB, 1)
        _say([f"{program} {error.verb}: {error.hint}"])
        return 1
    return _print(program, call, outcome) if outcome else 0


# What the system refuses can come from anywhere: an import needs a descriptor and memory, too. Without memory CPython
# knows at times only that something went wrong.
_SYSTEMS = (OSError, MemoryError, ImportError, SystemError)


def _of_the_system(error: BaseException) -> Error:
    """Turn an error of the system's into ours, with what could not be undone after it."""
    ours = Error(str(getattr(error, "strerror", None) or error) or "out of memory")
    ours.__dict__.update(error.__dict__)
    return ours


def _is_json(call: Call) -> bool:
    return call.value("format") == "json"


def _run(call: Call) -> Outcome | None:
    from ovs_docker.cli.commands import run

    return run(call)


def _help(program: str, verb: Verb, status: int) -> int:
    from ovs_docker.cli.help import page

    _put_out(page(program, verb))
    return status


def _complete(args: list[str]) -> int:
    from ovs_docker.cli.complete import candidates

    return _put_out("".join(f"{line}\n" for line in candidates(args)))


def _print(program: str, call: Call, outcome: Outcome) -> int:
    if _is_json(call):
        import json

        from ovs_docker.report.text import success

        _put_out(json.dumps(success(call.verb.name, outcome)) + "\n")
    else:
        _put_out("".join(f"{printable(line)}\n" for line in outcome.lines or ()))
    if not call.flag("quiet"):
        _say([f"{program}: {warning}" for warning in outcome.warnings])
    return 0


def _put_out(text: str) -> int:
    """Write to standard output and return 0; raise Error if that fails."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
        return 0
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Error(f"cannot write to standard output: {error.strerror}") from None


def _fail(program: str, call: Call, error: BaseException, status: int) -> int:
    """Report an error on stderr and, for JSON, as an object on stdout; in short if that cannot be loaded."""
    try:
        _tell(program, call, error)
    except _SYSTEMS:
        _say([f"{program}: {getattr(error, 'message', 'interrupted')}"])
    return status


def _tell(program: str, call: Call, error: BaseException) -> None:
    from ovs_docker.report import text as report

    if _is_json(call):
        import json

        out = json.dumps(report.failure(call.verb.name, error)) + "\n"
    else:
        out = "".join(f"{printable(line)}\n" for line in getattr(error, "lines", ()))
    with suppress(Error, BrokenPipeError):  # the error itself is more important
        _put_out(out)
    said = report.lines(program, error)
    if not call.flag("quiet"):
        _say([f"{program}: {warning}" for warning in getattr(error, "warnings", ())])
    _say(said[:1] if _is_json(call) and isinstance(error, UsageError) else said)


def _say(lines: list[str]) -> None:
    """Write to standard error, if possible."""
    try:
        sys.stderr.write("".join(f"{printable(line)}\n" for line in lines))
        sys.stderr.flush()
    except _SYSTEMS:
        pass


def _wants_json(args: list[str]) -> bool:
    """Tell whether JSON is asked for, even in a call that cannot be parsed; the last --format counts."""
    for arg, following in reversed(list(zip(args, [*args[1:], ""]))):
        if arg in ("--format", "-f"):
            return following == "json"
        if arg in ("--format=json", "--format=table", "-fjson", "-ftable"):
            return arg.endswith("json")
    return False
