"""Help: the usage text, which callers without a manual see, and a verb's own page."""

import re

import pytest

from ovs_docker.cli.grammar import BY_NAME, GLOBALS, NO_VERB, VERBS, Verb
from ovs_docker.cli.help import page

TEXT = page("ovs-docker", NO_VERB)


def test_no_line_is_over_79_columns() -> None:
    assert [line for line in TEXT.splitlines() if len(line) > 79] == []


def test_no_line_ends_in_blanks() -> None:
    assert [line for line in TEXT.splitlines() if line != line.rstrip()] == []


def test_the_usage_opens_as_the_scripts() -> None:
    assert TEXT.splitlines()[:4] == [
        "ovs-docker: Performs integration of Open vSwitch with Docker.",
        "usage: ovs-docker [OPTIONS] COMMAND",
        "",
        "Commands:",
    ]


def test_every_verb_stands_with_its_words_in_order() -> None:
    heads = re.findall(r"^  ([a-z][a-z-]+)((?: \[?[A-Z.]+\]?)*)", TEXT, re.MULTILINE)
    assert [(name, re.findall("[A-Z.]+", words)) for name, words in heads] == [
        (verb.name, list(verb.words)) for verb in VERBS
    ]


def test_words_that_may_be_left_out_stand_in_brackets() -> None:
    assert [line.split("[--")[0].strip() for line in TEXT.splitlines() if re.match("  (get|list|set)-", line)] == [
        "set-vlan BRIDGE INTERFACE CONTAINER VLAN",
        "set-trunk BRIDGE INTERFACE CONTAINER VLANS",
        "get-port [BRIDGE] INTERFACE CONTAINER",
        "list-ports [BRIDGE]",
        "list-networks",
    ]


def test_every_option_is_named_as_it_is_written() -> None:
    unbroken = " ".join(TEXT.split())
    own = [option for verb in VERBS for option in verb.options]
    forms = [f"[--{o.name}={o.metavar}]" if o.metavar else f"[--{o.name}]" for o in own]
    forms += [f"--{o.name}={o.metavar}" if o.metavar else f"--{o.name}" for o in GLOBALS]
    forms += [f"-{o.short}, --{o.name}" for o in GLOBALS if o.short]
    assert [form for form in [*forms, "--version", "-h, --help"] if form not in unbroken] == []


def test_options_that_may_be_repeated_have_dots() -> None:
    repeated = [option.name for verb in VERBS for option in verb.options if option.many]
    assert re.findall(r"\[--([a-z-]+)[^]]*(?:\[[^]]*\])?[^]]*\]\.\.\.", TEXT) == repeated


def test_every_help_sentence_is_there() -> None:
    unbroken = " ".join(TEXT.split())
    wanted = [verb.help for verb in VERBS] + [option.help for option in GLOBALS]
    assert [sentence for sentence in wanted if " ".join(sentence.split()) not in unbroken] == []


def test_every_verb_has_an_example_that_names_the_program_called() -> None:
    unbroken = " ".join(page("my-docker", NO_VERB).split())
    assert [verb.name for verb in VERBS if f"e.g.: my-docker {verb.example}" not in unbroken] == []


def test_the_old_script_s_commands_and_options_are_there() -> None:
    wanted = ["add-port BRIDGE INTERFACE CONTAINER", "[--gateway=", "[--macaddress=", "[--mtu=", "[--ipaddress="]
    assert [word for word in wanted if word not in TEXT] == []


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_a_verbs_page_names_its_words_and_options(verb: Verb) -> None:
    wanted = [verb.name, *verb.words, *(f"--{option.name}" for option in verb.options), "-h, --help", "Example:"]
    assert [word for word in wanted if word not in page("ovs-docker", verb)] == []


def test_a_verbs_page_hides_the_options_of_others() -> None:
    assert "--ipaddress" not in page("ovs-docker", BY_NAME["del-port"])


def test_a_verbs_page_opens_with_the_name_that_the_program_was_called_by() -> None:
    assert page("my-docker", BY_NAME["check"]).splitlines()[0] == "Usage: my-docker check [OPTIONS] [BRIDGE]"
