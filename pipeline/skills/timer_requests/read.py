"""From an utterance to what it asks of timers: pure, in one language, without effect."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from config.language.courtesy import undress
from config.language.normalise import normalise
from config.language.words import words_in
from pipeline.skills.timer_requests.asking import Asking
from pipeline.skills.timer_requests.cancelling import Cancelling
from pipeline.skills.timer_requests.changing import Changing
from pipeline.skills.timer_requests.corrected import corrected
from pipeline.skills.timer_requests.intents import TimerIntent
from pipeline.skills.timer_requests.setting import Setting
from pipeline.skills.timer_requests.words import more_in_front, timer_words
from pipeline.skills.when.spans import Spanned, spanned

_MARKS = '“”„«»"‹› '
_QUOTED = re.compile(r"[“„][^“”„]+[“”]|«[^«»]+»|\"[^\"]+\"")
_END = re.compile(r"[.!?;…]\s+")


def read_timer_intent(words: Sequence[str], language: str, text: str = "") -> TimerIntent | None:
    """None where it is about no timer. ``text``: as it was written."""
    known = timer_words(language)
    if not known.sentences.may_match(words):
        return None
    said = corrected(spanned(more_in_front(words, language), language, text), language)
    intent = _intent(said, language) or (
        _intent(said.without_numbers(), language) if said.has_numbers else None
    )
    return None if intent and _told_apart(text, language) else intent


def _told_apart(text: str, language: str) -> bool:
    """Whether it is said in quotation marks only, or two things are asked, one a sentence."""
    outside = _QUOTED.sub(" ", text)
    quoted = (
        [match[0].strip(_MARKS) for match in _QUOTED.finditer(text)] if words_in(outside, language) else []
    )
    apart = [part for part in _END.split(text.strip()) if words_in(part, language)]
    return any(_asks(each, language) for each in quoted) or (
        len(apart) > 1 and sum(_asks(each, language) for each in apart) > 1
    )


def _asks(text: str, language: str) -> bool:
    return (
        read_timer_intent(words_in(undress(normalise(text, language=language), language), language), language)
        is not None
    )


def _intent(said: Spanned, language: str) -> TimerIntent | None:
    for name, slots in timer_words(language).sentences.readings(said.plain):
        if intent := _Sentence(said, slots, language).intent(name):
            return intent
    return None


class _Sentence(Setting, Changing, Cancelling, Asking):
    """What it asks."""

    def intent(self, name: str) -> TimerIntent | None:
        if self.in_doubt() and not name.endswith("_unclear") and not name.startswith("ask_"):
            return None
        read: Callable[[], TimerIntent | None] = getattr(self, f"_{name}")
        return read()
