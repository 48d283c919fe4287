"""What is counted when languages change, and which recordings belong to which set."""

from __future__ import annotations

import numpy as np
import pytest

from bench.people import languages
from bench.people.languages import Written, figures
from voice.stt.language_pin import Guess


def written(language: str, *turns: str, place: str = "later") -> Written:
    return Written("words", language, turns, "words", place, Guess(language, 0.9, 1.0))


def test_the_first_after_a_change_counts_by_itself_and_what_was_not_heard_is_not_wrong() -> None:
    changes = [
        written("es", "en", place="first"),
        written("es", "es"),
        written("es", "es", "en"),
        written("es"),
    ]
    found = figures({"changes": changes, "short, in a row": [written("en", "nl"), written("en", "en")]})
    assert found == {
        "changes": 1,
        "wrong, the first after a change": 1,
        "later ones": 2,
        "later ones: wrong": 1,
        "later ones: not heard": 1,
        "short, in a row": 2,
        "short, in a row: wrong": 1,
        "short, in a row: not heard": 0,
    }


@pytest.mark.parametrize("chosen", ["tune", "report"])
def test_a_blocks_language_is_never_that_of_the_one_before(
    chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(language: str, chosen: str) -> list[languages.Utterance]:
        count = {"en": 40, "es": 12, "fr": 8}[language]
        return [
            languages.Utterance(f"{number}", language, np.zeros(1, np.float32)) for number in range(count)
        ]

    monkeypatch.setattr(languages, "sentences", made)
    order = [block[0].language for block in languages.changing(chosen)]
    assert order == ["en", "es", "en", "fr", "en", "es", "en", "fr", "en", "es", "en"]
