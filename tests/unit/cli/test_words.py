"""Words of a call by the old script's rules, each row of them that concerns words."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.cli.grammar import NO_VERB, VERBS, Verb
from ovs_docker.cli.words import Call, Reader, ignored, read, words
from ovs_docker.errors import TooFewWords, UsageError
from ovs_docker.parse.options import Option

PLACE = ["br-int", "eth0", "c1"]


def call_of(*args: str) -> Call:
    return read(list(args))


def said(*args: str) -> str:
    """Return the usage error, with the verb that its prefix names."""
    with pytest.raises(UsageError) as raised:
        words(call_of(*args))
    assert not isinstance(raised.value, TooFewWords)
    return f"{raised.value.verb}: {raised.value.message}"


@pytest.mark.parametrize("args", [[], ["br-int"], ["br-int", "eth0"], ["br-int", "", "c1"], ["", "", ""]])
def test_add_port_with_fewer_than_three_words_is_refused(args: list[str]) -> None:
    assert said("add-port", *args) == "add-port: not enough arguments (use --help for help)"


@pytest.mark.parametrize(
    "word", ["fourth", "--foo", "--foo=bar", "-x", "-x5", "--ipaddres=10.0.0.1/24", "--IPADDRESS=1", "-", ""]
)
def test_add_port_with_a_word_too_many_or_an_unknown_option_is_refused(word: str) -> None:
    assert said("add-port", *PLACE, word) == f'add-port: unknown option "{word}"'


def test_the_first_word_that_is_wrong_is_named() -> None:
    assert said("add-port", *PLACE, "--mtu=1400", "a", "--b") == 'add-port: unknown option "a"'


@pytest.mark.parametrize(
    ("args", "option"),
    [
        (["--ipaddress"], "--ipaddress"),
        (["--ipaddress", "--mtu=1400"], "--ipaddress"),
        (["--may-exist=yes"], "--may-exist=yes"),
    ],
)
def test_an_option_in_a_form_that_it_does_not_have_is_unknown(args: list[str], option: str) -> None:
    assert said("add-port", *PLACE, *args) == f'add-port: unknown option "{option}"'


@pytest.mark.parametrize("word", ["frob", "", "ADD-PORT", "add-por", "-x", "--foo", "--foo=bar"])
def test_an_unknown_command_is_refused(word: str) -> None:
    with pytest.raises(UsageError) as raised:
        call_of(word, *PLACE)
    assert (raised.value.verb, raised.value.message) == ("", f'unknown command "{word}" (use --help for help)')


def test_options_without_a_command_are_not_called_a_command() -> None:
    with pytest.raises(UsageError) as raised:
        call_of("--timeout=5")
    assert "unknown command" not in raised.value.message


LENIENT = {"del-port": PLACE, "del-ports": ["br-int", "c1"], "set-vlan": [*PLACE, "5"]}


@pytest.mark.parametrize("verb", LENIENT)
def test_del_port_del_ports_set_vlan_with_too_few_words_show_the_usage(verb: str) -> None:
    for count in range(len(LENIENT[verb])):
        with pytest.raises(TooFewWords):
            words(call_of(verb, *LENIENT[verb][:count]))


@pytest.mark.parametrize("verb", LENIENT)
def test_there_an_empty_word_is_a_word(verb: str) -> None:
    """The script counts them; `del-port br-int eth0 "$NONE"` says that there is no such port."""
    args = [*LENIENT[verb][:-1], ""]
    assert words(call_of(verb, *args)) == args


@pytest.mark.parametrize("verb", LENIENT)
@pytest.mark.parametrize(
    "surplus",
    [
        ["more", "words"],
        [""],
        ["--ipaddress=10.0.0.1/24", "--mtu=1"],
        ["--ipaddress=no address", "--vlan=4096"],
        ["--ipaddress", "10.0.0.1/24"],
        ["--foo", "--bar=baz", "-x"],
        ["--may-exist"],
        ["--ipaddress"],
        ["--ipaddress", "--mtu=1400"],
        ["--may-exist=yes"],
    ],
)
def test_surplus_words_and_options_are_ignored_there(verb: str, surplus: list[str]) -> None:
    assert words(call_of(verb, *LENIENT[verb], *surplus)) == LENIENT[verb]


def test_an_ignored_option_between_the_words_takes_its_value_along() -> None:
    assert words(call_of("del-port", "br-int", "--ipaddress", "10.0.0.1/24", "eth0", "--foo", "c1")) == PLACE


@pytest.mark.parametrize("verb", ["set-trunk", "get-port", "list-ports"])
def test_new_verbs_refuse_surplus_words(verb: str) -> None:
    args = {"set-trunk": [*PLACE, "5"], "get-port": PLACE, "list-ports": ["br-int"]}[verb]
    assert said(verb, *args, "more") == f'{verb}: unknown option "more"'


@pytest.mark.parametrize(
    "args", [["set-trunk"], ["set-trunk", *PLACE], ["get-port"], ["get-port", "c1"], ["get-port", "", "eth0"]]
)
def test_new_verbs_refuse_too_few_words(args: list[str]) -> None:
    assert said(*args) == f"{args[0]}: not enough arguments (use --help for help)"


@pytest.mark.parametrize(
    ("args", "value"),
    [
        (["--iface-id=a=b=c"], "a=b=c"),
        (["--iface-id="], ""),
        (["--iface-id=a", "--iface-id=b"], "b"),
        (["--iface-id=a", "--iface-id="], ""),
        (["--iface-id", "a b"], "a b"),
        (["--iface-id", "a=b"], "a=b"),
        (["--iface-id", "-"], "-"),
        ([], ""),
    ],
)
def test_a_value_is_all_after_the_first_equals_sign_and_the_last_one_wins(args: list[str], value: str) -> None:
    call = call_of("add-port", *PLACE, *args)
    assert (words(call), call.value("iface-id")) == (PLACE, value)


@pytest.mark.parametrize(
    "args",
    [
        ["add-port", *PLACE, "--mtu=1400", "--may-exist", "--timeout=5"],
        ["add-port", "--mtu=1400", "br-int", "--may-exist", "eth0", "--timeout=5", "c1"],
        ["--timeout=5", "add-port", "--may-exist", "--mtu=1400", *PLACE],
        ["--timeout", "5", "add-port", "--may-exist", *PLACE, "--mtu", "1400"],
        ["-t5", "add-port", "--may-exist", *PLACE, "--mtu", "1400"],
        ["-t", "5", "add-port", "--may-exist", *PLACE, "--mtu", "1400"],
        ["add-port", "-t", "5", "--may-exist", *PLACE, "--mtu", "1400"],
    ],
)
def test_options_may_stand_before_between_and_behind_the_words(args: list[str]) -> None:
    call = call_of(*args)
    assert (words(call), call.options) == (PLACE, {"mtu": ["1400"], "may-exist": [""], "timeout": ["5"]})


def test_short_options_are_ovs_vsctls_own() -> None:
    files = ["-p", "key", "-c", "cert", "-C", "ca"]
    call = call_of(*files, "-t", "5", "-H", "unix:///d", "-f", "json", "-v", "-q", "list-ports")
    assert call.options == {
        "private-key": ["key"],
        "certificate": ["cert"],
        "ca-cert": ["ca"],
        "timeout": ["5"],
        "docker-host": ["unix:///d"],
        "format": ["json"],
        "verbose": [""],
        "quiet": [""],
    }


def test_the_last_of_a_global_option_before_and_behind_the_verb_wins() -> None:
    assert call_of("--timeout=1", "list-ports", "--timeout=2").value("timeout") == "2"


def test_get_port_takes_two_words_or_three() -> None:
    assert [words(call_of("get-port", *args)) for args in (PLACE, ["c1", "eth0"])] == [PLACE, ["c1", "eth0"]]


def test_list_ports_takes_none_or_one() -> None:
    assert [words(call_of("list-ports", *args)) for args in ([], ["br-int"])] == [[], ["br-int"]]


MANY = ["br-int", "eth0", *(f"c{number}" for number in range(200))]


def test_add_ports_takes_any_number_of_containers() -> None:
    calls = [call_of("add-ports", *MANY), call_of("add-ports", "--mtu", "1400", *MANY), call_of("add-ports", *PLACE)]
    assert [words(call) for call in calls] == [MANY, MANY, PLACE]


def test_options_may_stand_between_the_containers() -> None:
    call = call_of("add-ports", "br-int", "eth0", "c1", "--ipaddress=10.0.0.2/24", "c2", "--mtu", "1400", "c3")
    assert (words(call), call.options) == (
        ["br-int", "eth0", "c1", "c2", "c3"],
        {"ipaddress": ["10.0.0.2/24"], "mtu": ["1400"]},
    )


@pytest.mark.parametrize("args", [[], ["br-int"], ["br-int", "eth0"], ["br-int", "", "c1"], ["--keep-going"]])
def test_add_ports_without_words_needs_something_instead(args: list[str]) -> None:
    assert said("add-ports", *args) == "add-ports: not enough arguments (use --help for help)"


@pytest.mark.parametrize("option", ["--file=x", "--labels", "--print-schema"])
def test_a_file_labels_and_the_schema_stand_instead_of_words(option: str) -> None:
    assert words(call_of("add-ports", option)) == []


@pytest.mark.parametrize("word", ["--foo", "-x", "--mtus=1"])
def test_add_ports_refuses_unknown_options_among_the_containers(word: str) -> None:
    assert said("add-ports", *MANY, word, "c999") == f'add-ports: unknown option "{word}"'


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["br-int", "--all"], ["br-int"]),
        (["--all"], []),
        (["--file=x"], []),
        (["--labels", "--project", "lab"], []),
        (["br-int", "c1"], ["br-int", "c1"]),
    ],
)
def test_del_ports_takes_a_container_or_something_instead(args: list[str], found: list[str]) -> None:
    assert words(call_of("del-ports", *args)) == found


@pytest.mark.parametrize("verb", ["sync", "watch"])
def test_sync_and_watch_take_no_words(verb: str) -> None:
    assert (words(call_of(verb, "--labels")), said(verb, "br-int")) == ([], f'{verb}: unknown option "br-int"')


@pytest.mark.parametrize(
    ("args", "options"),
    [
        (["-vq"], {"verbose": [""], "quiet": [""]}),
        (["-vqt5"], {"verbose": [""], "quiet": [""], "timeout": ["5"]}),
        (["-vt", "5"], {"verbose": [""], "timeout": ["5"]}),
        (["-t", "-v"], {"timeout": ["-v"]}),
        (["-t="], {"timeout": ["="]}),
        (["--timeout", "--db=x"], {"timeout": ["--db=x"]}),
        (["--timeout", "--"], {"timeout": ["--"]}),
        (["--"], {}),
        (["-v", "--"], {"verbose": [""]}),
    ],
)
def test_before_the_verb_letters_may_stand_together_with_a_value(
    args: list[str], options: dict[str, list[str]]
) -> None:
    assert call_of(*args, "list-ports", "-q").options == {**options, "quiet": [""]}


@pytest.mark.parametrize("word", ["-vq", "-t5", "-hv", "-v="])
def test_behind_the_verb_letters_that_stand_together_are_a_word_as_for_the_script(word: str) -> None:
    assert said("add-port", *PLACE, word) == f'add-port: unknown option "{word}"'
    assert words(call_of("del-port", *PLACE, word)) == PLACE


def test_behind_a_verb_that_the_script_has_not_they_may_stand_together() -> None:
    assert call_of("list-ports", "-vqfjson", "br-int") == call_of("-v", "-q", "-f", "json", "list-ports", "br-int")
    assert said("list-ports", "-vx") == 'list-ports: unknown option "-x"'


@pytest.mark.parametrize(
    ("args", "warnings"),
    [
        (["del-ports", "br-int", "c1", "c2", "c3"], ["del-ports ignores c2", "del-ports ignores c3"]),
        (["del-port", *PLACE, "--if-exist"], ["del-port ignores --if-exist"]),
        (["del-port", *PLACE, "--dry-run=x"], ["del-port ignores --dry-run=x"]),
        (["del-port", *PLACE, "--ipaddress=10.0.0.1/24", "--mtu", "1400", "--macaddress"], []),
        (["add-port", *PLACE, "--mtu=1", "--mtu=2"], []),
        (["add-ports", *PLACE, "--mtu=1", "--mtu=2"], ["--mtu is given several times: 2 counts"]),
        (["add-ports", *PLACE, "--mtu=1", "--mtu=1", "--iface-id=", "--iface-id=x"], []),
        (["add-ports", *PLACE, "--route=10.0.0.0/8", "--route=10.1.0.0/16"], []),
        (["--timeout=1", "list-ports", "--timeout=2"], []),
    ],
)
def test_what_has_no_effect_is_warned_of(args: list[str], warnings: list[str]) -> None:
    assert ignored(call_of(*args)) == warnings


@pytest.mark.parametrize("word", ["-", "-5", "-foo", "--foo", "-t5", "--mtu=1"])
def test_a_value_after_a_blank_may_look_like_anything(word: str) -> None:
    assert call_of("list-ports", "--container", word).value("container") == word


def test_behind_two_dashes_there_are_no_options() -> None:
    assert said("add-port", *PLACE, "--", "--mtu=1400") == 'add-port: unknown option "--mtu=1400"'
    assert words(call_of("add-port", "--", *PLACE)) == PLACE
    assert words(call_of("del-port", "--dry-run", "--", *PLACE, "--", "--help")) == PLACE


@pytest.mark.parametrize(
    "args", [["--timeout"], ["-t"], ["--dry-run=yes"], ["-vx"], ["-v=1"], ["-v-db=x"], ["--"], ["-vt"]]
)
def test_before_the_verb_nothing_else_is_an_option(args: list[str]) -> None:
    with pytest.raises(UsageError):
        call_of(*args)


def test_under_a_lenient_verb_a_flag_with_a_value_takes_no_other_along() -> None:
    call = call_of("del-port", *PLACE, "--dry-run=x", "--dry-run", "--timeout")
    assert (words(call), call.options) == (PLACE, {"dry-run": [""]})


@pytest.mark.parametrize(
    ("args", "verb"),
    [
        (["--help"], ""),
        (["-h", "frob"], ""),
        (["-vh"], ""),
        (["--timeout=5", "--help", "add-port"], ""),
        (["add-port", "--help"], "add-port"),
        (["add-port", "br-int", "--frob", "-h", "--mtu"], "add-port"),
        (["del-port", "a", "b", "c", "--help"], "del-port"),
    ],
)
def test_help_may_be_asked_for_anywhere(args: list[str], verb: str) -> None:
    call = call_of(*args)
    assert (call.verb.name, call.flag("help"), call.verb is NO_VERB) == (verb, True, not verb)


def test_the_version_may_be_asked_for_before_the_verb() -> None:
    assert [call_of(*args).flag("version") for args in (["--version"], ["-v", "--version", "frob"])] == [True, True]
    assert said("list-ports", "--version") == 'list-ports: unknown option "--version"'


text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)  # what argv can hold
values = st.sampled_from(["", "a", "a=b", "a b", "10.0.0.1/24", "-", "-1"]) | text
bare = (st.sampled_from(["br-int", "eth0", "5", "", "none", "add-port", "a=b"]) | text).filter(
    lambda word: not word.startswith("-")
)


def known(verb: Verb) -> tuple[Option, ...]:
    reader = Reader()
    if verb is not NO_VERB:
        reader.take(verb.name)
    return tuple(dict.fromkeys(option for option in reader.known.values() if option.name not in ("help", "version")))


Said = tuple[Option | None, str]


@st.composite
def calls(draw: Callable[..., Any]) -> tuple[Verb, list[list[str]], list[Said]]:
    """Make a verb, the words before and behind it, and what they say: options with values, words as (None, word)."""
    verb = draw(st.sampled_from(VERBS))
    parts: list[Said] = []
    typed: list[list[str]] = []
    for kinds in [*known(NO_VERB)], [*known(verb), *[None] * 20]:
        some: list[Said] = draw(st.lists(st.sampled_from(kinds).flatmap(_said), max_size=8))
        parts += some
        typed.append([word for option, value in some for word in draw(written(option, value))])
    return verb, typed, parts


def _said(option: Option | None) -> st.SearchStrategy[Said]:
    return st.tuples(st.just(option), values if option else bare)


def written(option: Option | None, value: str) -> st.SearchStrategy[list[str]]:
    """Write an option in any of the ways that there are."""
    if option is None:
        return st.just([value])
    ways = [[f"--{option.name}={value}"], [f"--{option.name}", value]] if option.metavar else [[f"--{option.name}"]]
    if option.short:
        ways.append([f"-{option.short}", value] if option.metavar else [f"-{option.short}"])
    return st.sampled_from(ways)


@given(calls())
def test_in_whatever_way_it_is_written_a_call_is_the_same(
    call: tuple[Verb, list[list[str]], list[Said]],
) -> None:
    verb, (before, behind), parts = call
    options: dict[str, list[str]] = {}
    for option, value in parts:
        if option:
            options[option.name] = [*options.get(option.name, []), value] if option.metavar else [""]
    assert read([*before, verb.name, *behind]) == Call(verb, [value for option, value in parts if not option], options)
