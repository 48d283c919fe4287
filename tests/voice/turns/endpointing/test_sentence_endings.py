"""What the last words of a preflight say about whether more is to come: a table that knows words no rule
does.
"""

from __future__ import annotations

import pytest

from bench.endings import examples, frequent, sentences
from config.language.data import table
from voice.turns.endpointing.sentence_endings import KINDS, ending, marks

WHOLE = "we will see you again | he is a good man | I do not like it | that was fun | it is very late today"
BEGUN = "we will see you every | he is a very good | I do not like another | that was less | it took"


def told(preflight: str) -> float:
    return ending(preflight.lower().split(), "en")


def test_a_whole_sentence_ends_better_than_one_that_has_begun() -> None:
    whole, begun = (
        [told(preflight) for preflight in preflights.split(" | ")] for preflights in (WHOLE, BEGUN)
    )
    assert min(whole) > max(begun)


@pytest.mark.parametrize("word", ["the", "your", "of", "every", "another", "is"])
def test_what_hardly_ever_ends_a_sentence(word: str) -> None:
    assert told(f"please enter {word}") <= -1


def test_the_word_before_counts() -> None:
    assert told("one other") < told("each other")


def test_numbers_are_one_word() -> None:
    assert [*marks(["dial", "911"], "en")] == [*marks(["dial", "17"], "en")]


def test_an_unknown_word_has_its_last_letters_alone() -> None:
    assert [*marks(["blorping"], "en")] == ["last:blorping", "letters:ing"]
    assert told("blorping") == told("glimming")


@pytest.mark.parametrize("language", ["de", "fr", "nl"])
def test_other_languages_are_not_judged(language: str) -> None:
    assert ending(["the"], language) == 0.0
    assert ending([], "en") == 0.0


def test_each_word_stands_once_in_the_table() -> None:
    for kind in KINDS:
        words = [word for each in table("en", "sentence_endings")[kind] for word in each["words"].split()]
        assert len(words) == len(set(words)), kind


def test_of_what_the_table_is_counted(tmp_path_factory: pytest.TempPathFactory) -> None:
    import random

    folder = tmp_path_factory.mktemp("corpus")
    (folder / "a.json").write_text(
        '["I like it here, and I stay. He left!", "no capital", "I like it here, and I stay."]'
    )
    every = sentences(folder)
    assert every == ["I like it here, and I stay.", "He left!"]
    found = examples(every, random.Random(1))
    assert [words for _, words, whole in found if whole] == [
        ["i", "like", "it", "here", "and", "i", "stay"],
        ["he", "left"],
    ]
    begun = [words for _, words, whole in found if not whole]
    assert len(begun) == 3
    assert ["i", "like", "it", "here"] not in begun  # a mark is there
    assert all(mark.startswith("letters:") for mark in frequent(found))  # no word is common enough
