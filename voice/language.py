"""The language of a conversation: pinned at first, changed only by what is long and sure. Pure.

An engine's guess at the language of a short word is worth little: Whisper base takes "Ever failed." for Dutch
(p = 0.85), "mhm" for Welsh. What a person speaks changes rarely, and within a conversation almost never from
one short answer to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

LONG_S = 2.0
SURE = 0.9
"""An utterance this long, of whose language the engine is so sure, changes the language by itself."""
AGAIN = 0.7
"""Two utterances in a row with the same other language change it, however short they are."""
_AGAIN_S = 1.0
FIRST_S, FIRST = 1.0, 0.8
"""The first utterance needs less, since nothing but the account's language speaks against it."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What an engine takes the language of ``speech_s`` seconds of speech for. ISO 639-1."""

    language: str
    probability: float
    speech_s: float


class Pin:
    """``language``: the one to go by until something was heard, as the account has it."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self._heard = False
        self._before: Guess | None = None

    def weigh(self, guess: Guess) -> str:
        """The language in which this utterance is to be written. Changes nothing: a draft may ask."""
        if guess.language == self.language:
            return self.language
        if not self._heard and guess.speech_s >= FIRST_S and guess.probability >= FIRST:
            return guess.language
        if guess.speech_s >= LONG_S and guess.probability >= SURE:
            return guess.language
        return guess.language if self._said_before(guess) else self.language

    def _said_before(self, guess: Guess) -> bool:
        before = self._before
        return before is not None and before.language == guess.language and _counts(before) and _counts(guess)

    def keep(self, guess: Guess) -> None:
        """The utterance is over, and it had words."""
        self.language = self.weigh(guess)
        self._heard, self._before = True, guess


def _counts(guess: Guess) -> bool:
    return guess.probability >= AGAIN and guess.speech_s >= _AGAIN_S
