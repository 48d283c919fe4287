"""Lengths of time as five languages say them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.data import languages
from config.language.words import words_in
from pipeline.skills.durations import duration_at, say_duration, say_length
from tests.tables import for_each

DURATIONS = {
    "en": {
        "an hour and half a minute": 3630,
        "hour and a half": 5400,
        "an hour and twenty": 4800,
        "1½ hours": 5400,
    },
    "de": {
        "anderthalb Stunden": 5400,
        "eine halbe Stunde": 1800,
        "dreiviertel Stunde": 2700,
        "eine Dreiviertelstunde": 2700,
        "drei viertel Stunden": 2700,
        "eine Viertelstunde": 900,
        "zweieinhalb Minuten": 150,
        "1,5 Stunden": 5400,
        "zwei Stunden und fünfzehn Minuten": 8100,
        "eine Stunde dreißig": 5400,
        "1 Std. 30 Min.": 5400,
    },
    "fr": {
        "une heure et demie": 5400,
        "une demi-heure": 1800,
        "un quart d’heure": 900,
        "trois quarts d'heure": 2700,
        "1 h 30": 5400,
        "1h30": 5400,
        "deux heures et quart": 8100,
        "quatre-vingt-dix secondes": 90,
        "quinze jours": 1_296_000,
        "une heure un quart": 4500,
    },
    "es": {
        "hora y media": 5400,
        "una hora y media": 5400,
        "media hora": 1800,
        "un cuarto de hora": 900,
        "tres cuartos de hora": 2700,
        "hora y cuarto": 4500,
        "1 hora y 20 minutos": 4800,
        "veinticinco minutos": 1500,
    },
    "it": {
        "un'ora e un quarto": 4500,
        "mezz’ora": 1800,
        "mezzora": 1800,
        "tre quarti d'ora": 2700,
        "due ore e mezza": 9000,
        "un’ora e venti": 4800,
        "dieci minuti e 30 secondi": 630,
    },
}
CASES = [(language, text, seconds) for language, some in DURATIONS.items() for text, seconds in some.items()]


def read(text: str, language: str) -> float | None:
    """Seconds, where the whole text is a length of time."""
    words = words_in(text, language)
    found = duration_at(words, 0, language)
    return found[0] if found and found[1] == len(words) else None


@for_each(("language", "text", "seconds"), CASES)
def test_a_duration_is_read(language: str, text: str, seconds: int) -> None:
    assert read(text, language) == seconds


@for_each(
    ("language", "text"),
    [
        ("en", "fifteen"),
        ("en", "5 minutes 5 minutes"),
        ("de", "Minute"),
        ("fr", "heure"),
        ("es", "y media"),
        ("it", "ora e minuto"),
        ("de", "fünf Minuten vor acht"),
        ("fr", "cinq"),
    ],
)
def test_what_is_none_is_none(language: str, text: str) -> None:
    assert read(text, language) is None


@pytest.mark.parametrize("language", languages())
@given(seconds=st.integers(1, 10**6))
@settings(max_examples=60, deadline=None)
def test_what_is_said_is_read_as_what_it_was(language: str, seconds: int) -> None:
    assert read(say_duration(seconds, language), language) == seconds


def test_german_has_cases() -> None:
    assert say_length(3, "day", "de") == "3 Tage"
    assert say_length(3, "day", "de", "dative") == "3 Tagen"
    assert say_length(1, "day", "de", "accusative") == "einen Tag"
    assert say_length(3, "day", "fr", "dative") == "3 jours"
    assert say_duration(5400, "de") == "eine Stunde und 30 Minuten"
