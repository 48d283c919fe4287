"""How long a silence must last before the turn is over: from the odds that it is, and what was asked.

The waits are the plan's (docs/architecture.md) where it has some. Where the odds stand for them was chosen on
readers, and is measured on another person (``bench/people/hesitate.py``).
"""

from __future__ import annotations

import re
from typing import Protocol

from voice.turns.endpointing.completeness import Completeness, language_of, read, spelled, words_of
from voice.turns.endpointing.completeness_words import in_any_language
from voice.turns.endpointing.odds import Evidence, log_odds
from voice.turns.endpointing.sentence_endings import ending

COMPLETE_MS = 320
"""What is surely over. The voice detector adds some 30 ms; preflights hide the rest."""
EXTENDABLE_MS = 450
"""A whole one to which something is often added: "What is the weather like ... in Paris?"."""
LEADING_MS = 1700
"""How things are with somebody leads to a question: "I have a meeting at nine ... when must I leave?"."""
LED_MS = 600
"""The same at least, from STT that tells how sure it is: the odds say the rest."""
INCOMPLETE_MS = 1800
"""What is surely not."""
DICTATING_MS = 1200
THINKING_MS = 8000
LONGEST_MS = 3000
"""No silence is waited for longer, except after "give me a minute"."""

SURELY, PERHAPS, HARDLY = 1.9, 0.3, -0.5
"""Log-odds from which on ``COMPLETE_MS`` is enough; at which it is ``listen.silence_ms``; below which it is
``INCOMPLETE_MS``. Between them the wait is too.
"""

_ASKED = re.compile(r"\?\W*$")


class Waits(Protocol):
    """What is needed of the settings: ``config.settings.model.ListenSettings`` has it."""

    @property
    def silence_ms(self) -> int: ...


class EndpointingDelay:
    """Pure: the same words, the same silence. Some 20 µs a call.

    >>> patience = Patience(settings.listen)
    >>> patience.silence_ms("set a timer for", complete=None)
    1800
    """

    def __init__(self, settings: Waits, language: str = "auto") -> None:
        """``language``: ISO 639-1 of the preflights, or ``auto``: it is guessed."""
        self._unclear_ms = settings.silence_ms
        self._language = language

    def silence_ms(
        self,
        preflight: str,
        *,
        confidence: float = 1.0,
        complete: float | None = None,
        closing: float | None = None,
        asked: str = "",
    ) -> int:
        """Milliseconds of silence after which the turn is over.

        ``preflight``: the words so far, with punctuation or none; ``confidence``, ``complete``, ``closing``:
        see ``voice.turns.endpointing.odds.Evidence``. ``asked``: the assistant's last sentence, "" when the
        turn answers nothing.
        """
        reading = read(preflight, self._language)
        if reading == "thinking":
            return THINKING_MS
        if reading in ("leading", "clause", "phrase") and _ASKED.search(asked):
            reading = "unclear"  # it answers; nothing else is to come
        words = words_of(preflight)
        last = ending(words, language_of(words, self._language))
        known = Evidence(reading, preflight, confidence, complete, last, closing)
        if reading == "unclear" and not known.weighs:
            wait = self._unclear_ms
        else:
            wait = max(self._by_odds(log_odds(known)), self._at_least(known))
        if in_any_language().long_answer.search(asked):
            wait = max(wait, _while_dictating(preflight, reading))
        return min(wait, max(LONGEST_MS, self._unclear_ms))

    def _by_odds(self, odds: float) -> int:
        # Who has set a shorter silence than ours wants it for finished sentences too.
        soon, late = min(COMPLETE_MS, self._unclear_ms), max(INCOMPLETE_MS, self._unclear_ms)
        if odds >= PERHAPS:
            share = min(1.0, (odds - PERHAPS) / (SURELY - PERHAPS))
            return round(self._unclear_ms + share * (soon - self._unclear_ms))
        share = min(1.0, (PERHAPS - odds) / (PERHAPS - HARDLY))
        return round(self._unclear_ms + share * (late - self._unclear_ms))

    def _at_least(self, known: Evidence) -> int:
        match known.reading:
            case "extendable":
                return min(EXTENDABLE_MS, self._unclear_ms)
            case "leading":
                return max(LEADING_MS if known.confidence >= 1 else LED_MS, self._unclear_ms)
            case "dictating":
                return max(DICTATING_MS, self._unclear_ms)
            case _:
                return 0


def _while_dictating(preflight: str, reading: Completeness) -> int:
    """People pause between the parts of a number, an address, a name spelled."""
    words = words_of(preflight)
    if in_any_language().address_done.fullmatch(" ".join(words)) or re.search(
        r"@[\w-]+\.\w{2,}\W*$", preflight
    ):
        return 600
    if reading in ("incomplete", "dictating") or spelled(words):
        return 2000
    return 1200
