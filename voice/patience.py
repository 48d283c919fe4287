"""How long a silence must last before the turn is over: from how the words read, how they sound, what was
asked.

The figures are the plan's (docs/architecture.md) where it has some; the others are ours, and unmeasured on
people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from voice.unfinished import Reading, read, spelled, words_of

COMPLETE_MS = 320
"""A question or a command that reads whole. The voice detector adds some 30 ms; drafts hide the rest."""
EXTENDABLE_MS = 450
"""A whole one to which something is often added: "What is the weather like ... in Paris?"."""
STATED_MS = 900
LEADING_MS = 1600
"""How things are with somebody leads to a question: "I have a meeting at nine ... when must I leave?"."""
INCOMPLETE_MS = 1800
DICTATING_MS = 1200
THINKING_MS = 8000
LONGEST_MS = 3000
"""No silence is waited for longer, except after "give me a minute"."""

SURE = 0.5
"""A turn model's probability from which the turn counts as complete (Smart Turn's own)."""

_HEARD_COMPLETE: Mapping[Reading, int] = MappingProxyType(
    {
        "complete": 320,
        "extendable": 320,
        "stated": 350,
        "leading": LEADING_MS,
        "unclear": 350,
        "incomplete": INCOMPLETE_MS,
        "dictating": DICTATING_MS,
        "thinking": THINKING_MS,
    }
)
"""Two things no voice can tell: a "the" is never the end, and what leads to a question sounds finished."""
_HEARD_INCOMPLETE: Mapping[Reading, int] = MappingProxyType(
    {
        "complete": 1200,
        "extendable": 1600,
        "stated": 1600,
        "leading": 2000,
        "unclear": 2000,
        "incomplete": 2500,
        "dictating": 2000,
        "thinking": THINKING_MS,
    }
)

_LONG_ANSWER = re.compile(
    r"\b(?:spell|(?:phone|card|account|order|serial|reference|tracking|telephone|mobile|your) number|"
    r"address|e-?mail|post ?code|zip code|pass ?(?:word|code)|dictate|"
    r"buchstabier\w*|\w*nummer|\w*adresse|anschrift|postleitzahl|épel\w*|numéro|adresse|courriel|code postal|"
    r"deletre\w*|número|dirección|correo)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\?\W*$")
_ADDRESS_DONE = re.compile(r".*\b(?:dot|punkt|point|punto) (?:com|org|net|de|fr|es|uk|eu|edu|io)")


class Waits(Protocol):
    """What is needed of the settings: ``config.settings.Listen`` has it."""

    @property
    def silence_ms(self) -> int: ...


class Patience:
    """Pure: the same words, the same silence. Some 20 µs a call.

    >>> patience = Patience(settings.listen)
    >>> patience.silence_ms("set a timer for", complete=None)
    1800
    """

    def __init__(self, settings: Waits, language: str = "auto") -> None:
        """``language``: ISO 639-1 of the drafts; tables are there for en, de, fr and es, ``auto`` guesses."""
        self._unclear_ms = settings.silence_ms
        self._language = language

    def silence_ms(self, draft: str, *, complete: float | None = None, asked: str = "") -> int:
        """Milliseconds of silence after which the turn is over.

        ``draft``: the words so far, with or without punctuation. ``complete``: a turn model's probability
        that the turn is complete, None without one. ``asked``: the assistant's last sentence, "" when the
        turn answers nothing.
        """
        reading = read(draft, self._language)
        if reading in ("stated", "leading") and _ASKED.search(asked):
            reading = "unclear"  # it answers; nothing else is to come
        wait = self._wait(reading, complete)
        if reading != "thinking" and _LONG_ANSWER.search(asked):
            wait = max(wait, _while_dictating(draft, reading))
        return wait if reading == "thinking" else min(wait, max(LONGEST_MS, self._unclear_ms))

    def _wait(self, reading: Reading, complete: float | None) -> int:
        if complete is not None:
            heard = _HEARD_COMPLETE if complete >= SURE else _HEARD_INCOMPLETE
            return heard[reading]
        unclear = self._unclear_ms
        return {
            # Who has set a shorter silence than ours wants it for finished sentences too.
            "complete": min(COMPLETE_MS, unclear),
            "extendable": min(EXTENDABLE_MS, unclear),
            "stated": max(STATED_MS, unclear),
            "leading": max(LEADING_MS, unclear),
            "unclear": unclear,
            "incomplete": max(INCOMPLETE_MS, unclear),
            "dictating": max(DICTATING_MS, unclear),
            "thinking": THINKING_MS,
        }[reading]


def _while_dictating(draft: str, reading: Reading) -> int:
    """People pause between the parts of a number, an address, a name spelled."""
    words = words_of(draft)
    if _ADDRESS_DONE.fullmatch(" ".join(words)) or re.search(r"@[\w-]+\.\w{2,}\W*$", draft):
        return 600
    if reading in ("incomplete", "dictating") or spelled(words):
        return 2000
    return 1200
