"""What to write instead of wrong words: the line that follows the old script's own message. Only errors load this.

cli/words.py decides what is wrong.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from ovs_docker.cli.grammar import GLOBALS, HELP, NO_VERB, VERBS, VERSION, Verb
from ovs_docker.parse.options import Option

_EXAMPLES = {
    "ipaddress": "10.0.0.1/24",
    "gateway": "10.0.0.254",
    "route": "10.1.0.0/16,10.0.0.254",
    "macaddress": "02:00:00:00:01:03",
    "mtu": "1400",
    "vlan": "5",
    "trunks": "10,20-29",
    "ofport": "7",
    "timeout": "5",
    "format": "json",
}
_ALIKE = 0.7  # of 1: difflib's own 0.6 takes frob for force


def on_command(word: str) -> str:
    """Advise on a word, or an option before the verb, that is not known there."""
    name = word.partition("=")[0]
    if not name.startswith("-"):
        near = _near(word.lower().replace("_", "-"), [verb.name for verb in VERBS])
        return f"did you mean {near}?" if near else ""
    return _on_known(word, (*GLOBALS, HELP, VERSION)) or _on_others(name, "after it") or _on_alike(name, NO_VERB)


def on_option(word: str, verb: Verb) -> str:
    """Advise on an option that the verb does not have, or not in this form, or on a word too many."""
    name = word.partition("=")[0]
    if not name.startswith("-") or name == "-":
        return f"surplus word: {verb.form}" if verb.words else f"{verb.name} takes no words"
    if not name.startswith("--"):
        return "letters stand alone after this verb: " + " ".join(_apart(word)) if _apart(word) else ""
    return _on_known(word, (*GLOBALS, HELP, *verb.options)) or _on_others(name) or _on_alike(name, verb)


def _on_known(word: str, options: Iterable[Option]) -> str:
    name, equals, _ = word.partition("=")
    for option in options:
        if name in (f"--{option.name}", f"-{option.short}"):
            example = _EXAMPLES.get(option.name, option.metavar)
            needs = f"{name} needs a value, e.g. --{option.name}={example}" if option.metavar else ""
            return needs or (f"{name} takes no value" if equals else "")
    return ""


def _on_others(name: str, where: str = "") -> str:
    """Say which verbs have the option; `where` it stands from their view."""
    verbs = [verb.name for verb in VERBS if name in {f"--{option.name}" for option in verb.options}]
    if name == "--version":
        return "--version stands before any verb"
    if not verbs:
        return ""
    return f"{name} is an option of {', '.join(verbs)}" + (f", and stands {where}" if where else "")


def _on_alike(name: str, verb: Verb) -> str:
    word, known = name.lower().replace("_", "-"), [f"--{option.name}" for option in (*verb.options, *GLOBALS, HELP)]
    near = _near(word, known) or next((each for each in known if len(word) > 3 and each.startswith(word)), "")
    return f"did you mean {near}?" if near else ""


def _near(word: str, known: list[str]) -> str:
    return next(iter(get_close_matches(word, known, 1, _ALIKE)), "")


def _apart(word: str) -> list[str]:
    """Return letters that stand together, -vqt5, as options on their own; none where one of them is unknown."""
    short, found = {option.short: option for option in (*GLOBALS, HELP) if option.short}, []
    for at, letter in enumerate(word[1:], 2):
        if not (option := short.get(letter)):
            return []
        found.append(f"-{letter}")
        if option.metavar:
            return [*found, word[at:]] if word[at:] else found
    return found


def on_missing(verb: Verb, given: list[str]) -> str:
    """Say which words are missing or empty."""
    if verb.optional:
        return f"write {verb.name} {' '.join(verb.words)}, or {verb.name} CONTAINER INTERFACE"
    lacking = [word.removesuffix("...") for at, word in enumerate(verb.words) if not "".join(given[at : at + 1])]
    said = " and ".join(filter(None, [", ".join(lacking[:-1]), *lacking[-1:]]))
    return f"{said} {'is' if len(lacking) == 1 else 'are'} missing: {verb.form}"
