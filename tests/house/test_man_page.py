"""The man page names everything that there is, and man has nothing to say against it."""

import re
import subprocess
from collections.abc import Iterator

import pytest

from ovs_docker import errors
from ovs_docker.cli.grammar import VERBS, Verb
from ovs_docker.model.port import PortRow
from ovs_docker.model.record import RESERVED, Record
from ovs_docker.report.outcome import port_object
from tests.house import synopsis
from tests.house.checkout import EVERY_OPTION, ROOT, names_word, program, text

PAGE = "man/ovs-docker.8"


def plain() -> str:
    """Return the page without font changes and with hyphens as they are read."""
    return re.sub(r"\\f.", "", text(PAGE).replace(r"\-", "-"))


def section(title: str) -> str:
    """Return a section (.SH) of the page."""
    return re.split(r"^\.SH ", plain().partition(f"\n.SH {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def subsection(verb: Verb) -> str:
    """Return the part of VERBS that is about one verb."""
    found = [part for part in section("VERBS").split('\n.SS "')[1:] if re.split(r'[ "]', part)[0] == verb.name]
    assert len(found) == 1, f"VERBS has {len(found)} parts on {verb.name}"
    return found[0]


def entries(part: str) -> list[str]:
    """Return the terms (.TP, then .B) that a list in the page explains."""
    return re.findall(r"^\.TP\n\.B (.+)$", part, flags=re.MULTILINE)


def codes() -> Iterator[str]:
    """Yield the code of every error."""
    kinds = [errors.Error]
    for kind in kinds:
        kinds += kind.__subclasses__()
    yield from {kind.code for kind in kinds} | {"interrupted"}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_is_explained_with_its_words_and_options(verb: Verb) -> None:
    wanted = [*verb.words, *(f"--{option.name}" for option in verb.options)]
    assert [word for word in wanted if not names_word(word, subsection(verb))] == []


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_the_synopsis_has_every_verb_with_its_options(verb: Verb) -> None:
    found = [part for part in section("SYNOPSIS").split("\n.PP\n") if names_word(verb.name, part)]
    assert len(found) == 1
    assert [option.name for option in verb.options if not names_word(f"--{option.name}", found[0])] == []


def test_the_synopsis_follows_the_option_table() -> None:
    page = text(PAGE)
    assert (page.count(synopsis.BEGIN), synopsis.written(page)) == (2, page)


def test_every_option_is_named_long_and_short() -> None:
    wanted = [f"--{option.name}" for option in EVERY_OPTION]
    wanted += [f"-{option.short}" for option in EVERY_OPTION if option.short]
    assert [word for word in wanted if not names_word(word, section('"GLOBAL OPTIONS"') + section("VERBS"))] == []


def test_the_error_codes_are_those_that_there_are() -> None:
    table = section("OUTPUT").partition("These codes are stable")[2]
    assert sorted(entries(table)) == sorted(codes())


def test_the_record_has_the_keys_that_there_are() -> None:
    assert sorted(entries(section("RECORD"))) == sorted(RESERVED)


def test_the_members_of_json_objects_are_named() -> None:
    row = PortRow("", "", "", "", "", "", "", Record(), None, "", None, "", None, None, (), "", ({}, {}))
    members = [*port_object(row, "up"), "version", "command", "status", "data", "errors", "code", "message", "hint"]
    assert [member for member in members if not names_word(member, section("OUTPUT"))] == []


def test_man_has_nothing_to_say_against_it() -> None:
    words = [program("man"), "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", PAGE]
    done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
