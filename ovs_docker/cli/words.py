"""Words to Call, by the grammar and the old script's rules. Plain words are read here, all others by clickwords.py.

Plain means `--name=value`, flags and words, as nearly every caller writes them. Reading those takes
0.1 ms; importing click takes 20 ms, more than the whole of the old script's set-vlan. A property
test holds that both ways give the same Call.
"""

import sys
from typing import NamedTuple

from ovs_docker.cli.grammar import BY_NAME, GLOBALS, Verb
from ovs_docker.errors import TooFewWords, UsageError
from ovs_docker.parse.options import Option

Options = dict[str, list[str]]


class Call(NamedTuple):
    """One call as typed: `rest` are the words and whatever is not an option of the grammar, in order."""

    verb: Verb
    rest: list[str]
    options: Options

    def flag(self, name: str) -> bool:
        return name in self.options

    def value(self, name: str) -> str:
        """Return the last value given; empty means not given."""
        return self.options.get(name, [""])[-1]


def known_options(verb: Verb | None) -> dict[str, Option]:
    """Return the options by name that may stand after `verb`, or before it (None).

    Lenient verbs ignore add-port's options, but have to know them to skip their values.
    """
    own = verb.options if verb else ()
    ignored = BY_NAME["add-port"].options if verb and verb.lenient else ()
    return {option.name: option for option in (*GLOBALS, *ignored, *own)}


def add(options: Options, option: Option, values: list[str]) -> None:
    """Note an option as given: all its values in order, [""] for a flag however often it stands there."""
    options[option.name] = [*options.get(option.name, []), *values] if option.metavar else [""]


def plain(args: list[str]) -> Call | None:
    """Read plain words; None if there is anything else among them."""
    verb: Verb | None = None
    known = known_options(None)
    rest: list[str] = []
    options: Options = {}
    for arg in args:
        if arg.startswith("-"):
            name, equals, value = arg[2:].partition("=")
            if not arg.startswith("--") or name not in known or bool(equals) != bool(known[name].metavar):
                return None
            add(options, known[name], [value])
        elif verb:
            rest.append(arg)
        elif arg not in BY_NAME:
            return None
        else:
            verb = BY_NAME[arg]
            known = known_options(verb)
    return Call(verb, rest, options) if verb else None


def words(call: Call) -> list[str]:
    """Return the verb's words; raise UsageError for too few or too many of them, as the old script said it."""
    verb = call.verb
    most = _most(verb)
    found = [arg for arg in call.rest if not _is_option(arg)][:most]
    least = 0 if any(call.flag(option) for option in verb.instead) else verb.least
    if len(found) < least or (not verb.lenient and not all(found[:least])):
        if verb.lenient:
            raise TooFewWords("not enough arguments (use --help for help)", verb=verb.name)
        raise UsageError("not enough arguments (use --help for help)", verb=verb.name)
    if not verb.lenient:
        _refuse_surplus(call)
    return found


def _refuse_surplus(call: Call) -> None:
    for name, values in call.options.items():
        if any(value.startswith("--") for value in values):
            raise unknown_option(f"--{name}", call.verb.name)  # the next option, taken for this one's value
    count = 0
    for arg in call.rest:
        count += not _is_option(arg)
        if _is_option(arg) or count > _most(call.verb):
            raise unknown_option(arg, call.verb.name)


def _most(verb: Verb) -> int:
    return sys.maxsize if verb.words and verb.words[-1].endswith("...") else len(verb.words)


def _is_option(arg: str) -> bool:
    return arg.startswith("-") and arg != "-" and not arg[1:].isdigit()


def unknown_option(word: str, verb: str) -> UsageError:
    return UsageError(f'unknown option "{word}"', verb=verb)


def unknown_command(word: str) -> UsageError:
    return UsageError(f'unknown command "{word}" (use --help for help)')
