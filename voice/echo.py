"""Echo cancelling: what the loudspeaker plays is taken out of what the microphone hears.

A linear filter (``voice.linear_echo``) subtracts what it predicts; WebRTC's AEC3 (``pywebrtc_audio``) removes
what is left, and what a loudspeaker adds of its own. AEC3 finds the delay of the echo itself, up to some
300 ms. Both ask two things: that the reference never comes after its echo, and that the two keep step.
``voice.reference`` keeps both.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING

import anyio
import numpy as np

from config.errors import EarsError
from voice.audio import HEARING_RATE, Audio, Samples
from voice.linear_echo import BLOCK, LinearEcho
from voice.reference import Aligned, Reference

if TYPE_CHECKING:
    from pywebrtc_audio import AudioProcessor

    from config.settings import Echo
    from voice.ears import Vad
    from voice.speaker import Speaker

_QUIET_S = 1.0
"""So long after the last sound of the loudspeaker its echo has died away."""
_AUDIBLE = 1e-4
"""-80 dBFS: the reference is taken for silence below it."""
_REMNANT, _HUSHED = 0.06, 0.03
"""While AEC3 is learning, a sound of which so little is left was an echo; its remnant is hushed by 30 dB."""
_FAR_S = 0.3
"""A longer delay has to be told: 600 ms gave 1 dB without a hint, 27 dB with one."""


def has_canceller() -> bool:
    """Whether ``pywebrtc_audio`` is installed."""
    from importlib.util import find_spec

    return find_spec("pywebrtc_audio") is not None


class EchoCanceller:
    """Takes the echo of what was played out of what was heard. Not for two threads at once.

    Its output lags by 18 ms (8 of AEC3, 10 of its blocks) while something is played. Otherwise sound passes
    untouched and costs nothing: there is no echo then. While both speak, AEC3 also takes some of the person
    away (a tenth of what is as loud as the echo), so the loudspeaker is ducked for words to be heard.
    Raises ``EarsError`` when ``pywebrtc_audio`` is not installed.
    """

    def __init__(self, settings: Echo) -> None:
        try:
            from pywebrtc_audio import AudioProcessor
        except ImportError:
            raise EarsError(
                "The package that cancels echoes (pywebrtc-audio) is not installed.",
                todo="Install it: pip install pywebrtc-audio. Or: aloud config set echo.enabled off",
            ) from None

        def aec() -> AudioProcessor:
            return AudioProcessor(
                sample_rate=HEARING_RATE,
                echo_cancellation=True,
                high_pass_filter=True,
                noise_suppression=settings.noise_suppression,
                auto_gain_control=settings.gain_control,
            )

        self._aec = aec()
        self._first: AudioProcessor | None = aec()
        """Hears all of the echo, until the linear filter knows the room: its first changes unsettle AEC3."""
        self._linear = LinearEcho()
        self._settle = round(settings.settle_s * HEARING_RATE)
        self._sounded = 0
        self._quiet = round(_QUIET_S * HEARING_RATE)
        self._played = self._near = self._far = self._out = np.zeros(0, np.float32)

    @property
    def quiet(self) -> bool:
        """Nothing is played, nor echoes."""
        return self._quiet >= _QUIET_S * HEARING_RATE

    @property
    def settled(self) -> bool:
        """It has heard ``settle_s`` of the loudspeaker: the echo is as small as it gets."""
        return self._sounded >= self._settle

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

    def clean(self, frame: Samples) -> Samples:
        """A frame at 16 kHz without the echo, of the same length, any; what was not pushed is silence."""
        played = np.zeros(len(frame), np.float32)
        count = min(len(frame), len(self._played))
        played[:count], self._played = self._played[:count], self._played[count:]
        sounding = np.flatnonzero(np.abs(played) > _AUDIBLE)
        if len(sounding):
            if self.quiet:
                self._begin()
            self._sounded += len(frame)
            self._quiet = len(frame) - 1 - int(sounding[-1])
        elif self.quiet:
            return self._pass(frame)
        else:
            self._quiet += len(frame)
        return self._cancel(frame, played)

    def _begin(self) -> None:
        """From passing to cancelling: the lag is filled with what was heard last."""
        self._out = np.concatenate([np.zeros(BLOCK - 1, np.float32), self._near])[1 - BLOCK :]
        self._near = self._far = np.zeros(0, np.float32)
        self._linear.rest()

    def _pass(self, frame: Samples) -> Samples:
        self._near = frame[1 - BLOCK :]
        return frame

    def _cancel(self, frame: Samples, played: Samples) -> Samples:
        near, far = np.concatenate([self._near, frame]), np.concatenate([self._far, played])
        whole = len(near) // BLOCK * BLOCK
        self._near, self._far = near[whole:], far[whole:]
        if whole:
            steps = [slice(at, at + BLOCK) for at in range(0, whole, BLOCK)]
            left = np.concatenate([self._linear.push(near[step], far[step]) for step in steps])
            cleaned = self._aec.process(left, far[:whole])
            if self._first and self.settled:
                self._first = None
            if self._first:
                cleaned = _quieter(cleaned, self._first.process(near[:whole], far[:whole]))
                if np.mean(cleaned**2) < _REMNANT * np.mean(near[:whole] ** 2):
                    cleaned *= _HUSHED
            self._out = np.concatenate([self._out, cleaned])
        cleaned, self._out = self._out[: len(frame)], self._out[len(frame) :]
        return cleaned


def _quieter(one: Samples, other: Samples) -> Samples:
    return one if float(np.mean(one**2)) < float(np.mean(other**2)) else other


class Yielding:
    """A ``voice.ears.Vad`` that turns the loudspeaker down at the first sign of a voice over it, 64 ms, long
    before it is sure: AEC3 lets through a person over a loudspeaker only when that is the quieter.

    Measured in a synthetic room at equal loudness: 92 % of the voice kept instead of 39 %, and never
    ducked in 37 s of echo alone.
    """

    _VOICE, _FRAMES, _PATIENCE = 0.5, 2, 25
    """Probability; frames of it; frames without it (0.8 s) after which nobody had spoken."""
    _HUSH, _AWAKE = 1e-5, 16
    """Power (-50 dBFS); frames of it (0.5 s)."""

    def __init__(self, vad: Vad, speaker: Speaker, duck_db: float) -> None:
        self._vad, self._speaker, self._duck_db = vad, speaker, duck_db
        self._voiced = self._silent = self._hushed = 0
        self._ducked = False

    def push(self, frame: Samples) -> float:
        self._stay_awake(frame)
        probability = self._vad.push(frame)
        self._weigh(probability)
        return probability

    def look(self, frames: Sequence[Samples]) -> list[float]:
        if self._speaker.speaking:
            return [self.push(frame) for frame in frames]
        probabilities = self._vad.look(frames)
        for probability in probabilities:
            self._weigh(probability)
        return probabilities

    def _weigh(self, probability: float) -> None:
        if probability >= self._VOICE:
            self._voiced, self._silent = self._voiced + 1, 0
        else:
            self._voiced, self._silent = 0, self._silent + 1
        if self._voiced == self._FRAMES and self._speaker.speaking:
            self._ducked = True
            self._speaker.duck(self._duck_db)
        elif self._ducked and self._silent >= self._PATIENCE:
            self._ducked = False
            if not self._speaker.held:  # that is the valve's, and it ends by words
                self._speaker.restore()

    def _stay_awake(self, frame: Samples) -> None:
        """Silero grows dull in the long hush that a cancelled answer leaves: a "stop" then had 0 to 7 voiced
        frames, and 5 to 8 when it forgot the hush every half second.
        """
        hushed = self._speaker.speaking and float(np.mean(frame**2)) < self._HUSH
        self._hushed = self._hushed + 1 if hushed else 0
        if self._hushed == self._AWAKE:
            self._hushed = 0
            self._vad.reset()

    def reset(self) -> None:
        self._vad.reset()


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
        yield Audio(canceller.clean(frame.samples), frame.rate)
