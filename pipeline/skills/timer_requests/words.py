"""The sentences about timers of each language, compiled: ``config/language/LANGUAGE/timers.toml``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from config.language.data import table
from config.language.lexicon import Lexicon
from config.language.normalise import apart
from config.language.sentences import Sentences
from config.language.templates import Templates, compiled
from config.language.words import sentences_apart, words_in
from pipeline.skills.timer_requests.intents import Kind
from pipeline.skills.when.spans import DURATION, MOMENT, NUMBER

KINDS: tuple[Kind, ...] = ("timer", "alarm", "reminder")


@dataclass(frozen=True, slots=True)
class TimerWords:
    """Of one language."""

    sentences: Sentences
    kinds: Mapping[str, Kind]
    """What each kind is called."""
    several: frozenset[str]
    """Of these, those that are more than one."""
    places: Lexicon[str]
    never_named: frozenset[str]
    fillers: frozenset[str]
    left: frozenset[str]
    """Who says them speaks of timers."""
    still: frozenset[str]
    """Who says them of a timer surely asks what is left of it."""
    counted: Templates
    misheard: frozenset[str]
    """What a recogniser writes for "for"."""


def _words(texts: list[str], language: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in words_in(text, language))


def _joined(texts: list[str], language: str) -> list[str]:
    return [" ".join(words_in(text, language)) for text in texts]


@functools.cache
def timer_words(language: str) -> TimerWords:
    said = table(language, "timers")
    kinds: dict[str, Kind] = {name: kind for kind in KINDS for name in _joined(said["kinds"][kind], language)}
    slots = {
        "duration": DURATION, "moment": MOMENT, "moment_too": MOMENT, "misheard": NUMBER,
        "kind": tuple(kinds),
    }  # fmt: skip
    return TimerWords(
        sentences=sentences_apart(said["sentences"], said["rules"], slots),
        kinds=kinds,
        several=frozenset(_joined(said["kinds"]["several"], language)),
        places=Lexicon([(text, place) for place, texts in said["places"].items() for text in texts]),
        never_named=_words(said["never"]["named"], language),
        fillers=_words(said["asked"]["fillers"], language),
        left=_words(said["asked"]["left"], language),
        still=_words([*said["asked"]["left"], *said["asked"]["still"]], language),
        misheard=frozenset(_joined(said["misheard"]["words"], language)),
        counted=compiled(map(apart, said["asked"]["counted"]), said["rules"]),
    )
