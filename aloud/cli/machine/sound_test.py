"""A microphone and a loudspeaker tried as a conversation uses them: a quiet room, a sentence, a sweep."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import anyio
import numpy as np

from aloud.cli.machine.echo_path import EchoPath, echo_path, sweep
from config.errors import DeviceError
from config.runtime.clock import Timeline
from config.settings.model import MicrophoneSettings, SpeakerSettings
from voice.audio.echo.reference import ClockDrift
from voice.audio.input.microphone import microphone
from voice.audio.output.speaker import speaker
from voice.audio.samples import HEARING_RATE, Audio, Samples
from voice.audio.speech import Speech
from voice.turns.vad.silero import Silero

QUIET_S = 1.0
LONGEST_SENTENCE_S = 12.0
_AFTER_S = 1.0
"""Of silence, after which a sentence is over."""
_VOICE_S = 0.5
"""Of voice in a sentence: a screen reader that says “Now” aloud has less."""
_VOICE = 0.5
_STEADY_S = 0.8
"""A stream's first callbacks come one upon the other; after that their times tell the pace."""
_RINGING_S = 1.0
_BOUND_S = 15.0
"""Beyond what it takes on a machine that keeps up."""


@dataclass
class _Recorded(Timeline):
    """What a microphone brought, and when its first sample was captured."""

    frames: list[Samples] = field(default_factory=list)
    pace: ClockDrift = field(default_factory=lambda: ClockDrift(min))

    def __post_init__(self) -> None:
        super().__init__()

    def mark(self, samples: int, rate: int, at: float | None = None) -> None:
        super().mark(samples, rate, at)
        if at is not None:
            self.pace.push(round(samples * HEARING_RATE / rate), at)

    @property
    def samples(self) -> Samples:
        return np.concatenate(self.frames) if self.frames else np.zeros(0, np.float32)


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """In a conversation one waits for a device until it is back; here that is what one wants to know."""
    try:
        with anyio.fail_after(seconds):
            yield
    except TimeoutError:
        failed = f"The sound devices did not get it done in {seconds:.0f} seconds."
        raise DeviceError(failed, todo="Choose others, and see: aloud doctor") from None


@asynccontextmanager
async def _listening(settings: MicrophoneSettings) -> AsyncIterator[tuple[_Recorded, AsyncIterator[Audio]]]:
    heard = _Recorded()
    async with microphone(settings, heard, lambda lost_s: None) as frames:
        yield heard, frames


async def record_quiet(settings: MicrophoneSettings, seconds: float = QUIET_S) -> Samples:
    """Raises ``DeviceError``."""
    with _bounded(seconds + _BOUND_S):
        async with _listening(settings) as (heard, frames):
            async for frame in frames:
                heard.frames.append(frame.samples)
                if len(heard.frames) * len(frame.samples) >= seconds * HEARING_RATE:
                    break
    return heard.samples


async def record_sentence(
    settings: MicrophoneSettings, listens: Callable[[], None], *, longest_s: float = LONGEST_SENTENCE_S
) -> tuple[Samples, bool]:
    """What is said until the silence behind it, and whether it was a voice. ``listens``: it does now.

    Raises ``DeviceError``.
    """
    vad, voiced, quiet, at = Silero(), 0.0, 0.0, 0.0
    with _bounded(longest_s + _BOUND_S):
        async with _listening(settings) as (heard, frames):
            listens()
            async for frame in frames:
                heard.frames.append(frame.samples)
                at += frame.seconds
                voice = vad.push(frame.samples) >= _VOICE
                voiced, quiet = (voiced + frame.seconds, 0.0) if voice else (voiced, quiet + frame.seconds)
                if (voiced >= _VOICE_S and quiet >= _AFTER_S) or at >= longest_s:
                    break
    return heard.samples, voiced >= _VOICE_S


@dataclass(frozen=True, slots=True)
class EchoMeasured:
    """``path`` None: the microphone did not hear the loudspeaker. ``claimed_s``: of the delay, what the
    loudspeaker's own driver says it holds.
    """

    path: EchoPath | None
    claimed_s: float


async def measure_echo(
    microphone_settings: MicrophoneSettings, speaker_settings: SpeakerSettings
) -> EchoMeasured:
    """Play a sweep and hear it. Raises ``DeviceError``."""
    with _bounded(_BOUND_S):
        async with (
            speaker(speaker_settings) as out,
            _listening(microphone_settings) as (heard, frames),
            anyio.create_task_group() as recording,
        ):
            recording.start_soon(_record, heard, frames)
            await anyio.sleep(_STEADY_S)
            tone = Audio(sweep(out.rate), out.rate)
            due_s = out.due()
            due = anyio.current_time() + due_s
            await out.play(Speech("", tone, ()))
            await out.drain()
            await anyio.sleep(_RINGING_S)
            recording.cancel_scope.cancel()
    heard_at = heard.pace.zero()
    if heard_at is None:
        return EchoMeasured(None, due_s)
    played = tone.at_rate(HEARING_RATE).samples * np.float32(speaker_settings.volume)
    return EchoMeasured(echo_path(played, heard.samples, heard_at - due), due_s)


async def _record(heard: _Recorded, frames: AsyncIterator[Audio]) -> None:
    with contextlib.suppress(anyio.ClosedResourceError):
        async for frame in frames:
            heard.frames.append(frame.samples)


async def play_sweep(settings: SpeakerSettings) -> None:
    """Where there is no microphone: for the ear alone. Raises ``DeviceError``."""
    with _bounded(_BOUND_S):
        async with speaker(settings) as out:
            await out.play(Speech("", Audio(sweep(out.rate), out.rate), ()))
            await out.drain()
