"""Silero v6: how likely 32 ms of sound hold a voice. Streamed, with its state, on one thread.

The network is the ONNX file in faster-whisper's wheel, found without importing faster-whisper (that import
costs 0.8 s, this whole class 0.1 s). Its inputs are the frame with the last 64 samples before it, and the two
halves of an LSTM's state; its outputs the probability and the new state.

Measured here on one core, 2000 frames: 0.10 ms of processor time a frame, 0.3 % of a core. With I/O binding
onto fixed memory it is 0.085 ms: not worth the raw pointers. The memory arena saves neither time nor memory.
"""

from __future__ import annotations

import importlib.util
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from config.errors import SttError
from config.runtime.installation import again_line
from config.runtime.onnx import open_session
from voice.audio.samples import FRAME_SAMPLES, Samples

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CONTEXT_SAMPLES = 64
"""Samples before the frame that the network sees again."""

_STATE = (1, 1, 128)
_DEAFENED_FRAMES = 94
"""Without a voice (3 s). In a quiet the state drifts, and the network grows deaf: of 33 short words of people
("stop", "wait", "quiet") it found all after 3 s of room tone, 33 to 21 after 10 s, 3 after half a minute."""
_HEARD_ANEW_FRAMES = 10
"""Of the quiet, from which a fresh state learns how this room sounds: it found all 33 again."""
_VOICE = 0.3
"""From this probability on a frame may hold a voice."""


def model_file() -> Path:
    """The network in faster-whisper's wheel. Raises ``SttError`` when it is not there."""
    found = importlib.util.find_spec("faster_whisper")
    if found is not None and found.origin is not None:
        path = Path(found.origin).parent / "assets" / "silero_vad_v6.onnx"
        if path.is_file():
            return path
    raise SttError(
        "The network that tells a voice from noise (silero_vad_v6.onnx) is not in faster-whisper's package.",
        todo=f"Install it anew: {again_line('faster-whisper')}",
    )


class Silero:
    """Implements ``voice.turns.vad.base.Vad``. Cheap to make; ``warm`` loads the network, else the first push
    does.

    Not for two threads at once: it holds the state of one stream.
    """

    def __init__(self) -> None:
        self._session: InferenceSession | None = None
        self._input = np.zeros((1, CONTEXT_SAMPLES + FRAME_SAMPLES), np.float32)
        self._feed = {"input": self._input}
        self.reset()

    def warm(self) -> None:
        """Load the network and run it once, unheard. Raises ``SttError``."""
        if self._session is None:
            self._session = _open(model_file())
            self._session.run(None, self._feed)

    def reset(self) -> None:
        """Forget what was heard: the next frame begins a new stream."""
        self._input.fill(0.0)
        self._feed["h"] = np.zeros(_STATE, np.float32)
        self._feed["c"] = np.zeros(_STATE, np.float32)
        self._quiet = 0
        self._recent: deque[Samples] = deque(maxlen=_HEARD_ANEW_FRAMES)

    def push(self, frame: Samples) -> float:
        """The probability, 0..1, that this frame of ``FRAME_SAMPLES`` float32 at 16 kHz holds a voice."""
        if self._session is None:
            self.warm()
        assert self._session is not None
        self._input[0, CONTEXT_SAMPLES:] = frame
        probability, self._feed["h"], self._feed["c"] = self._session.run(None, self._feed)
        self._input[0, :CONTEXT_SAMPLES] = self._input[0, -CONTEXT_SAMPLES:]
        self._note(frame, float(probability[0]))
        return float(probability[0])

    def look(self, frames: Sequence[Samples]) -> list[float]:
        """As if each were pushed, bit for bit; 16 at once cost 0.085 ms a frame."""
        found: list[float] = []
        while len(found) < len(frames):
            some = frames[len(found) : len(found) + _DEAFENED_FRAMES - self._quiet]
            probabilities = self._look(some)
            for frame, probability in zip(some, probabilities, strict=True):
                self._note(frame, probability)
            found += probabilities
        return found

    def _look(self, frames: Sequence[Samples]) -> list[float]:
        if self._session is None:
            self.warm()
        assert self._session is not None
        sound = np.concatenate([self._input[0, :CONTEXT_SAMPLES], *frames])
        windows = np.lib.stride_tricks.sliding_window_view(sound, CONTEXT_SAMPLES + FRAME_SAMPLES)
        feed = {**self._feed, "input": np.ascontiguousarray(windows[::FRAME_SAMPLES])}
        probabilities, self._feed["h"], self._feed["c"] = self._session.run(None, feed)
        self._input[0, :CONTEXT_SAMPLES] = sound[-CONTEXT_SAMPLES:]
        return [float(probability) for probability in probabilities]

    def _note(self, frame: Samples, probability: float) -> None:
        """After a long quiet the end of it is heard anew, from a fresh state."""
        self._recent.append(frame)
        self._quiet = 0 if probability >= _VOICE else self._quiet + 1
        if self._quiet >= _DEAFENED_FRAMES:
            recent = list(self._recent)
            self.reset()
            self._look(recent)


def _open(path: Path) -> InferenceSession:
    try:
        return open_session(path)
    except ValueError as error:
        raise SttError(
            f"The network that tells a voice from noise cannot be loaded: {error}.",
            todo=f"Install it anew: {again_line('faster-whisper')}",
        ) from error
