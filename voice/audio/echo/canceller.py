"""Echo cancelling: what the loudspeaker plays is taken out of what the microphone hears.

A linear filter (``voice.audio.echo.kalman_filter``) subtracts what it predicts; WebRTC's AEC3
(``pywebrtc_audio``) removes what is left, and what a loudspeaker adds of its own. AEC3 finds the delay of the
echo itself, up to some 300 ms. Both ask two things: that the reference never comes after its echo, and that
the two keep step. ``voice.audio.echo.reference`` keeps both.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio
import numpy as np

from config.errors import SttError
from config.runtime.installation import again_line
from voice.audio.echo.kalman_filter import BLOCK, LinearEcho
from voice.audio.echo.reference import Aligned, Reference
from voice.audio.echo.residual import Settling, Watch
from voice.audio.samples import HEARING_RATE, Audio, Samples

if TYPE_CHECKING:
    from pywebrtc_audio import AudioProcessor

    from config.settings.model import EchoSettings

_QUIET_S = 1.0
"""So long after the last sound of the loudspeaker its echo has died away."""
_AUDIBLE = 1e-4
"""-80 dBFS: the reference is taken for silence below it."""
_AEC_LAG = 128
"""Samples by which AEC3's output comes late."""
_CONSONANTS = 0.3
"""What went only through the linear filter has this share in what the STT gets. AEC3 takes a soft "s" over a
loud answer for echo: of 40 interruptions over a virtual sound card PocketSphinx heard 35 as words without,
40 with a share of 0.3, and 40 with the linear filter alone, which leaves more of the echo too."""
_FAR_S = 0.3
"""A longer delay has to be told: 600 ms gave 1 dB without a hint, 27 dB with one."""


def has_canceller() -> bool:
    """Whether ``pywebrtc_audio`` is installed."""
    from importlib.util import find_spec

    return find_spec("pywebrtc_audio") is not None


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned(Audio):
    """Sound without its echo, for the STT; and, of the same moments, with nothing of the echo left for a
    voice detector to mistake, though a consonant or two be lost.
    """

    vad_samples: Samples

    @property
    def for_detection(self) -> Samples:
        return self.vad_samples


