"""Both readers of words, the quick one and click's, give the same Call."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker import __version__
from ovs_docker.cli.clickwords import parse
from ovs_docker.cli.grammar import GLOBALS, VERBS, Verb
from ovs_docker.cli.words import known_options, plain
from ovs_docker.parse.options import Option

text = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6
)  # no argument can hold NUL
values = st.sampled_from(["", "a", "a=b", "a b", "10.0.0.1/24", "-", "-1", "--x"]) | text
bare = st.sampled_from(["br-int", "eth0", "c1", "5", "", "none", "add-port", "a=b"]) | text


def _as_typed(option: Option) -> st.SearchStrategy[str]:
    return values.map(lambda value: f"--{option.name}={value}") if option.metavar else st.just(f"--{option.name}")


def _some(options: tuple[Option, ...], otherwise: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[list[str]]:
    one = st.sampled_from(options).flatmap(_as_typed)
    return st.lists(one if otherwise is None else otherwise | one, max_size=8)


@st.composite
def calls(draw: Callable[..., list[str]]) -> list[str]:
    """Make calls of any verb, with any of the options that may stand where they stand."""
    verb: Verb = draw(st.sampled_from(VERBS))  # type: ignore[assignment]
    before = draw(_some(GLOBALS))
    behind = draw(_some(tuple(known_options(verb).values()), bare.filter(lambda word: not word.startswith("-"))))
    return [*before, verb.name, *behind]


@given(calls())
def test_both_readers_give_the_same_call(args: list[str]) -> None:
    call = plain(args)
    assert call is not None
    assert parse("ovs-docker", args) == call


EVERY_OPTION = tuple(known_options(VERBS[0]).values()) + tuple(option for verb in VERBS for option in verb.options)


@given(st.sampled_from(VERBS), _some(EVERY_OPTION), _some(EVERY_OPTION, bare))
def test_what_the_quick_reader_takes_of_options_in_wrong_places_click_reads_alike(
    verb: Verb, before: list[str], behind: list[str]
) -> None:
    call = plain([*before, verb.name, *behind])
    assert call is None or parse("ovs-docker", [*before, verb.name, *behind]) == call


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_a_verbs_help_names_its_words_and_options(verb: Verb, capsys: pytest.CaptureFixture[str]) -> None:
    assert parse("ovs-docker", [verb.name, "--help"]) is None
    page = capsys.readouterr().out
    wanted = [verb.name, *verb.words, *(f"--{option.name}" for option in verb.options), "Example:"]
    assert [word for word in wanted if word not in page] == []


def test_a_verbs_help_hides_the_options_of_others(capsys: pytest.CaptureFixture[str]) -> None:
    parse("ovs-docker", ["del-port", "-h"])
    assert "--ipaddress" not in capsys.readouterr().out


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert (parse("ovs-docker", ["--version"]), capsys.readouterr().out) == (None, f"ovs-docker {__version__}\n")
