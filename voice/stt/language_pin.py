"""The language of a conversation: pinned at first, changed only by what is long and sure. Pure.

An engine's guess at the language of a short word is worth little: Whisper base takes "Ever failed." for Dutch
(p = 0.85), "mhm" for Welsh. What a person speaks changes rarely, and within a conversation almost never from
one short answer to the next.

So a guess needs less where it is likely anyway: of a language that Aloud has a voice for, and less still of
one that was spoken before in this conversation. Fitted to sentences of Asterisk's voices in blocks of four
of English, Spanish and French (``bench/people/languages.py``, the set ``tune``: behind the first of a block
2 of 45 are written in another language, 4 where all languages are alike); of the others (``report``) none
of 39, instead of 9. Whisper base itself guesses 11 of its 63 Spanish sentences wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass

from config.models.choice import voiced

LONG_S, SURE = 2.0, 0.9
"""An utterance this long, of whose language the engine is so sure, changes the language by itself."""
FAMILIAR_S, FAMILIAR, SPOKEN = 2.5, 0.7, 0.5
"""So does a longer one of a language that Aloud has a voice for, or that was spoken before."""
SPOKEN_S = 1.5
"""And whoever spoke it before is believed sooner where the engine is ``SURE``."""
AGAIN_S, AGAIN = 1.0, 0.7
"""Two utterances in a row with the same other language change it, each so long and so sure."""
FAMILIAR_TOGETHER_S, FAMILIAR_AGAIN = 3.0, 0.4
"""Of a familiar language, both together so long: each so sure."""


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
        self._spoken = {language}
        self._before: Guess | None = None

    def weigh(self, guess: Guess) -> str:
        """The language in which this utterance is to be written. Changes nothing: a preflight may ask."""
        changes = self._changes_alone(guess) or self._changes_again(guess)
        return guess.language if changes else self.language

    def _is_familiar(self, guess: Guess) -> bool:
        return guess.language in self._spoken or guess.language in voiced()

    def _changes_alone(self, guess: Guess) -> bool:
        spoken = guess.language in self._spoken
        if guess.probability >= SURE and guess.speech_s >= (SPOKEN_S if spoken else LONG_S):
            return True
        least = SPOKEN if spoken else FAMILIAR
        return self._is_familiar(guess) and guess.speech_s >= FAMILIAR_S and guess.probability >= least

    def _changes_again(self, guess: Guess) -> bool:
        before = self._before
        if before is None or before.language != guess.language:
            return False
        if min(before.speech_s, guess.speech_s) < AGAIN_S:
            return False
        together = self._is_familiar(guess) and before.speech_s + guess.speech_s >= FAMILIAR_TOGETHER_S
        least = FAMILIAR_AGAIN if together else AGAIN
        return min(before.probability, guess.probability) >= least

    def keep(self, guess: Guess) -> None:
        """The utterance is over, and it had words."""
        self.language, self._before = self.weigh(guess), guess
        self._spoken.add(self.language)
