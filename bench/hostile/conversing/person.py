"""Who talks with a hostile server: two questions by voice, patience, and a voice that costs nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
import numpy as np

from bench.hostile.conversing.server import HostileServer
from bench.hostile.conversing.witness import unclean
from config.language.phrases import phrases
from pipeline import events
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.audio.speech import Speech, Word
from voice.tts.base import Whole

QUESTIONS = ("Tell me about cheese.", "And what of bread?")
RECORDING = Path(__file__).parents[3] / "aloud" / "sample" / "sum.wav"
PATIENCE_S, LISTENS_S = 330.0, 20.0
"""A little over the longest answer; and so much of what is spoken is listened to before the next question."""
_WAIT = phrases("en").say("talking.one_moment")
"""Is no answer."""
_WORD_S, _RATE = 0.3, 24_000


class SilentTts(Whole):
    """Every word takes 0.3 s; ``said`` is all that was spoken."""

    name = "silent"
    rate = _RATE

    def __init__(self) -> None:
        self.said: list[str] = []

    def warm(self) -> None: ...

    def say(self, text: str, *, speed: float = 1.0) -> Speech:
        self.said.append(text)
        size = round(_WORD_S * _RATE)
        words = [Word(word, n * size, (n + 1) * size) for n, word in enumerate(text.split())]
        return Speech(text, Audio(np.zeros(size * len(words), np.float32), _RATE), tuple(words))


class Person:
    """Asks, waits for the answer's end, asks again; interrupts what goes on for too long.

    ``notify`` is told every event of the session, and keeps what the table is made of.
    """

    def __init__(self) -> None:
        self.failed: list[events.Failed] = []
        self.tools: list[events.ToolUsed] = []
        self.answers: dict[int, str] = {}
        """By turn: what was heard of each."""
        self.unclean: set[str] = set()
        """What no terminal should get, of all that was shown."""
        self.asked: list[float] = []
        """When the sound of each question had ended."""
        self.asking = 0
        self.said_at: dict[int, float] = {}
        self.speaking_at: dict[int, float] = {}
        self._done: set[int] = set()
        self._recording: Samples = read_recording(RECORDING).samples
        self._begun = 0.0
        self._sent = 0

    def words(self) -> str:
        return QUESTIONS[self.asking]

    def notify(self, event: events.Event) -> None:
        match event:
            case events.Failed():
                self.failed.append(event)
            case events.ToolUsed():
                self.tools.append(event)
            case events.FinalTranscript():
                self.said_at[event.turn] = event.speech_end
            case events.Spoke():
                self.answers[event.turn] = event.heard
            case events.Speaking() if event.text != _WAIT:
                self.speaking_at.setdefault(event.turn, event.at)
            case events.TurnDone():
                self._done.add(event.turn)
        self.unclean |= set(unclean("".join(_texts(event.as_dict()))).split())

    async def frames(self, server: HostileServer) -> AsyncIterator[Audio]:
        """As a microphone brings them. Before the second question the server mends its ways."""
        self._begun = anyio.current_time()
        for number in range(len(QUESTIONS)):
            self.asking = number
            for frame in Framer().push(self._recording):
                yield await self._captured(frame)
            self.asked.append(self._now)
            while not self._satisfied(number):
                yield await self._captured(np.zeros(FRAME_SAMPLES, np.float32))
            server.well = True

    @property
    def _now(self) -> float:
        return self._sent / HEARING_RATE

    async def _captured(self, frame: Samples) -> Audio:
        self._sent += FRAME_SAMPLES
        await anyio.sleep_until(self._begun + self._now)
        return Audio(frame, HEARING_RATE)

    def _satisfied(self, turn: int) -> bool:
        spoken = self.speaking_at.get(turn)
        enough = spoken is not None and self._now - spoken > LISTENS_S
        return turn in self._done or enough or self._now - self.asked[-1] > PATIENCE_S


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
