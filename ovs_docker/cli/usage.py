"""The usage text: what `ovs-docker` and `ovs-docker --help` print, in the old script's form.

A verb's own page is click's.
"""

from ovs_docker.cli.grammar import GLOBALS, VERBS, Verb
from ovs_docker.parse.options import Option

_WIDTH = 79
_INDENT = " " * 20


def text(program: str) -> str:
    """Compose the usage; `program` is the name that the user called."""
    commands = "\n".join(_verb(verb, program) for verb in VERBS)
    options = "\n".join(_global(option) for option in GLOBALS)
    return (
        f"{program}: Performs integration of Open vSwitch with Docker.\n"
        f"usage: {program} [OPTIONS] COMMAND\n\n"
        f"Commands:\n{commands}\n"
        f"Options:\n{options}\n"
        f"  --version             display the version.\n"
        f"  -h, --help            display this help message; after a COMMAND: that one's.\n"
    )


def _verb(verb: Verb, program: str) -> str:
    first = len(verb.words) - verb.least
    words = [f"[{word}]" if number < first else word for number, word in enumerate(verb.words)]
    options = [_form(option) for option in verb.options]
    head = _fill([verb.name, *words, *options], "  ")
    body = _fill(verb.help.split(), _INDENT, _INDENT)
    example = _fill(["e.g.:", program, *verb.example.split()], _INDENT, _INDENT)
    return f"{head}\n{body}\n{example}"


def _form(option: Option) -> str:
    value = f"={option.metavar}" if option.metavar else ""
    return f"[--{option.name}{value}]" + ("..." if option.many else "")


def _global(option: Option) -> str:
    short = f"-{option.short}, " if option.short else ""
    value = f"={option.metavar}" if option.metavar else ""
    head = f"  {short}--{option.name}{value}"
    if len(head) > 22:
        return f"{head}\n" + _fill(option.help.split(), " " * 24, " " * 24)
    return _fill(option.help.split(), head.ljust(24), " " * 24)


def _fill(words: list[str], first: str, indent: str = _INDENT) -> str:
    """Break words into lines; textwrap would cost 6 ms to import."""
    lines, line = [], first
    for word in words:
        if len(line) + len(word) + 1 > _WIDTH and line.strip():
            lines.append(line.rstrip())
            line = indent
        line += word if line.endswith(" ") else f" {word}"
    return "\n".join([*lines, line.rstrip()])