class EchoCanceller:
    """Takes the echo of what was played out of what was heard. Not for two threads at once.

    Its output lags by 18 ms (8 of AEC3, 10 of its blocks) while something is played. Otherwise sound passes
    untouched and costs nothing: there is no echo then. While both speak, AEC3 also takes some of the person
    away (a tenth of what is as loud as the echo, soft consonants most of all), so the loudspeaker is ducked
    for words to be heard, and the STT is given more than the voice detector.
    Raises ``SttError`` when ``pywebrtc_audio`` is not installed.
    """

    def __init__(self, settings: EchoSettings) -> None:
        try:
            from pywebrtc_audio import AudioProcessor
        except ImportError:
            raise SttError(
                "The package that cancels echoes (pywebrtc-audio) is not installed.",
                todo=f"Install it: {again_line('pywebrtc-audio')}",
                kept="Without it: aloud config set echo.enabled off.",
            ) from None

        def aec() -> AudioProcessor:
            return AudioProcessor(
                sample_rate=HEARING_RATE,
                echo_cancellation=True,
                high_pass_filter=True,
                noise_suppression=settings.noise_suppression,
                auto_gain_control=settings.gain_control,
            )

        self._new_aec = aec
        self._aec = aec()
        self._first: AudioProcessor | None = None
        """Hears all of the echo, until the linear filter knows the room: its first changes unsettle AEC3."""
        self._linear = LinearEcho()
        self._settling = Settling(settings.settle_s)
        self._watch = Watch()
        self._quiet = round(_QUIET_S * HEARING_RATE)
        self._played = self._near = self._far = np.zeros(0, np.float32)
        self._late = np.zeros(_AEC_LAG, np.float32)
        """The end of what the linear filter left, for which AEC3's output has not come yet."""
        self._out = np.zeros((2, 0), np.float32)
        """For the STT, and watched."""

    @property
    def quiet(self) -> bool:
        """Nothing is played, nor echoes."""
        return self._quiet >= _QUIET_S * HEARING_RATE

    @property
    def settled(self) -> bool:
        """It has heard ``settle_s`` of the loudspeaker, and next to nothing of it is left."""
        return self._settling.settled

    def hint(self, delay_s: float) -> None:
        """How far behind the reference the echo comes, for delays beyond what is found by itself."""
        delay_ms = round(delay_s * 1000) if delay_s > _FAR_S else 0
        if abs(delay_ms - self._aec.stream_delay_ms) > 100:
            for aec in (self._aec, self._first):
                if aec:
                    aec.stream_delay_ms = delay_ms

    def push_played(self, samples: Samples) -> None:
        """What was played, at 16 kHz: never later than the frame in which its echo is heard."""
        self._played = np.concatenate([self._played, samples])

    def moved(self, samples: int) -> None:
        """What is pushed as played runs so many samples further ahead (``Aligned.moved``)."""
        self._linear.moved(samples)
        self._first = None
        self._settling.begin()

    def clean(self, frame: Samples) -> Cleaned:
        """A frame at 16 kHz without the echo, of the same length, any; what was not pushed is silence."""
        played = np.zeros(len(frame), np.float32)
        count = min(len(frame), len(self._played))
        played[:count], self._played = self._played[:count], self._played[count:]
        sounding = np.flatnonzero(np.abs(played) > _AUDIBLE)
        if len(sounding):
            if self.quiet:
                self._begin()
            self._quiet = len(frame) - 1 - int(sounding[-1])
        elif self.quiet:
            self._near = frame[1 - BLOCK :]
            return Cleaned(frame, HEARING_RATE, frame)
        else:
            self._quiet += len(frame)
        stt, watched = self._cancel(frame, played, bool(len(sounding)))
        return Cleaned(stt, HEARING_RATE, watched)

    def _begin(self) -> None:
        """From passing to cancelling: the lag is filled with what was heard last."""
        lag = np.concatenate([np.zeros(BLOCK - 1, np.float32), self._near])[1 - BLOCK :]
        self._out = np.stack([lag, lag])
        self._late = np.zeros(_AEC_LAG, np.float32)
        self._near = self._far = np.zeros(0, np.float32)
        self._linear.rest()

    def _cancel(self, frame: Samples, played: Samples, sounds: bool) -> Samples:
        """Shape (2, n): for the STT, and watched."""
        near, far = np.concatenate([self._near, frame]), np.concatenate([self._far, played])
        whole = len(near) // BLOCK * BLOCK
        self._near, self._far = near[whole:], far[whole:]
        if whole:
            self._out = np.concatenate([self._out, self._blocks(near[:whole], far[:whole], sounds)], axis=1)
        out, self._out = self._out[:, : len(frame)], self._out[:, len(frame) :]
        return out

    def _blocks(self, near: Samples, far: Samples, sounds: bool) -> Samples:
        steps = [slice(at, at + BLOCK) for at in range(0, len(near), BLOCK)]
        parts = [self._late]
        for step in steps:
            parts.append(self._linear.push(near[step], far[step]))
            if self._linear.forgot:
                self._settling.begin()
        linear = np.concatenate(parts)
        self._late = linear[-_AEC_LAG:]
        left = self._aec.process(linear[_AEC_LAG:], far)
        if sounds and not self.settled:
            self._settling.push(near, left)
        if self.settled:
            self._first = None
        else:
            if self._first is None:
                self._first = self._new_aec()
                self._first.stream_delay_ms = self._aec.stream_delay_ms
            left = _quieter(left, self._first.process(near, far))
        share = np.float32(_CONSONANTS if self._linear.knows else 0.0)
        stt = left + share * (linear[:-_AEC_LAG] - left)
        return np.stack([stt, self._watch.push(near, left, stt, settled=self.settled)])


def _quieter(one: Samples, other: Samples) -> Samples:
    return one if float(np.mean(one**2)) < float(np.mean(other**2)) else other


async def cancel_echo(
    frames: AsyncIterator[Audio], canceller: EchoCanceller, reference: Reference, now: Callable[[], float]
) -> AsyncGenerator[Audio, None]:
    """Frames of the microphone, without what ``reference`` says was played. Owns nothing.

    ``now``: seconds on the microphone's clock, 0 where the first frame begins.
    """
    aligned, heard = Aligned(reference), 0
    async for frame in frames:
        heard += len(frame.samples)
        # A frame may have waited in the queue: how old it is, the microphone's own clock knows.
        came = anyio.current_time() - (now() - heard / HEARING_RATE)
        canceller.hint(reference.latency_s)
        canceller.push_played(aligned.take(len(frame.samples), came, silent=canceller.quiet))
        if aligned.moved:
            canceller.moved(aligned.moved)
        yield canceller.clean(frame.samples)
