"""Any words: done, or refused in one line."""

import pytest
from hypothesis import strategies as st

from ovs_docker.cli.grammar import VERBS
from ovs_docker.watch.loop import Loop
from tests.fuzz.calls import call
from tests.fuzz.examples import given
from tests.fuzz.values import options, texts, verbs, words


@pytest.fixture(autouse=True, scope="module")
def no_watch() -> object:
    """Watching goes on for ever, whatever is there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Loop, "run", lambda self: None)
        yield


@given(st.lists(words, max_size=6))
def test_words_of_any_kind(typed: list[str]) -> None:
    call(*typed)


@given(st.lists(options, max_size=3), verbs, st.lists(options | texts, max_size=8))
def test_words_of_the_grammar_in_any_order(before: list[str], verb: str, after: list[str]) -> None:
    call(*before, verb, *after)


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
@given(st.data())
def test_options_of_a_verb_with_any_value(verb: str, data: st.DataObject) -> None:
    known = next(each for each in VERBS if each.name == verb)
    place = ("br-int", "eth0", "c1", "5")[: {"get-port": 3, "list-ports": 1, "check": 1, "del-ports": 2}.get(verb, 4)]
    names = st.sampled_from([option.name for option in known.options] or ["format"])
    given_options = data.draw(st.lists(st.builds("--{}={}".format, names, texts), max_size=4))
    call(verb, *place[: 3 if verb in ("add-port", "del-port") else None], *given_options)


@given(st.lists(options | texts, max_size=6))
def test_what_shells_ask_when_they_complete(typed: list[str]) -> None:
    call("complete", *typed)
