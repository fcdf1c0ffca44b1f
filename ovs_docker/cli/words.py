"""Words to Call, by the grammar and the old script's rules: the one reader. What the words mean is commands.py's.

It takes 0.1 ms; importing click, which could read them too, takes 20 ms, more than the whole of the old script's
set-vlan.
"""

import sys
from typing import NamedTuple

from ovs_docker.cli.grammar import BY_NAME, GLOBALS, HELP, NO_VERB, Verb
from ovs_docker.errors import TooFewWords, UsageError
from ovs_docker.parse.options import Option, Options


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


def read(args: list[str]) -> Call:
    """Read a call; its verb is NO_VERB where only the version or help is asked for. Raises UsageError."""
    reader = Reader()
    for arg in args:
        reader.take(arg)
        if "help" in reader.options or "version" in reader.options:
            return reader.call()
    reader.end()
    return reader.call()


class Reader:
    """Reads one word after the other; between two of them it tells what may follow."""

    def __init__(self) -> None:
        self.options: Options = {}
        self.rest: list[str] = []
        self.expects: Option | None = None
        """The option whose value is the next word."""
        self._typed = ""
        self._words_only = False
        self._begin(NO_VERB)

    def _begin(self, verb: Verb) -> None:
        """Go on behind `verb`; lenient verbs ignore add-port's options, but have to know them to skip their values."""
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
        else:
            raise unknown_command(arg)

    def _take_option(self, arg: str) -> None:
        """Take --name, --name=value, -t; before the verb -t5 and -vq too, which the script calls words behind it."""
        long = arg.startswith("--")
        name, joined, value = arg.partition("=") if long else (arg[:2], arg[2:], arg[2:])
        option = self.known.get(name)
        if self.verb is not NO_VERB and (not option or (joined and not long)):
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
        """Note an option as given: all its values in order, [""] for a flag however often it stands there."""
        self.options[option.name] = [*self.options.get(option.name, []), value] if option.metavar else [""]

    def _refuse(self, arg: str) -> None:
        """An option in a form that it does not have is unknown, and ignored where the old script ignored it."""
        if self.verb is NO_VERB:
            raise unknown_command(arg)
        if not self.verb.lenient:
            raise unknown_option(arg, self.verb.name)

    def end(self) -> None:
        """There are no more words; raise UsageError where that cannot be."""
        if self.expects:
            self._refuse(self._typed)
        if self.verb is NO_VERB:
            raise UsageError("no command given (use --help for help)")


def words(call: Call) -> list[str]:
    """Return the verb's words; raise UsageError for too few or too many of them, as the old script said it."""
    verb = call.verb
    most = _most(verb)
    found = [arg for arg in call.rest if not is_option(arg)][:most]
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
        count += not is_option(arg)
        if is_option(arg) or count > _most(call.verb):
            raise unknown_option(arg, call.verb.name)


def _most(verb: Verb) -> int:
    return sys.maxsize if verb.words and verb.words[-1].endswith("...") else len(verb.words)


def is_option(arg: str) -> bool:
    """Tell whether what stands among the words is an option that the verb does not have."""
    return arg.startswith("-") and arg != "-" and not arg[1:].isdigit()


def unknown_option(word: str, verb: str) -> UsageError:
    return UsageError(f'unknown option "{word}"', verb=verb)


def unknown_command(word: str) -> UsageError:
    return UsageError(f'unknown command "{word}" (use --help for help)')
