"""Parses the command line into a Call, by the grammar and the old script's rules. cli/commands.py interprets it.

It takes 0.1 ms; importing click takes 20 ms, more than the old script's whole set-vlan.
"""

import sys
from typing import NamedTuple

from ovs_docker.cli.grammar import BY_NAME, GLOBALS, HELP, NO_VERB, Verb
from ovs_docker.errors import TooFewWords, UsageError
from ovs_docker.parse.options import PORT, Option, Options


class Call(NamedTuple):
    """One call as typed: `rest` are the words and unknown options, in order."""

    verb: Verb
    rest: list[str]
    options: Options

    def flag(self, name: str) -> bool:
        return name in self.options

    def value(self, name: str) -> str:
        """Return the last value given; empty means not given."""
        return self.options.get(name, [""])[-1]


def read(args: list[str]) -> Call:
    """Parse a call; its verb is NO_VERB if only version or help is asked for. Raise UsageError."""
    reader = Reader()
    for arg in args:
        reader.take(arg)
        if "help" in reader.options or "version" in reader.options:
            return reader.call()
    reader.end()
    return reader.call()


class Reader:
    """Reads one word after the other; completion asks it what may follow."""

    def __init__(self) -> None:
        self.options: Options = {}
        self.rest: list[str] = []
        self.expects: Option | None = None
        """The option whose value is the next word."""
        self._typed = ""
        self._words_only = False
        self._asks_help = False
        self._begin(NO_VERB)

    def _begin(self, verb: Verb) -> None:
        """Continue after `verb`; lenient verbs ignore add-port's options, but must know them to skip their values."""
        self.verb = verb
        ignored = BY_NAME["add-port"].options if verb.lenient else ()
        known = (*GLOBALS, HELP, *ignored, *verb.options)
        self.known = {f"--{option.name}": option for option in known}
        self.known.update((f"-{option.short}", option) for option in known if option.short)

    def call(self) -> Call:
        return Call(self.verb, self.rest, self.options)

    def take(self, arg: str) -> None:
        """Read one more word; raise UsageError."""
        if self.expects:
            self._add(self.expects, arg)
            self.expects = None
        elif self._words_only or not arg.startswith("-") or arg == "-":
            self._take_word(arg)
        elif arg == "--":
            self._words_only = True
        else:
            self._take_option(arg)

    def _take_word(self, arg: str) -> None:
        if self.verb is not NO_VERB:
            self.rest.append(arg)
        elif arg in BY_NAME:
            self._begin(BY_NAME[arg])
            self._words_only = False
            if self._asks_help:
                self.options[HELP.name] = [""]
        elif arg == "help":
            self._asks_help = True
        elif arg == "version":
            self.options[arg] = [""]
        else:
            raise unknown_command(arg)

    def _take_option(self, arg: str) -> None:
        """Take --name, --name=value, -t; also -t5 and -vq, but not after the script's verbs, where they are words."""
        long = arg.startswith("--")
        name, joined, value = arg.partition("=") if long else (arg[:2], arg[2:], arg[2:])
        option = self.known.get(name)
        if self.verb is not NO_VERB and (not option or (joined and not long and self.verb.scripts)):
            self.rest.append(arg)
        elif not option or (joined and not option.metavar and (long or value.startswith("-"))):
            self._refuse(arg)
        elif option.metavar and not joined:
            self.expects, self._typed = option, arg
        else:
            self._add(option, value)
            if joined and not option.metavar:
                self._take_option(f"-{value}")

    def _add(self, option: Option, value: str) -> None:
        """Record an option: all its values in order, [""] for a flag."""
        self.options[option.name] = [*self.options.get(option.name, []), value] if option.metavar else [""]

    def _refuse(self, arg: str) -> None:
        """Treat an option in a wrong form as unknown, and ignore it if the old script did."""
        if self.verb is NO_VERB:
            raise unknown_command(arg)
        if not self.verb.lenient:
            raise unknown_option(arg, self.verb)
        self.rest.append(arg)

    def end(self) -> None:
        """Raise UsageError if more words are needed."""
        if self.expects:
            self._refuse(self._typed)
        if self._asks_help:
            self.options[HELP.name] = [""]
        elif self.verb is NO_VERB:
            raise UsageError("no command given (use --help for help)")


def words(call: Call) -> list[str]:
    """Return the verb's words; raise UsageError for too few or too many, with the old script's messages."""
    verb = call.verb
    found = [arg for arg in call.rest if not is_option(arg)][: _most(verb)]
    least = 0 if any(call.flag(option) for option in verb.instead) else verb.least
    if len(found) < least or (not verb.lenient and not all(found[:least])):
        raise too_few(verb, found)
    if not verb.lenient:
        _refuse_surplus(call)
    return found


def _refuse_surplus(call: Call) -> None:
    for name, values in call.options.items():
        if any(value.startswith("--") for value in values):
            raise unknown_option(f"--{name}", call.verb)  # the next option, taken for this one's value
    count = 0
    for arg in call.rest:
        count += not is_option(arg)
        if is_option(arg) or count > _most(call.verb):
            raise unknown_option(arg, call.verb)


def ignored(call: Call) -> list[str]:
    """Return warnings about what has no effect; the script's callers write add-port's options after del-port, too."""
    verb, customary = call.verb, {f"--{option.name}" for option in PORT}
    surplus = [arg for arg in call.rest if not is_option(arg)][_most(verb) :]
    surplus += [arg for arg in call.rest if is_option(arg) and arg.partition("=")[0] not in customary]
    # The script says nothing of an option given twice, and its callers do that on purpose: defaults first.
    own = {option.name for option in verb.options if option.metavar and not (option.many or verb.scripts)}
    twice = [name for name, values in call.options.items() if name in own and len(set(filter(None, values))) > 1]
    return [
        *(f"{verb.name} ignores {arg}" for arg in surplus if arg),
        *(f"--{name} is given several times: {call.value(name) or 'none'} counts" for name in twice),
    ]


def _most(verb: Verb) -> int:
    return sys.maxsize if verb.words and verb.words[-1].endswith("...") else len(verb.words)


def is_option(arg: str) -> bool:
    """Tell whether an argument among the words is an option that the verb does not have."""
    return arg.startswith("-") and arg != "-" and not arg[1:].isdigit()


def too_few(verb: Verb, found: list[str]) -> UsageError:
    from ovs_docker.cli.advice import on_missing

    kind = TooFewWords if verb.lenient else UsageError
    return kind("not enough arguments (use --help for help)", on_missing(verb, found), verb.name)


def unknown_option(word: str, verb: Verb) -> UsageError:
    from ovs_docker.cli.advice import on_option

    return UsageError(f'unknown option "{word}"', on_option(word, verb), verb.name)


def unknown_command(word: str) -> UsageError:
    from ovs_docker.cli.advice import on_command

    return UsageError(f'unknown command "{word}" (use --help for help)', on_command(word))
