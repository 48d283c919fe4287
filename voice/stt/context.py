"""What an engine is told of the conversation it hears: its language, names, what was said last. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from config.models.choice import spoken_language
from config.settings.model import SttSettings
from voice.stt.language_pin import Guess, Pin

REMEMBERED = 3
"""Utterances. Of seven recordings that a talk cuts at pauses, tiny.en has 4.3 % of the words wrong when it is
told the three before, and 5.3 % when it is not (``bench/people/words.py``)."""
_SURE = 0.5
"""What STT was less sure of is nothing to go by."""


@dataclass(frozen=True, slots=True)
class PriorUtterance:
    """``language``: ISO 639-1; ``speech_s``: seconds of its sound."""

    text: str
    language: str
    speech_s: float


class Conversation:
    """``language``: the one to go by until something was heard, as the account has it. ``asked``: the one in
    which it is held, whatever is heard; ``auto``: that is found out. ``hotwords``: words to expect, the most
    recent first, divided by commas or spaces.
    """

    def __init__(self, language: str = "en", *, asked: str = "auto", hotwords: str = "") -> None:
        self.pin = Pin(language)
        self.asked = "" if asked == "auto" else asked.lower().replace("_", "-").split("-")[0]
        """ISO 639-1; empty: it is found out."""
        self.hotwords = hotwords
        self._said: deque[PriorUtterance] = deque(maxlen=REMEMBERED)

    @classmethod
    def of(cls, stt: SttSettings) -> Conversation:
        """As it is set."""
        return cls(spoken_language(stt.language), asked=stt.language, hotwords=stt.hotwords)

    def before(self, language: str) -> list[PriorUtterance]:
        """The last utterances in this language, the oldest first."""
        return [utterance for utterance in self._said if utterance.language == language]

    def keep(self, utterance: PriorUtterance, confidence: float, guess: Guess | None = None) -> None:
        """The utterance is over, and it had words. ``guess``: what its language was taken for."""
        if guess:
            self.pin.keep(guess)
        if confidence >= _SURE:
            self._said.append(utterance)
