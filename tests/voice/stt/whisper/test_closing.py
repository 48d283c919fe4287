"""Whether the STT takes the last word for the last of a sentence: by what they expect after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.people import person
from voice.stt.whisper.closing import closing, last_word
from voice.stt.whisper.engine import Whisper

MARKS, END, ZERO = (0, 1, 2), 8, 9
SIZE = 12


def likely(**shares: float) -> float:
    """Of tokens by name: what is not named shares the rest."""
    names = {"stop": 0, "comma": 3, "word": 4, "end": END, "moment": ZERO + 1}
    probabilities = np.full(SIZE, (1 - sum(shares.values())) / SIZE)
    for name, share in shares.items():
        probabilities[names[name]] += share
    return closing(np.log(probabilities).astype(np.float32), MARKS, END, ZERO)


def test_a_mark_closes_best_an_end_less_and_a_word_not_at_all() -> None:
    order = [likely(stop=0.9), likely(end=0.9), likely(word=0.9)]
    assert order == sorted(order, reverse=True)
    assert order[0] > 1 > -1 > order[2]


def test_a_moment_is_an_end_and_a_comma_is_none() -> None:
    assert likely(moment=0.9) == pytest.approx(likely(end=0.9))
    assert likely(comma=0.9) == pytest.approx(likely(word=0.9))


def test_none_is_surer_than_one_in_fifty() -> None:
    assert likely(stop=0.99999) == pytest.approx(likely(stop=0.995), abs=0.02)
    assert -4 < likely(word=0.99999) < likely(stop=0.99999) < 4


def test_the_last_word_is_before_its_marks() -> None:
    texts = {10: " It", 11: " rains", 12: ".", 13: "”", 14: "..."}
    said = [(1, 10), (2, 11), (3, 12), (4, 13)]
    assert last_word(said, texts.__getitem__) == 2
    assert last_word([(1, 14)], texts.__getitem__) is None
    assert last_word([], texts.__getitem__) is None


@pytest.mark.parametrize(
    ("begin_s", "cuts_s", "end_s"),
    [
        (17.588, (17.95, 18.05, 18.15), 18.813),  # What are you | talking about?
        (
            23.6,
            (24.3, 25.3, 25.9),
            27.6,
        ),  # Do you remember | the day I | went and | fetched you from that ditch?
    ],
)
def test_whisper_expects_more_where_a_reader_was_cut(
    hearing: Whisper, begin_s: float, cuts_s: Sequence[float], end_s: float
) -> None:
    """On the mean of several cuts: one alone is more or less on another processor."""

    def told(until_s: float) -> float | None:
        asked = hearing.open()
        asked.push(person("endgame_nagg_nell", begin_s, until_s).samples)
        return asked.preflight().closing

    whole, cuts = told(end_s), [closing for cut_s in cuts_s if (closing := told(cut_s)) is not None]
    assert whole is not None
    assert len(cuts) >= 2
    assert sum(cuts) / len(cuts) < whole - 1
