"""Sound for STT and voices: people's recordings, synthetic speech, and sound without any words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.people import person
from voice.audio.samples import HEARING_RATE, Audio, Samples, from_int16, silence


@pytest.fixture(scope="session")
def human() -> Callable[[str], Audio]:
    """``beckett`` or ``two_cities``: people reading, from the moonshine-voice wheel; at 16 kHz."""
    return person


@pytest.fixture(scope="session")
def spoken(models: Path) -> Callable[[str], Audio]:
    """A sentence said by the micro Piper voice, with a moment of silence around it; at 16 kHz."""
    from piper import PiperVoice

    voice = PiperVoice.load(models / "piper-micro" / "piper-micro.onnx")
    quiet = silence(0.3, HEARING_RATE).samples

    def say(text: str) -> Audio:
        chunks = list(voice.synthesize(text))
        sound = np.concatenate([from_int16(chunk.audio_int16_bytes) for chunk in chunks])
        said = Audio(sound, chunks[0].sample_rate).at_rate(HEARING_RATE).samples
        return Audio(np.concatenate([quiet, said, quiet]), HEARING_RATE)

    return say


def _noises() -> dict[str, Samples]:
    rng = np.random.default_rng(7)
    seconds = np.arange(2 * HEARING_RATE) / HEARING_RATE
    brown = np.cumsum(rng.normal(0, 0.01, len(seconds)))
    return {
        "silence": np.zeros(len(seconds), np.float32),
        "hiss": rng.normal(0, 0.002, len(seconds)).astype(np.float32),
        "white noise": rng.normal(0, 0.05, len(seconds)).astype(np.float32),
        "hum": (0.1 * np.sin(2 * np.pi * 100 * seconds)).astype(np.float32),
        "rumble": (0.1 * brown / np.abs(brown).max()).astype(np.float32),
    }


@pytest.fixture(params=["silence", "hiss", "white noise", "hum", "rumble"])
def wordless(request: pytest.FixtureRequest) -> Samples:
    """2 s without words at 16 kHz."""
    return _noises()[request.param]
