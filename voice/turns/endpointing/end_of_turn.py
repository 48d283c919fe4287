"""When a turn is over: judged at each short silence, by its words and, with a turn model, by its sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from config.runtime.clock import in_thread
from config.settings.model import ListenSettings, SttSettings
from voice.audio.samples import Audio
from voice.turns.endpointing.segmenter import LULL_MS, Segmenter
from voice.turns.endpointing.silence_timeout import COMPLETE_MS, LONGEST_MS, EndpointingDelay
from voice.turns.endpointing.smart_turn import SmartTurn

_JUDGING_MS = LULL_MS + 150
"""With a turn model no pause ends before it was asked, at ``LULL_MS``, and has answered."""
_CHANGE_MS = 32
"""A frame: less changes nothing, and the model is not asked."""


@dataclass(frozen=True, slots=True)
class _Words:
    """As ``voice.stt.transcribe.Judge.words`` takes them."""

    text: str
    confidence: float
    closing: float | None


class EndOfTurn:
    """Implements ``voice.stt.transcribe.Judge``: told what is known, it tells the segmenter how long to wait.

    ``asked``: the assistant's last words, since a question for a number or an address wants patience.
    ``turn``: a turn model, or None.
    """

    def __init__(
        self,
        listen: ListenSettings,
        stt: SttSettings,
        segmenter: Segmenter,
        asked: Callable[[], str],
        turn: SmartTurn | None = None,
    ) -> None:
        self._delay = EndpointingDelay(listen, language=stt.language)
        self._unclear_ms = listen.silence_ms
        self._segmenter = segmenter
        self._asked = asked
        self._turn = turn
        self._pauses = 0
        self._heard: list[_Words] = []
        """In this pause; twice where the STT was in doubt."""
        self._complete: float | None = None

    def wait_for_words(self) -> None:
        self._pauses += 1
        self._heard, self._complete = [], None
        self._segmenter.expect(LONGEST_MS)

    def words(self, text: str, confidence: float = 1.0, closing: float | None = None) -> int:
        if text:
            self._heard.append(_Words(text, confidence, closing))
        return self._expect()

    async def sound(self, sound: Audio) -> None:
        if self._turn is None or (self._heard and not self._asks_sound):
            return
        pause = self._pauses
        complete = await in_thread(self._turn.complete, sound.samples)
        if pause == self._pauses:
            self._complete = complete
            if self._heard:
                self._expect()

    def _expect(self) -> int:
        wait = min(self._unclear_ms, COMPLETE_MS)  # no words: nobody is waited for
        if self._heard:
            wait = self._wait(self._complete)
            if self._turn and self._complete is None and self._asks_sound:
                wait = max(wait, _JUDGING_MS)
        self._segmenter.expect(wait)
        return wait

    @property
    def _asks_sound(self) -> bool:
        """The words leave it open: what the turn model may say would change the wait."""
        return abs(self._wait(0.0) - self._wait(1.0)) >= _CHANGE_MS

    def _wait(self, complete: float | None) -> int:
        """Who hears again completes what was cut off as well ("Please hold while I attempt it."): of what was
        heard in this pause the more patient counts.
        """
        asked = self._asked()
        return max(
            self._delay.silence_ms(
                heard.text,
                confidence=heard.confidence,
                complete=complete,
                closing=heard.closing,
                asked=asked,
            )
            for heard in self._heard
        )
