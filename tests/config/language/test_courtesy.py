"""Courtesy goes, and nothing else: what asks for something stays whole."""

from __future__ import annotations

import pytest

from config.language.courtesy import is_dictated, undress
from config.language.data import languages, table
from config.language.normalise import normalise
from config.language.number_words import read_number
from config.language.templates import texts
from config.language.unit_names import unit_words


@pytest.mark.parametrize(
    ("language", "said", "asked"),
    [
        ("en", "could you please tell me what 5 km is, please", "what 5 km is"),
        ("en", "please", "please"),
        ("de", "Kannst du mir bitte sagen, wie spät es ist?", "wie spat es ist"),
        ("de", "Stell einen Wecker, bitte", "stell einen wecker"),
        ("fr", "S’il te plaît, quelle heure est-il, merci", "quelle heure est il"),
        ("fr", "peux-tu me dire l'heure", "l'heure"),
        ("es", "¿Me puedes decir la hora, por favor?", "la hora"),
        ("it", "Per favore, imposta un timer di 1 ora", "imposta un timer di 1 ora"),
    ],
)
def test_courtesy_goes(language: str, said: str, asked: str) -> None:
    assert undress(normalise(said, language=language), language) == asked


@pytest.mark.parametrize("language", languages())
def test_no_courtesy_is_a_number_or_a_unit(language: str) -> None:
    """ "ora" is "now" and "hour" in Italian: of "1 ora" it must not be taken off."""
    lengths = {normalise(form) for forms in table(language, "durations")["read"].values() for form in forms}
    for place in ("before", "after"):
        for text in (text for template in table(language, "courtesy")[place] for text in texts(template)):
            assert text not in lengths
            assert text not in unit_words(language).read.units
            assert read_number(text.split(), 0, language) is None, text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "sag „lösch alle Wecker“"),
        ("de", "sag mir: stell einen Timer auf zehn Minuten"),
        ("en", "please say “set a timer for ten minutes”"),
        ("en", '"Set a timer for ten minutes."'),
        ("fr", "dis « annule tous les réveils »"),
        ("es", "di «cancela todas las alarmas»"),
        ("it", "di' «cancella tutte le sveglie»"),
    ],
)
def test_what_is_to_be_said_is_no_command(language: str, said: str) -> None:
    assert is_dictated(said, language)


@pytest.mark.parametrize("said", ["set a timer", 'set a timer called "pasta"', "please", '"', "“”", ""])
def test_a_command_is_not_dictated(said: str) -> None:
    assert not is_dictated(said)
