"""Smart Turn v3: how likely the person has finished, from how the last 8 seconds sound.

The network (pipecat-ai/smart-turn-v3, BSD 2-Clause) is the encoder of Whisper tiny with a small head on it,
8-bit, 8.7 MB, trained on 23 languages. It looks at tone and pace, not at words, so it needs no transcription
and says nothing about what was said. ``aloud setup`` fetches it with the STT.

Its input is the log-mel spectrogram of Whisper (``openai/whisper``, ``audio.py``: windows of 25 ms every
10 ms, 80 Slaney mels) over a waveform brought to mean 0 and variance 1, with silence *before* a shorter
stretch. It is computed here in numpy: importing faster-whisper for it would cost 0.8 s.

Measured here on one core: 50 ms a call. Of readers' utterances, whole and cut in mid-sentence (136 pauses),
an end sounds more like one than a pause does in 62 of 100 pairs after 200 ms of silence, in 57 after 500 ms
and in 56 after 800 ms. So it is asked once, early, and ``voice.turns.endpointing.odds`` gives it little
weight beside words.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from config.errors import ModelError
from config.models.choice import TURN_MODEL
from config.runtime.onnx import open_session
from voice.audio.samples import HEARING_RATE, Samples

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WINDOW_SAMPLES = 8 * HEARING_RATE
"""What the network sees: 8 s."""

_FFT, _HOP, _MELS = 400, 160, 80
_FRAMES = WINDOW_SAMPLES // _HOP
_BLOCK = 16


class SmartTurn:
    """Cheap to make; ``warm`` loads the network, else the first call does. For one thread at a time.

    >>> turn = SmartTurn(path)
    >>> turn.complete(samples)  # 0..1; at 0.5 and above the turn is over
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._session: InferenceSession | None = None

    def warm(self) -> None:
        """Load the network and run it once. Raises ``ModelError`` when it is absent or damaged."""
        if self._session is None:
            self._session = _open(self.path)
            self.complete(np.zeros(HEARING_RATE, np.float32))

    def complete(self, samples: Samples) -> float:
        """The probability, 0..1, that the turn is complete.

        ``samples``: the whole turn so far, shape (n,), float32 at 16 kHz, with the silence after it (some
        200 ms; the network was trained on it); only the last 8 s are looked at. Nothing at all is 0.0.
        Raises ``ModelError``.
        """
        if not len(samples):
            return 0.0
        if self._session is None:
            self.warm()
        assert self._session is not None
        (probability,) = self._session.run(None, {"input_features": features(samples)[None]})
        return float(probability[0, 0])


def window(samples: Samples) -> Samples:
    """The last 8 s, or all of it with silence before it: shape (128000,), float32."""
    recent = samples[-WINDOW_SAMPLES:]
    return np.pad(recent, (WINDOW_SAMPLES - len(recent), 0)).astype(np.float32, copy=False)


def features(samples: Samples) -> NDArray[np.float32]:
    """Sound at 16 kHz to what the network takes: shape (80, 800), float32, mostly within [-1, 1]."""
    seen = window(samples)
    # As transformers' WhisperFeatureExtractor(do_normalize=True): over the padded stretch, in float32.
    level = (seen - seen.mean()) / np.sqrt(seen.var() + 1e-7)
    padded = np.pad(level, _FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP][:_FRAMES]
    power = np.abs(np.fft.rfft(frames * _hann(), axis=-1)) ** 2
    # A block at a time: a larger product would wake BLAS's threads, which then spin beside the network's one.
    mels = np.concatenate([_mels() @ power[at : at + _BLOCK].T for at in range(0, _FRAMES, _BLOCK)], axis=1)
    log = np.log10(np.maximum(mels, 1e-10))
    floored = np.maximum(log, log.max() - 8.0)
    scaled: NDArray[np.float32] = ((floored + 4.0) / 4.0).astype(np.float32)
    return scaled


@functools.cache
def _hann() -> NDArray[np.float32]:
    """Periodic, as torch.hann_window."""
    hann: NDArray[np.float32] = np.hanning(_FFT + 1)[:-1].astype(np.float32)
    return hann


@functools.cache
def _mels() -> NDArray[np.float32]:
    """Triangles of equal area on Slaney's scale (Auditory Toolbox, 1998), shape (80, 201).

    The scale is linear, 200/3 Hz a mel, up to 1 kHz and then 27 mels for a factor of 6.4.
    """
    linear_hz = 200.0 / 3
    break_mel = 1000.0 / linear_hz
    top = break_mel + 27 * np.log(HEARING_RATE / 2 / 1000.0) / np.log(6.4)
    mels = np.linspace(0.0, top, _MELS + 2)
    hz = np.where(mels < break_mel, mels * linear_hz, 1000.0 * 6.4 ** ((mels - break_mel) / 27))
    bins = np.linspace(0.0, HEARING_RATE / 2, _FFT // 2 + 1)
    rising = (bins - hz[:-2, None]) / (hz[1:-1] - hz[:-2])[:, None]
    falling = (hz[2:, None] - bins) / (hz[2:] - hz[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    equal: NDArray[np.float32] = (triangles * (2.0 / (hz[2:] - hz[:-2]))[:, None]).astype(np.float32)
    return equal


def _open(path: Path) -> InferenceSession:
    todo = f"Fetch it: aloud models get {TURN_MODEL}"
    if not path.is_file():
        raise ModelError(f"The model that hears the end of a turn is not at {path}.", todo=todo)
    try:
        return open_session(path)
    except ValueError as error:
        raise ModelError(
            f"The model that hears the end of a turn cannot be loaded from {path}: {error}", todo=todo
        ) from error
