"""The odds that a turn is over: from how its words read, how sure the ears are of them, and how it sounds.

None is enough by itself. Whisper completes what was cut off ("He was not." for "He was not an"), people pause
after whole clauses, and the sound of the last word deceives as well. A logistic score of few weights, fitted
to readers who are no part of what is reported: ``bench/people/odds.py`` fits them anew and prints what they
are worth.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from voice.unfinished import Reading

_UNTOLD_DOUBT = 0.25
"""Of ears that do not tell how sure they are: Whisper's of most sentences that it hears whole."""
_MOST_DOUBT = 1.0
_LEAST = 0.02
"""No probability is believed beyond 1 in 50: networks are surer than they are right."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a pause. ``confidence``: the ears', 0..1; 1 of ears that do not tell. ``ends``: how
    likely they would set a full stop or a question mark here, None of ears that set none. ``complete``: a
    turn model's probability that the turn is over, None without one.
    """

    reading: Reading
    draft: str
    confidence: float = 1.0
    ends: float | None = None
    complete: float | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """Natural logarithms of odds. ``doubt``: for each unit of ``-ln(confidence)``, since what was cut off is
    heard less surely. ``ends``, ``sound``: for each unit of the log-odds told. ``open``: ears that set marks
    set none.
    """

    readings: Mapping[Reading, float]
    doubt: float = 0.0
    open: float = 0.0
    ends: float = 0.0
    sound: float = 0.0


def _readings(incomplete: float, unclear: float, stated: float, complete: float) -> Mapping[Reading, float]:
    return MappingProxyType(
        {
            "incomplete": incomplete,
            "dictating": incomplete,
            "thinking": incomplete,
            "unclear": unclear,
            "stated": stated,
            "leading": stated,
            "extendable": complete,
            "complete": complete,
        }
    )


BY_WORDS = Weights(_readings(-2.4, 1.9, 2.8, 2.8), doubt=-2.4, open=-1.0, sound=0.15)
BY_MARKS = Weights(_readings(-2.0, 0.6, 1.5, 1.5), ends=0.9, sound=0.15)


def log_odds(known: Evidence) -> float:
    """Above 0: rather over than not."""
    weights = BY_WORDS if known.ends is None else BY_MARKS
    odds = weights.readings[known.reading]
    if weights.doubt:
        odds += weights.doubt * _doubt(known.confidence)
    if weights.open and _is_open(known.draft):
        odds += weights.open
    if known.ends is not None:
        odds += weights.ends * _logit(known.ends)
    if known.complete is not None:
        odds += weights.sound * _logit(known.complete)
    return odds


def _doubt(confidence: float) -> float:
    return _UNTOLD_DOUBT if confidence >= 1 else min(_MOST_DOUBT, -math.log(max(confidence, 1e-3)))


def _is_open(draft: str) -> bool:
    """By the hand of one who sets marks, and without one at its end."""
    return re.search(r"[A-Z.,?!]", draft) is not None and re.search(r"[.?!…][\"'”’)]*\s*$", draft) is None


def _logit(probability: float) -> float:
    believed = min(1 - _LEAST, max(_LEAST, probability))
    return math.log(believed / (1 - believed))
