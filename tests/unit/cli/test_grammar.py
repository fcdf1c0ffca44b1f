"""The table that parsing, help and completions read: complete, and without contradictions."""

from ovs_docker.cli.commands import _COMMANDS
from ovs_docker.cli.grammar import BY_NAME, GLOBALS, VERBS
from ovs_docker.model.port import PortSpec
from ovs_docker.parse import readers
from ovs_docker.parse.options import PORT


def test_the_verbs_are_these() -> None:
    assert {verb.name: (verb.words, verb.least, verb.lenient) for verb in VERBS} == {
        "add-port": (("BRIDGE", "INTERFACE", "CONTAINER"), 3, False),
        "add-ports": (("BRIDGE", "INTERFACE", "CONTAINER..."), 3, False),
        "del-port": (("BRIDGE", "INTERFACE", "CONTAINER"), 3, True),
        "del-ports": (("BRIDGE", "CONTAINER"), 2, True),
        "sync": ((), 0, False),
        "watch": ((), 0, False),
        "driver": ((), 0, False),
        "set-vlan": (("BRIDGE", "INTERFACE", "CONTAINER", "VLAN"), 4, True),
        "set-trunk": (("BRIDGE", "INTERFACE", "CONTAINER", "VLANS"), 4, False),
        "get-port": (("BRIDGE", "INTERFACE", "CONTAINER"), 2, False),
        "list-ports": (("BRIDGE",), 0, False),
        "list-networks": ((), 0, False),
        "check": (("BRIDGE",), 0, False),
    }


def test_every_verb_has_a_function() -> None:
    assert sorted(_COMMANDS) == sorted(BY_NAME)


def test_no_option_of_a_verb_is_a_global_one_too() -> None:
    shared = {option.name for option in GLOBALS}
    assert [(verb.name, option.name) for verb in VERBS for option in verb.options if option.name in shared] == []


def test_no_two_global_options_share_a_letter() -> None:
    letters = [option.short for option in GLOBALS if option.short]
    assert len(set(letters)) == len(letters)


def test_the_examples_are_calls_that_parse() -> None:
    from ovs_docker.cli.words import read, words

    calls = [read(verb.example.split()) for verb in VERBS]
    assert [(call.verb.name, len(words(call)) >= call.verb.least) for call in calls] == [
        (verb.name, True) for verb in VERBS
    ]


def test_the_options_of_a_port_are_those_of_the_table_and_each_has_its_reader() -> None:
    options = [option for option in BY_NAME["add-port"].options if option.name != "may-exist"]
    assert (options, [hasattr(readers, option.field) for option in options]) == (list(PORT), [True] * len(PORT))


def test_every_option_is_a_field_of_the_spec() -> None:
    assert [option.name for option in PORT if option.field not in PortSpec._fields] == []


def test_what_stands_instead_of_words_is_an_option_of_the_verb() -> None:
    assert {verb.name: verb.instead for verb in VERBS if verb.instead} == {
        "add-ports": ("file", "labels", "print-schema"),
        "del-ports": ("all", "file", "labels"),
    }
    assert [
        (verb.name, name) for verb in VERBS for name in verb.instead if name not in {o.name for o in verb.options}
    ] == []


def test_every_help_is_a_sentence() -> None:
    said = [verb.help for verb in VERBS] + [o.help for verb in VERBS for o in verb.options] + [o.help for o in GLOBALS]
    assert [text for text in said if not (text.endswith(".") and "  " not in text)] == []
