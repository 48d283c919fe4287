"""Hands-free: the wake word, the window after an answer, "go to sleep"; wired to a conversation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

import config.settings.model
from config.language.phrases import phrases
from config.runtime.clock import in_thread
from pipeline import events
from pipeline.conversation.assistant import Assistant
from voice.audio.samples import Audio
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.wake.gate import Change, WakeWordGate, pass_gate
from voice.turns.wake.wake_word import WakeWord


class WakeWordControl:
    """Between the microphone's frames and ``listen``: ``deaf`` while asleep."""

    def __init__(
        self, settings: config.settings.model.WakeSettings, assistant: Assistant, segmenter: Segmenter
    ) -> None:
        """Raises ``UsageError`` for a wake word that there is not."""
        self._assistant = assistant
        self._segmenter = segmenter
        self._wake = WakeWord(settings.word)
        self._gate = WakeWordGate(self._wake, settings.follow_up_s if settings.enabled else None)
        assistant.controls.sleep = self._sleep
        assistant.controls.sleeps_at_farewell = settings.enabled

    def warm(self) -> None:
        """Raises ``SttError``. Not needed before it has gone to sleep."""
        self._wake.warm()

    def begin(self) -> None:
        """Tell whether it begins asleep."""
        if self.deaf():
            self._tell("slept")

    def deaf(self) -> bool:
        return not self._gate.awake

    def frames(self, frames: AsyncIterator[Audio]) -> AsyncGenerator[Audio, None]:
        return pass_gate(frames, self._gate, self._busy, self._assistant.now, self._tell)

    def _busy(self) -> bool:
        return self._segmenter.speaking or self._assistant.busy

    def _tell(self, change: Change) -> None:
        now = self._assistant.now()
        if change == "woke":
            self._assistant.notify(events.Woke(at=now, turn=-1, word=self._wake.phrase))
            self._assistant.announcer.cue("listening")
        else:
            self._assistant.notify(events.Slept(at=now, turn=-1, word=self._wake.phrase))

    async def _sleep(self, language: str) -> str:
        await in_thread(self.warm)  # before it is asleep for good, lest nothing can wake it
        self._gate.sleep()
        return phrases(language).say("talking.good_night", word=self._wake.phrase)
