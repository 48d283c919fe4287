"""The odds that a turn is over: how its words read, which are the last, how sure the STT is, how it sounds.

None is enough by itself. Whisper completes what was cut off ("He was not." for "He was not an"), people pause
after whole clauses, and the sound of the last word deceives as well. A logistic score of few weights, fitted
to readers who are no part of what is reported. ``bench/people/odds.py`` prints what they are worth, and
others fitted to the pauses of its own list alone; these had the cuts at each word besides, which it has not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from voice.turns.endpointing.completeness import Completeness

_UNTOLD_DOUBT = 0.05
"""Of STT that does not tell how sure it is: Whisper's of what it hears well."""
_UNTOLD_SOUND = 0.8
"""Where no turn model is: about what it says of half the pauses and of half the ends alike."""
_MOST_DOUBT = 1.0
_LEAST = 0.02
"""No probability is believed beyond 1 in 50: networks are surer than they are right."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a pause. ``confidence``: the STT's, 0..1; 1 of STT that does not tell. ``complete``: a
    turn model's probability that the turn is over, None without one. ``ending``:
    ``voice.turns.endpointing.sentence_endings.ending``. ``closing``: as a ``voice.stt.base.Transcript`` has
    it, or None.
    """

    reading: Completeness
    preflight: str
    confidence: float = 1.0
    complete: float | None = None
    ending: float = 0.0
    closing: float | None = None

    @property
    def weighs(self) -> bool:
        """There is more than the words."""
        return self.confidence < 1 or self.complete is not None


Readings = Mapping[Completeness, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """Natural logarithms of odds."""

    readings: Readings
    doubt: float
    """For each unit of ``-ln(confidence)``: what was cut off is heard less surely."""
    open: float
    """STT that sets marks set none."""
    sound: float
    """For each unit of the turn model's own log-odds."""
    ending: float
    """For each unit of the last words' log-odds."""
    closing: float = 0.0
    """For each unit of what the STT expects after the last word."""


def _by_reading(incomplete: float, phrase: float, unclear: float, stated: float, whole: float) -> Readings:
    return MappingProxyType(
        {
            "incomplete": incomplete,
            "clause": incomplete,
            "phrase": phrase,
            "dictating": incomplete,
            "thinking": incomplete,
            "unclear": unclear,
            "stated": stated,
            "leading": stated,
            "extendable": whole,
            "complete": whole,
        }
    )


WEIGHTS = Weights(
    _by_reading(incomplete=-2.8, phrase=0.0, unclear=1.5, stated=1.65, whole=1.85),
    doubt=-3.75,
    open=-0.65,
    sound=0.19,
    ending=0.55,
)
WITH_CLOSING = Weights(
    _by_reading(incomplete=-4.6, phrase=-2.2, unclear=-0.75, stated=-0.5, whole=-0.6),
    doubt=-3.0,
    open=-1.0,
    sound=0.13,
    ending=0.6,
    closing=1.25,
)
"""Of STT that tells what they expect after the last word. Both are fitted to what tiny.en and base make of
readers' recordings, cut at their pauses and, where no whole sentence is before it, at each word (255 and 197
pauses); by weights that know nothing of the reader an end has better odds than a pause in 89 of 100 pairs
without it, and in 92 with it. A ``phrase`` is rare there, and was put between ``incomplete`` and ``unclear``.
"""


def log_odds(known: Evidence, weights: Weights | None = None) -> float:
    """Above 0: rather over than not. ``weights`` None: those for what is known."""
    if weights is None:
        weights = WEIGHTS if known.closing is None else WITH_CLOSING
    odds = weights.readings[known.reading] + weights.doubt * _doubt(known.confidence)
    if _is_open(known):
        odds += weights.open
    if known.weighs:  # who is told the words, or types them, means what the readings say
        odds += weights.ending * known.ending + weights.closing * (known.closing or 0.0)
    complete = _UNTOLD_SOUND if known.complete is None else known.complete
    return odds + weights.sound * _logit(complete)


def _doubt(confidence: float) -> float:
    return _UNTOLD_DOUBT if confidence >= 1 else min(_MOST_DOUBT, -math.log(max(confidence, 1e-3)))


def _is_open(known: Evidence) -> bool:
    """By the hand of one who sets marks, and without one at its end."""
    preflight = known.preflight.strip()
    sets_marks = known.confidence < 1 and (
        preflight[:1].isupper() or re.search("[.,?!]", preflight) is not None
    )
    return sets_marks and re.search(r"[.?!…][\"'”’)]*$", preflight) is None


def _logit(probability: float) -> float:
    believed = min(1 - _LEAST, max(_LEAST, probability))
    return math.log(believed / (1 - believed))
