"""Who may mean the opposite, or only tells of it, has no timer set and none cancelled."""

from __future__ import annotations

import pytest

from config.language.courtesy import undress
from config.language.normalise import normalise
from config.language.words import one_by_one
from pipeline.skills.timer_requests.intents import NotUnderstood, SetTimer, TimerIntent
from pipeline.skills.timer_requests.read import read_timer_intent
from tests.tables import for_each


def read(language: str, text: str) -> TimerIntent | None:
    words = one_by_one(undress(normalise(text, language=language), language), language)
    return read_timer_intent(words, language, text)


@for_each(
    ("language", "text"),
    [
        ("en", "no timer for 10 minutes"),
        ("en", "tell Anna to set a 10 minute timer"),
        ("en", "remind me at 8 to call Tom, no don't"),
        ("en", "set an alarm for 7, no, not at all"),
        ("en", "set a timer for 10 minutes if it rains"),
        ("en", "cancel the alarm at 7 if it rains"),
        ("en", "cancel all alarms. 10 minute timer"),
        ("en", "say “cancel all alarms”"),
        ("de", "kein Timer für zehn Minuten"),
        ("de", "erinnere mich um 8 oder 9 an die Pillen"),
        ("de", "sag „lösch alle Wecker“"),
        ("fr", "pas de minuteur de dix minutes"),
        ("fr", "rappelle-moi s'il pleut à 9 heures"),
        ("fr", "réveille-moi avant 7 heures"),
        ("es", "ningún temporizador de diez minutos"),
        ("es", "despiértame antes de las 7"),
        ("es", "cancela la alarma, no, olvídalo"),
        ("it", "metti un timer di almeno 10 minuti"),
        ("it", "ricordami se Tom chiama alle 9"),
        ("it", "svegliami prima delle 7"),
    ],
)
def test_in_doubt_nothing_is_asked(language: str, text: str) -> None:
    assert isinstance(read(language, text), NotUnderstood | None)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "set a chicken and rice timer for 10 minutes", "chicken and rice"),
        ("en", "set a timer called “pasta” for 10 minutes", "pasta"),
        ("de", "Nudeltimer zehn Minuten", "nudel"),
        ("fr", "minuteur pâtes 10 minutes", "pâtes"),
        ("es", "temporizador pasta diez minutos", "pasta"),
        ("it", "timer pasta dieci minuti", "pasta"),
    ],
)
def test_a_name_is_still_one(language: str, text: str, name: str) -> None:
    assert read(language, text) == SetTimer(600, name)
