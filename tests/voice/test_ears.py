"""The inward pipe: what the ears tell does not wait for the engine that hears."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator

import anyio
import numpy as np
import pytest

from config.errors import EarsError
from voice.audio import FRAME_SAMPLES, Samples
from voice.clock import FastLoop
from voice.ears import Draft, Hearing, Said, SpeechStarted, Transcript, VoiceSustained
from voice.language import Pin
from voice.segmenter import Ended, Paused, Segment, Sound, Started, Sustained
from voice.transcribe import transcribe


class Slow:
    """Implements ``Stt`` and ``Hearing``: its first push takes until it is let go."""

    name = "slow"

    def __init__(self, fails: bool = False) -> None:
        self.let_go = threading.Event()
        self.pushed: list[Samples] = []
        self._fails = fails

    def warm(self) -> None: ...

    def open(self, pin: Pin | None = None) -> Hearing:
        return self

    def push(self, samples: Samples) -> None:
        assert self.let_go.wait(10)
        if self._fails:
            raise EarsError("The ears broke.")
        self.pushed.append(samples)

    def draft(self, *, thorough: bool = False) -> Transcript:
        return self.finish()

    def spot(self, seconds: float) -> str:
        return ""

    def finish(self) -> Transcript:
        return Transcript(str(sum(map(len, self.pushed)) // FRAME_SAMPLES), 1.0)


FRAMES = 30


async def _segments() -> AsyncIterator[Segment]:
    yield Started(0)
    for number in range(FRAMES):
        yield Sound(np.full(FRAME_SAMPLES, number, np.float32))
    yield Sustained()
    yield Paused()
    await anyio.sleep(0.3)  # the engine's time counts on this clock, and nothing else
    yield Ended(0, FRAMES * FRAME_SAMPLES)


@pytest.mark.parametrize("fails", [False, True])
def test_that_a_voice_lasts_is_told_while_the_engine_is_still_at_work(fails: bool) -> None:
    slow, told = Slow(fails), []

    async def hear() -> None:
        async with transcribe(_segments(), slow, lambda: 0.0) as heard:
            async for item in heard:
                told.append(item)
                if isinstance(item, VoiceSustained):
                    assert not slow.pushed
                    slow.let_go.set()

    anyio.run(hear, backend_options={"loop_factory": FastLoop})
    assert told[:2] == [SpeechStarted(0.0), VoiceSustained()]
    if fails:
        assert not any(isinstance(item, Said | Draft) for item in told)
    else:
        assert told[2] == Draft(str(FRAMES))  # every frame reached it, once and in order
        assert np.concatenate(slow.pushed)[::FRAME_SAMPLES].tolist() == list(range(FRAMES))
        assert isinstance(told[3], Said)
        assert told[3].text == str(FRAMES)
