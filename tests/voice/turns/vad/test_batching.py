"""In a quiet room frames wait; nothing about what was heard is other than without waiting."""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings.model import ListenSettings
from voice.audio.samples import FRAME_SAMPLES, Audio, Framer, Samples
from voice.turns.endpointing.segmenter import Ended, Segmenter, SegmenterEvent, Started
from voice.turns.listen import listen
from voice.turns.vad.batching import MOST, VadBatcher
from voice.turns.vad.silero import Silero

ROOM = 10 ** (-60 / 20)


class Told:
    """Implements ``Vad``: a frame's first sample is its probability."""

    def push(self, frame: Samples) -> float:
        return round(float(frame[0]), 3)

    def look(self, frames: Sequence[Samples]) -> list[float]:
        return [self.push(frame) for frame in frames]

    def reset(self) -> None: ...


def noise(frames: int, seed: int = 0) -> Samples:
    return (ROOM * np.random.default_rng(seed).standard_normal(frames * FRAME_SAMPLES)).astype(np.float32)


def framed(samples: Samples) -> list[Samples]:
    framer = Framer()
    return [*framer.push(samples), *framer.flush()]


def released(batcher: VadBatcher, frames: list[Samples]) -> list[int]:
    """For each push, how many frames it let go."""
    return [len(batcher.push(frame)) for frame in frames]


def test_in_a_quiet_room_half_a_second_is_looked_at_at_once() -> None:
    counts = released(VadBatcher(Told()), framed(0 * noise(16 + 5 * MOST)))
    assert counts[:16] == [1] * 16  # first it must be sure that nobody speaks
    assert counts[16:] == ([0] * (MOST - 1) + [MOST]) * 5


def test_the_first_frame_that_rises_out_of_the_noise_lets_all_go() -> None:
    batcher = VadBatcher(Told())
    released(batcher, framed(noise(16 + 10 * MOST)))
    batcher.flush()
    assert released(batcher, framed(noise(5, seed=1))) == [0] * 5
    assert len(batcher.push(2 * noise(1, seed=2))) == 6


def test_a_voice_in_doubt_keeps_everything_eager() -> None:
    batcher = VadBatcher(Told())
    doubtful = np.full(FRAME_SAMPLES, 0.2, np.float32)
    assert released(batcher, [doubtful] * 100) == [1] * 100


def test_said_so_nothing_waits() -> None:
    batcher = VadBatcher(Told())
    released(batcher, framed(0 * noise(40)))
    batcher.flush()
    assert [len(batcher.push(frame, eager=True)) for frame in framed(0 * noise(20))] == [1] * 20


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1, width=16), st.integers(1, 30), st.booleans()), min_size=1, max_size=12)
)
def test_every_frame_comes_out_once_in_order_and_none_waits_longer_than_most(
    pieces: list[tuple[float, int, bool]],
) -> None:
    batcher, pushed, out = VadBatcher(Told()), [], []
    for level, count, eager in pieces:
        for _ in range(count):
            frame = np.full(FRAME_SAMPLES, level, np.float32)
            pushed.append(frame)
            out += batcher.push(frame, eager=eager)
            assert len(pushed) - len(out) < MOST
    out += batcher.flush()
    assert [id(frame) for frame, _ in out] == [id(frame) for frame in pushed]
    assert all(probability == Told().push(frame) for frame, probability in out)


@pytest.mark.anyio
async def test_an_utterance_is_the_same_and_is_noticed_in_the_same_frame(recordings: Path) -> None:
    with wave.open(str(recordings / "question_sign.wav")) as file:
        question = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
    frames = framed(np.concatenate([noise(100), question, noise(150, seed=1)]))

    async def heard(resting: bool) -> list[tuple[int, SegmenterEvent]]:
        arrived = 0

        async def microphone() -> AsyncIterator[Audio]:
            nonlocal arrived
            for frame in frames:
                arrived += 1
                yield Audio(frame, 16_000)

        vad = Silero()
        segments = listen(microphone(), vad, Segmenter(ListenSettings()), resting=lambda: resting)
        return [(arrived, s) async for s in segments if isinstance(s, Started | Ended)]

    assert await heard(resting=True) == await heard(resting=False) != []
