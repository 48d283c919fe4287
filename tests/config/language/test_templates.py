"""Templates: what they stand for is what they match, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.normalise import normalise
from config.language.sentences import Phrasing, sentences
from config.language.templates import texts
from tests.tables import for_each

MOMENTS = (("a", "moment"), ("a", "second"), ("one", "moment"), ("one", "second"))
RULES = {"moment": "(a|one) (moment|second)"}


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("stop", {"stop"}),
        ("[please] stop", {"stop", "please stop"}),
        ("(stop|hold) [it|that]", {"stop", "stop it", "stop that", "hold", "hold it", "hold that"}),
        (
            "wait [[just] <moment>]",
            {"wait"} | {f"wait {just}{one} {unit}" for just in ("", "just ") for one, unit in MOMENTS},
        ),
        ("C’est ça", {"c'est ca"}),
        ("that's all", {"that is all"}),
    ],
)
def test_what_it_stands_for(template: str, said: set[str]) -> None:
    assert set(texts(template, RULES)) == said
    matched, phrasing = sentences({"it": [template]}, RULES), Phrasing("{it}", {"it": [template]}, RULES)
    assert all(matched.match(text) and phrasing.span(text.split()) for text in said)
    assert not any(matched.match(f"{text} now") for text in said)
    assert all(phrasing.span(["so", *text.split(), "now"]) == (1, 1 + len(text.split())) for text in said)


@pytest.mark.parametrize("template", ["(stop", "stop)", "[a|b", "a]", "(a]", "a <b", "a > b"])
def test_one_that_is_none_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="the template"):
        texts(template)
    with pytest.raises(ValueError, match="the template"):
        sentences({"it": [template]})


def test_accents_do_not_count() -> None:
    assert sentences({"fine": ["ça va"]}).match(normalise("Ça va ?"))
    assert sentences({"fine": ["ça va"]}).match(normalise("Ca va ?"))


@for_each(
    ("form", "said", "span"),
    [
        ("^{please}(?=.)", "please please stop", (0, 1)),
        ("^{please}*(?=.)", "please would you stop", (0, 3)),
        ("^{please}*(?=.)", "please", (0, 0)),
        ("(?<=.){please}+$", "stop please would you", (1, 4)),
        ("(?<=.){please}$", "please", None),
        ("^{please}*?{no}(?=.)", "please no stop", (0, 2)),
        ("^{please}*?{no}(?=.)", "please stop", None),
        ("{none}", "please", None),
    ],
)
def test_a_form_of_several(form: str, said: str, span: tuple[int, int] | None) -> None:
    table = {"please": ["please", "would you"], "no": ["no"], "none": list[str]()}
    assert Phrasing(form, table).span(said.split()) == span


_WORDS = st.lists(st.sampled_from(["on", "the", "way", "côté", "l'eau", "now"]), min_size=1, max_size=3)


def _choices(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(several.map(" ".join), several.map(lambda some: f"({'|'.join(some)})"),
                     several.map(lambda some: f"[{'|'.join(some)}]"))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.recursive(_WORDS.map(" ".join), _choices, max_leaves=6))
def test_all_that_it_stands_for_is_matched(template: str) -> None:
    matched, phrasing = sentences({"it": [template]}), Phrasing("^{it}$", {"it": [template]})
    said = [text for text in texts(template) if text]
    assert all(matched.match(text) and phrasing.span(text.split()) for text in said)


_TIMERS = sentences(
    {
        "set": ["set a {name} timer for {duration}", "set [a] timer for {duration} [called {name}]"],
        "cancel": ["cancel [the] ({name} timer|timer {name}|timer)"],
    },
    words={"duration": r"\d+|minutes?|and"},
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("set a timer for 5 minutes", [("set", {"duration": "5 minutes"})]),
        ("set a pasta timer for 5 minutes", [("set", {"name": "pasta", "duration": "5 minutes"})]),
        (
            "set timer for 5 minutes called the big pot",
            [("set", {"duration": "5 minutes", "name": "the big pot"})],
        ),
        ("set a timer for pasta", []),
        ("cancel the pasta timer", [("cancel", {"name": "pasta"})]),
        ("cancel timer 2", [("cancel", {"name": "2"})]),
        ("cancel the timer", [("cancel", {})]),
        ("cancel", []),
    ],
)
def test_what_is_in_the_slots(said: str, meant: list[tuple[str, dict[str, str]]]) -> None:
    assert list(_TIMERS.readings(said)) == meant


def test_readings_come_in_the_order_of_the_table() -> None:
    either = sentences(
        {"first": ["put {item} on the list"], "second": ["put {item} on the {name}", "put {all}"]}
    )

    readings = list(either.readings("put milk on the list"))

    assert [name for name, _ in readings] == ["first", "second", "second"]
    assert readings[1][1] == {"item": "milk", "name": "list"}
