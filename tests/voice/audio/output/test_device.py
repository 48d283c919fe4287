"""The loudspeaker's callback by hand: a device of another rate, and what is said again after a loss."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from config.runtime.clean import clean
from config.settings.model import SpeakerSettings
from voice.audio.devices.portaudio import Device, Heartbeat
from voice.audio.output.device import Loudspeaker
from voice.audio.output.playback_buffer import PlaybackBuffer
from voice.audio.samples import Audio, Samples
from voice.audio.speech import Speech, Word

RATE = 24_000


def tone(seconds: float, hertz: float = 440.0) -> Speech:
    """Words of a quarter of a second."""
    samples = np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE).astype(np.float32) * 0.5
    size = RATE // 4
    words = tuple(Word(str(at // size), at, at + size) for at in range(0, len(samples), size))
    return Speech("", Audio(samples, RATE), words)


def opened(rate: int, buffer: PlaybackBuffer) -> tuple[Loudspeaker, Heartbeat, list[Any]]:
    changes: list[Any] = []
    loudspeaker = Loudspeaker(SpeakerSettings(), buffer, lambda *change: changes.append(change))
    heartbeat = Heartbeat("speaker", "a device")
    library = SimpleNamespace(OutputStream=lambda **_: SimpleNamespace(latency=0.1))
    loudspeaker._make(library, Device(0, clean("a device"), 2, rate, True), heartbeat)
    return loudspeaker, heartbeat, changes


def played(loudspeaker: Loudspeaker, heartbeat: Heartbeat, rate: int, seconds: float) -> Samples:
    """What the device was given on its left side."""
    blocks = []
    at = SimpleNamespace(outputBufferDacTime=0.1, currentTime=0.0)
    for _ in range(round(seconds / 0.02)):
        out = np.empty((round(rate * 0.02), 2), np.float32)
        loudspeaker._callback(heartbeat, out, at)
        assert (out[:, 0] == out[:, 1]).all()
        blocks.append(out[:, 0].copy())
    return np.concatenate(blocks)


@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100, 48_000])
def test_a_device_of_any_rate_plays_the_same_sound(rate: int) -> None:
    buffer = PlaybackBuffer(RATE, 3.0)
    said = tone(2.0)
    buffer.begin(said, len(said.audio.samples))
    buffer.put(said.audio.samples)
    loudspeaker, heartbeat, _ = opened(rate, buffer)
    sound = played(loudspeaker, heartbeat, rate, 1.5)[rate // 2 :]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    assert np.argmax(spectrum) * rate / len(sound) == pytest.approx(440, abs=2)
    # Nothing missing, nothing twice: away from the tone there is next to nothing.
    tones = slice(int(430 * len(sound) / rate), int(450 * len(sound) / rate) + 1)
    rest = np.delete(spectrum, np.r_[tones])
    assert float((rest**2).sum() / (spectrum**2).sum()) < 1e-4


def test_after_a_loss_it_goes_on_at_the_word_that_was_on_its_way_to_the_ear() -> None:
    buffer = PlaybackBuffer(RATE, 3.0)
    said = tone(2.0)
    buffer.begin(said, len(said.audio.samples))
    buffer.put(said.audio.samples)
    loudspeaker, heartbeat, _ = opened(RATE, buffer)
    played(loudspeaker, heartbeat, RATE, 1.06)  # heard so far: 0.94 s at most, in the fourth word
    loudspeaker._lost()
    assert not loudspeaker.leaving_s()
    (part,) = buffer.stop()
    assert part.samples == 3 * RATE // 4


def test_a_loss_in_silence_changes_nothing() -> None:
    buffer = PlaybackBuffer(RATE, 3.0)
    loudspeaker, heartbeat, _ = opened(48_000, buffer)
    played(loudspeaker, heartbeat, 48_000, 0.2)
    time.sleep(0.01)
    loudspeaker._lost()
    assert buffer.stop() == []
    assert buffer.queued == 0
