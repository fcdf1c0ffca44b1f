"""Candidates at the cursor, by the grammar: the hidden verb `complete`, which the shells' completions call.

verbs/complete.py looks up bridges, containers and ports.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from ovs_docker.cli.grammar import GLOBALS, HELP, NO_VERB, VERBS, Verb
from ovs_docker.cli.words import Reader, is_option
from ovs_docker.errors import Interrupted
from ovs_docker.parse.options import Option

FILES = ":files:"
"""Prefix of a line that tells the shell to complete a path; the part of the word before the path follows."""

_FIXED: dict[str, tuple[str, ...]] = {
    "none": ("none",),
    "database": ("unix:", "tcp:", "ssl:"),
    "engine": ("unix://", "tcp://"),
    "file": (),
}
_PATHS = {"file": "", "database": "unix:", "engine": "unix://"}  # prefixes of values that continue as paths


def candidates(args: list[str]) -> list[str]:
    """Return candidates for the last of `args`, as CANDIDATE or CANDIDATE<TAB>DESCRIPTION, or FILES.

    It raises nothing: errors must not disturb the line that is being typed.
    """
    *before, word = args or [""]
    with suppress(Exception, Interrupted):
        reader = Reader()
        for arg in before:
            reader.take(arg)
        found = dict.fromkeys(_possible(reader, word))
        return [line for line in found if line.startswith((word, FILES))]
    return []


def _possible(reader: Reader, word: str) -> Iterator[str]:
    name, equals, value = word.partition("=")
    option = reader.known.get(name)
    if reader.expects:
        yield from _values(reader, reader.expects, "", word)
    elif option and equals:
        yield from _values(reader, option, f"{name}=", value)
    elif word.startswith("-"):
        yield from _options(reader.verb)
    elif reader.verb is NO_VERB:
        yield from (f"{verb.name}\t{verb.help}" for verb in VERBS)
    else:
        yield from _of_kinds(reader, _kinds(reader), "", word)


def _options(verb: Verb) -> Iterator[str]:
    for option in (*GLOBALS, HELP, *verb.options):
        yield f"--{option.name}{'=' if option.metavar else ''}\t{option.help}"
        if option.short:
            yield f"-{option.short}\t{option.help}"


def _kinds(reader: Reader) -> str:
    """Return the kind of the verb's next word; the last kind is used again if the last word may be repeated."""
    kinds, at = reader.verb.kinds, len(_given(reader))
    if kinds and reader.verb.words[-1].endswith("..."):
        at = min(at, len(kinds) - 1)
    return kinds[at] if at < len(kinds) else ""


def _given(reader: Reader) -> list[str]:
    return [word for word in reader.rest if not is_option(word)]


def _values(reader: Reader, option: Option, prefix: str, value: str) -> Iterator[str]:
    yield from (f"{prefix}{choice}" for choice in option.choices)
    yield from _of_kinds(reader, option.complete, prefix, value)


def _of_kinds(reader: Reader, kinds: str, prefix: str, value: str) -> Iterator[str]:
    for kind in kinds.split():
        found = _FIXED[kind] if kind in _FIXED else _there(reader, kind)
        yield from (f"{prefix}{each}" for each in found if _is_a_word(each))
        if kind in _PATHS and value.startswith(_PATHS[kind]):
            yield f"{FILES}{prefix}{_PATHS[kind]}"


def _is_a_word(name: str) -> bool:
    """Tell whether a name can be offered: what begins like an option, or like our own marks, would be taken for one."""
    return name.isprintable() and name != "" and not name.startswith(("-", FILES))


def _there(reader: Reader, kind: str) -> Iterable[str]:
    from ovs_docker.cli.commands import settings
    from ovs_docker.verbs.complete import LOOK_UPS
    from ovs_docker.world import World

    world = World(settings(reader.call())._replace(timeout=2, quiet=True))
    return LOOK_UPS[kind](world, _given(reader))
