"""How long the silence after a preflight is, from its words: told before more sound is looked at."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import numpy as np
import pytest

from config.runtime.clock import FastLoop
from config.settings.model import ListenSettings, SttSettings
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Samples
from voice.stt.base import Transcript
from voice.stt.context import Conversation
from voice.stt.events import FalseInterruption, FinalTranscript
from voice.stt.transcribe import transcribe
from voice.turns.endpointing.end_of_turn import EndOfTurn
from voice.turns.endpointing.segmenter import Segmenter, SegmenterEvent
from voice.turns.endpointing.smart_turn import SmartTurn


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": FastLoop}


class Words:
    """STT that hears what they are told to."""

    name = "words"

    def __init__(self, text: str, confidence: float = 1.0, closing: float | None = None) -> None:
        self._said = Transcript(text, confidence, closing=closing)

    def warm(self, language: str = "auto") -> None:
        pass

    def open(self, conversation: Conversation | None = None) -> Words:
        return self

    def push(self, samples: Samples) -> None:
        pass

    def preflight(self, *, thorough: bool = False) -> Transcript:
        return self.finish()

    def spot(self, seconds: float) -> str:
        return ""

    def finish(self) -> Transcript:
        return self._said


async def silence_ms(
    text: str,
    asked: str = "",
    settings: ListenSettings | None = None,
    confidence: float = 1.0,
    turn: SmartTurn | None = None,
    closing: float | None = None,
) -> float:
    """Of a second of voice and ten of silence: how much silence the turn waited for."""
    settings = settings or ListenSettings()
    segmenter = Segmenter(settings)
    frames = 0

    async def segments() -> AsyncGenerator[SegmenterEvent, None]:
        nonlocal frames
        for mark in "v" * 31 + "_" * 320:
            frames += 1
            await anyio.sleep(FRAME_SAMPLES / HEARING_RATE)
            sound = np.zeros(FRAME_SAMPLES, np.float32)
            for segment in segmenter.push(sound, 0.9 if mark == "v" else 0.05):
                yield segment

    judge = EndOfTurn(settings, SttSettings(), segmenter, lambda: asked, turn)
    async with transcribe(segments(), Words(text, confidence, closing), anyio.current_time, judge) as told:
        async for heard in told:
            if isinstance(heard, FinalTranscript | FalseInterruption):
                return (frames - 31) * FRAME_SAMPLES / HEARING_RATE * 1000
    raise AssertionError("the turn did not end")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("What is the capital of France?", 300, 390),
        ("Set a timer for five minutes.", 300, 390),
        ("I would like to know whether the", 1500, 2100),
        ("Set a timer for", 1500, 2100),
        ("Give me a minute.", 7900, 8100),
        ("", 300, 390),
    ],
)
async def test_words_tell_how_long_to_wait(text: str, low: float, high: float) -> None:
    assert low <= await silence_ms(text) <= high


@pytest.mark.anyio
async def test_who_was_asked_for_a_number_may_pause_in_it() -> None:
    short = await silence_ms("four nine two")
    asked = await silence_ms("four nine two", asked="What is your phone number?")
    assert short <= asked
    assert asked >= 1200


@pytest.mark.anyio
async def test_words_that_were_hardly_heard_are_waited_for() -> None:
    sure = await silence_ms("It was the best of times.", confidence=0.95)
    assert sure <= 390
    assert await silence_ms("It was the best of times.", confidence=0.5) > sure + 100


@pytest.mark.anyio
async def test_ears_that_expect_more_are_waited_for() -> None:
    words = "He turned sharply and faced Gregson."
    waits = [await silence_ms(words, confidence=0.85, closing=told) for told in (3.0, 0.5, -1.0)]
    assert waits == sorted(waits)
    assert waits[0] <= 390
    assert waits[-1] >= 1000


@pytest.mark.anyio
async def test_the_sound_is_judged_before_the_turn_ends(models: Path) -> None:
    """A network that finds nothing in silence that sounds like an end."""
    doubting = SmartTurn(models / "turn-micro" / "turn-micro.onnx")
    assert doubting.complete(np.zeros(HEARING_RATE, np.float32)) < 0.5
    words = "The door is open now."
    by_words = await silence_ms(words, confidence=0.85)
    assert await silence_ms(words, confidence=0.85, turn=doubting) > by_words
