"""Where a session's sound comes from and goes to: a sound card, a recording, or whatever brings frames."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import anyio

from config.runtime.clean import CleanText
from config.runtime.clock import Timeline
from config.settings.model import MicrophoneSettings, SpeakerSettings
from pipeline.session.duplex import is_device
from voice.audio.devices.portaudio import Kind
from voice.audio.input.microphone import microphone
from voice.audio.output.speaker import Speaker, speaker
from voice.audio.samples import Audio

OnLost = Callable[[float], None]
"""Told the seconds of sound that were lost."""
OnDevice = Callable[[Kind, CleanText, bool], None]
"""Told the name of each device that went (False) and came (True)."""
OnLevel = Callable[[float, bool], None]
"""Told a frame's level in dBFS, and whether sound was to be expected in it."""
OpenSpeaker = Callable[[OnDevice], AbstractAsyncContextManager[Speaker]]


@dataclass(frozen=True)
class AudioInput:
    """``open`` gives frames of 512 samples at 16 kHz, each when its last sample was captured, and marks the
    timeline with it.
    """

    open: Callable[[Timeline, OnLost, OnDevice], AbstractAsyncContextManager[AsyncIterator[Audio]]]
    is_device: bool = False
    """A sound card's: in a room, where the loudspeaker may be heard."""
    waits: bool = True
    """Somebody is there already: it listens at once, and engines load meanwhile."""


def microphone_input(settings: MicrophoneSettings) -> AudioInput:
    """A device, a recording or standard input, as ``settings.source`` names it."""
    device = is_device(settings.source)
    return AudioInput(partial(microphone, settings), device, device or settings.source == "-")


def frames_input(frames: AsyncIterator[Audio]) -> AudioInput:
    """Frames of 512 samples at 16 kHz that come from elsewhere, as they are captured."""

    @asynccontextmanager
    async def opened(
        timeline: Timeline, lost: OnLost, changed: OnDevice
    ) -> AsyncIterator[AsyncIterator[Audio]]:
        yield _marked(frames, timeline)

    return AudioInput(opened)


async def _marked(frames: AsyncIterator[Audio], timeline: Timeline) -> AsyncIterator[Audio]:
    count = 0
    async for frame in frames:
        count += len(frame.samples)
        timeline.mark(count, frame.rate)
        yield frame


def speaker_output(settings: SpeakerSettings) -> OpenSpeaker:
    """A device, a file or standard output, as ``settings.sink`` names it."""
    return partial(speaker, settings)


async def until(ended: anyio.Event, frames: AsyncIterator[Audio]) -> AsyncIterator[Audio]:
    async for frame in frames:
        if ended.is_set():
            return
        yield frame


async def meter(
    frames: AsyncIterator[Audio], on_level: OnLevel, expected: Callable[[], bool]
) -> AsyncIterator[Audio]:
    """Pass frames on; tell each one's level in dBFS, and whether sound was to be ``expected`` in it."""
    import numpy as np

    async for frame in frames:
        power = float(np.mean(frame.samples**2)) + 1e-12
        on_level(10.0 * np.log10(power), expected())
        yield frame
