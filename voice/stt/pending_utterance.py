"""An utterance between its first sound and the moment its words are told: its sound, and what of that the
engine has had.
"""

from __future__ import annotations

import numpy as np

from voice.audio.samples import HEARING_RATE, Audio, Samples
from voice.stt.base import Stt, SttStream, Transcript
from voice.stt.context import Conversation
from voice.turns.endpointing.segmenter import Ended

_PUSH_S = 0.128
"""Sound handed to the engine at once: a thread hop per 128 ms instead of per 32 ms."""

SPOT_AFTER_S, SPOT_EVERY_S, SPOT_UNTIL_S = 0.3, 0.16, 1.8
"""Over an answer a stop word is looked for while it is spoken: from so much sound of an utterance on, so
often, and no longer, since who means "stop" says so at once."""


class PendingUtterance:
    """One utterance on its way through the engine, and all of its sound."""

    def __init__(self, stt: Stt, conversation: Conversation) -> None:
        self._stt, self._conversation = stt, conversation
        self._hearing: SttStream | None = None  # opened in the thread: an engine may fail at that
        self.failed = False
        self._sound: list[Samples] = []
        self._pushed = 0
        self._spent = False
        self.samples = 0
        self.voiced = True
        """No pause is under way."""
        self.pauses = 0
        self.preflighted = ""
        """The words that were told of it last; empty: none since somebody spoke."""
        self.wants_preflight = self.wants_check = False
        self.asked = False
        """For a preflight of this pause."""
        self.spotted_s = 0.0
        self.ended: Ended | None = None
        self.turn_end = 0.0

    def push(self, samples: Samples) -> None:
        self._sound.append(samples)
        self.samples += len(samples)

    def reopen(self) -> None:
        """A voice, before the words were told: it had not ended."""
        self.ended = None
        if self._spent:
            self.begin_anew()

    def begin_anew(self) -> None:
        """The engine forgets it, and gets all of its sound again with the next piece of work."""
        self._hearing, self._pushed, self._spent = None, 0, False

    def resume(self) -> None:
        self.voiced = True
        self.asked = self.wants_preflight = self.wants_check = False
        self.pauses += 1

    @property
    def seconds(self) -> float:
        return self.samples / HEARING_RATE

    @property
    def has_work(self) -> bool:
        if self.wants_preflight or self.wants_check or self.ended is not None:
            return True
        return not self.failed and sum(map(len, self._sound[self._pushed :])) >= _PUSH_S * HEARING_RATE

    def fresh(self) -> Samples:
        fresh = self._sound[self._pushed :]
        self._pushed = len(self._sound)
        return np.concatenate([np.empty(0, np.float32), *fresh])

    def may_stop(self) -> bool:
        """A stop word is due to be looked for."""
        due = self.seconds >= max(SPOT_AFTER_S, self.spotted_s + SPOT_EVERY_S)
        return not self.failed and self.voiced and due and self.seconds <= SPOT_UNTIL_S

    # In a thread -----------------------------------------------------------------------------------

    def pass_on(self, fresh: Samples) -> SttStream:
        hearing = self._hearing = self._hearing or self._stt.open(self._conversation)
        if len(fresh):
            hearing.push(fresh)
        return hearing

    def preflight(self, fresh: Samples, thorough: bool) -> Transcript:
        return self.pass_on(fresh).preflight(thorough=thorough)

    def spot(self, fresh: Samples) -> str:
        return self.pass_on(fresh).spot(SPOT_UNTIL_S)

    def finish(self, fresh: Samples) -> Transcript:
        self._spent = True
        return self.pass_on(fresh).finish()

    @property
    def audio(self) -> Audio:
        return Audio(np.concatenate(self._sound), HEARING_RATE)
