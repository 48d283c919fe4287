"""The tables of sentences are as they must be, whatever becomes of the sentences."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.intents.judge import judge, numbers
from bench.intents.parts import parts_in
from bench.intents.table import HELD_BACK, Running, Sentence, Situation, languages, sentences
from config.language import data

ALL = {language: list(sentences(language)) for language in languages()}


def test_every_language_has_its_sentences() -> None:
    assert languages() == list(data.languages())
    counts = {language: len(each) for language, each in ALL.items()}
    assert counts.pop("en") >= 300
    assert min(counts.values()) >= 200
    assert sum(bool(s.must.get("for_llm")) for each in ALL.values() for s in each) >= 60


@pytest.mark.parametrize("language", languages())
def test_the_sentences_held_back_are_written_as_the_others(language: str) -> None:
    assert len(list(sentences(language, HELD_BACK))) >= 30


@pytest.mark.parametrize("language", languages())
def test_no_sentence_stands_twice_in_one_situation(language: str) -> None:
    counted = Counter((each.text, each.situation) for each in ALL[language])
    assert [text for (text, _), count in counted.items() if count > 1] == []


def test_what_must_be_cancelled_or_changed_is_running() -> None:
    for each in (each for of_one in ALL.values() for each in of_one):
        numbered = range(1, len(each.situation.running) + 1)
        changes = each.must.get("changes", [])
        listed = changes if isinstance(changes, list) else [changes]
        meant = [*each.must.get("cancels", []), *(change["number"] for change in listed)]
        assert all(number in numbered for number in meant), each.text


def test_what_is_set_or_changed_rings_later_than_it_was_said() -> None:
    for each in (each for of_one in ALL.values() for each in of_one):
        for must in (each.must.get("sets"), each.must.get("changes")):
            at = must.get("at") if isinstance(must, dict) else None
            assert at is None or at > f"{each.situation.now:%Y-%m-%d %H:%M}", each.text


def test_every_situation_can_be_made() -> None:
    for situation in {each.situation for of_one in ALL.values() for each in of_one}:
        made = parts_in(situation).state()
        assert [made[number].kind for number in sorted(made)] == [each.kind for each in situation.running]


@pytest.mark.parametrize(
    ("answer", "language", "found"),
    [
        ("It is 1,234.5 miles.", "en", [1234.5]),
        ("Das sind 1.234,5 Meilen.", "de", [1234.5]),
        ("Cela fait 1 234,5 miles.", "fr", [1234.5]),
        ("12 times 11 is 132.", "en", [12, 11, 132]),
        ("Five minus seven is minus 2.", "en", [-2]),
        ("Sono 86400 secondi.", "it", [86400]),
    ],
)
def test_numbers_are_read_as_a_language_writes_them(answer: str, language: str, found: list[float]) -> None:
    assert numbers(answer, language) == found


def said(text: str, **must: object) -> Sentence:
    """With a pasta timer and another one running."""
    now = ALL["en"][0].situation.now
    running = (Running(seconds=1800, left_s=1500), Running(name="pasta", seconds=600, left_s=420))
    return Sentence(text, "en", "", Situation(now, running), must)


def test_a_verdict_is_that_of_what_became_of_it() -> None:
    assert judge(said("cancel the pasta timer", cancels=[2])).verdict == "right"
    assert judge(said("cancel the pasta timer", cancels=[1])).verdict == "wrong_effect"
    assert judge(said("cancel the pasta timer", for_llm=True)).verdict == "wrong_effect"
    assert judge(said("cancel the soup timer", cancels=[2])).verdict == "refused"
    assert judge(said("cancel the soup timer", cancels=[2], or_refused=True)).verdict == "right"
    assert judge(said("cancel my subscription", cancels=[2])).verdict == "to_llm"
    assert judge(said("two plus two", value=4, tells="sum")).verdict == "right"
    assert judge(said("two plus two", value=5, tells="sum")).verdict == "wrong_answer"
