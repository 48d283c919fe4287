"""How a preflight reads in each language: Italian as the proof that a folder of data is enough."""

from __future__ import annotations

import pytest

from config.language.data import languages
from tests.tables import for_each
from voice.turns.endpointing.completeness import guess_language, read, words_of
from voice.turns.endpointing.completeness_words import words_in

ITALIAN = {
    "complete": "che ore sono? | che tempo fa domani | accendi la luce in cucina | dov'è la stazione | "
    "quanto costa un caffè | imposta un timer di dieci minuti | quanti anni hai | va bene | "
    "raccontami una storia | chi ha scritto la Divina Commedia",
    "incomplete": "imposta un timer di | accendi la | che ore sono a | spegni la luce del | dimmi che | "
    "domani parto con | il treno parte da | non | resto a casa perché | puoi dirmi | vorrei un caffè, cioè",
    "thinking": "aspetta un attimo | fammi pensare | un momento | dammi un secondo | ehm un attimo",
    "dictating": "il mio numero è tre quattro sette | zero sei due",
    "unclear": "non so perché | sono a casa | il treno è partito",
}


@for_each(
    ("reading", "preflight"),
    [(reading, said) for reading, every in ITALIAN.items() for said in every.split(" | ")],
)
def test_italian(reading: str, preflight: str) -> None:
    assert read(preflight, "it") == reading


@for_each(
    ("language", "preflight"),
    [
        ("en", "I want a coffee"),
        ("en", "come in, the door is open"),
        ("de", "da sei alle Lampen an"),
        ("fr", "est-ce que tu viens"),
        ("fr", "non, il va à Rome"),
        ("es", "come la pizza con tu hermana"),
        ("es", "elimina la última palabra"),
        ("en", "iron ore"),
        ("es", "aumenta 5 horas"),
        ("it", "che ore sono"),
        ("it", "domani parto con il treno"),
        ("it", "un caffè per questo signore"),
        ("it", "dimmi la capitale della Francia"),
        ("it", "accendi la luce"),
    ],
)
def test_little_words_that_others_have_too_do_not_tell_italian(language: str, preflight: str) -> None:
    assert (guess_language(words_of(preflight)) == "it") == (language == "it")


@pytest.mark.parametrize("language", languages())
def test_what_dangles_in_a_language_never_reads_as_whole(language: str) -> None:
    assert all(
        read(f"berlin {word}", language) not in ("complete", "extendable", "stated")
        for word in words_in(language).dangling
    )


@pytest.mark.parametrize("language", ["pt", "nl", "xx"])
def test_of_a_language_without_a_folder_nothing_is_known(language: str) -> None:
    assert words_in(language).known == frozenset()
    assert read("que horas são", language) == "unclear"
