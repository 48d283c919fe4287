"""Whisper without the silence behind it: an utterance of a few seconds needs no thirty to be understood.

Whisper was trained on stretches of 30 s, and everybody fills a short one up to that; the encoder's time goes
with it. CTranslate2 takes less. Of 160 sentences of a woman on an 8 kHz line, tiny.en, greedy: with 30 s of
context 6.6 % of the words differ from the prompts' texts; with the utterance and 8 s, at least 12 s, 7.3 %,
and 6.9 % when what starts over is heard again with all of it, for 0.4 of the time. With 5 s, at least 10 s:
10.4 and 8.2 %. A text that starts over at its end is what too short a context looks like, and so is a loop:
both are bounded by the tokens that people can say in that time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from voice.audio import HEARING_RATE, Samples

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

WHOLE_S = 30.0
"""What Whisper was trained on."""
LONGEST_S = WHOLE_S - 1.0
"""Of speech that fits one context; more is cut by faster-whisper."""
_TOKENS, _TOKENS_PER_S = 6, 7.0
"""At most so many are written, by the length of the sound: people say 2 to 4 words a second."""
_FRAMES_PER_S = 100
"""Of the mel spectrogram; the encoder halves them, so their number must be even."""
_HOP, _EDGE = HEARING_RATE // _FRAMES_PER_S, 3
"""Samples a frame; frames at the end of the sound whose windows of 25 ms reach into it."""


@dataclass(frozen=True, slots=True)
class Context:
    """Seconds of silence behind the speech, and of both together at least."""

    extra_s: float
    least_s: float

    def seconds(self, speech_s: float) -> float:
        return min(WHOLE_S, max(self.least_s, speech_s + self.extra_s))


SHORT = Context(8.0, 12.0)
"""For the words of a turn."""
SHORTEST = Context(2.0, 5.0)
"""For a single stop word."""
WHOLE = Context(WHOLE_S, WHOLE_S)


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Speech as the encoder sees it: language and words are both read from this, encoded once."""

    output: Any
    speech_s: float


@dataclass(frozen=True, slots=True)
class Decoded:
    """``log_probability``: natural, the mean of the tokens; ``no_speech``: 0..1."""

    text: str
    log_probability: float
    no_speech: float


def encode(model: WhisperModel, samples: Samples, context: Context) -> Encoded:
    """``samples``: mono float32 at 16 kHz, at most ``LONGEST_S``."""
    speech_s = len(samples) / HEARING_RATE
    frames = 2 * round(context.seconds(speech_s) * _FRAMES_PER_S / 2)
    return Encoded(model.encode(features(model.feature_extractor, samples, frames)), speech_s)


def features(
    extract: Callable[..., NDArray[np.float32]], samples: Samples, frames: int
) -> NDArray[np.float32]:
    """What ``extract`` makes of the samples with silence behind them: shape (mels, frames).

    Silence is the same in each frame, the floor below the loudest, and is not computed: 10 ms of a draft.
    """
    heard = min(frames, len(samples) // _HOP + _EDGE)
    padded = np.zeros((heard + _EDGE) * _HOP, np.float32)
    padded[: min(len(samples), len(padded))] = samples[: len(padded)]
    mels = extract(padded, padding=0)[:, :heard]
    loudest = 4.0 * float(mels.max()) - 4.0
    # Whisper scales after it: its floor lies 8 below the loudest, at -10 at least.
    floor = (max(loudest - 8.0, -10.0) + 4.0) / 4.0
    whole = np.full((mels.shape[0], frames), floor, np.float32)
    whole[:, :heard] = mels
    return whole


def guess_language(model: WhisperModel, encoded: Encoded) -> tuple[str, float]:
    """ISO 639-1, and how sure: 0..1. Only of a model that hears several."""
    found, probability = model.model.detect_language(encoded.output)[0][0]
    return found.strip("<|>"), float(probability)


def decode(model: WhisperModel, encoded: Encoded, language: str, hotwords: str = "") -> Decoded:
    """Greedily, bounded by what can be said in that time."""
    prompt = [*_expected(model, hotwords), *_begin(model, language)]
    most = len(prompt) + _TOKENS + round(_TOKENS_PER_S * encoded.speech_s)
    (written,) = model.model.generate(
        encoded.output,
        [prompt],
        beam_size=1,
        max_length=min(most, model.max_length),
        return_scores=True,
        return_no_speech_prob=True,
    )
    tokens = written.sequences_ids[0]
    text = model.hf_tokenizer.decode(tokens).strip()
    # As faster-whisper has it: the end of the text is a token too.
    mean = written.scores[0] * len(tokens) / (len(tokens) + 1)
    return Decoded(text, float(mean), float(written.no_speech_prob))


def _token(model: WhisperModel, name: str) -> int:
    number: int = model.hf_tokenizer.token_to_id(f"<|{name}|>")
    return number


def _begin(model: WhisperModel, language: str) -> list[int]:
    names = ["startoftranscript"]
    if model.model.is_multilingual:
        names += [language, "transcribe"]
    return [_token(model, name) for name in [*names, "notimestamps"]]


def _expected(model: WhisperModel, hotwords: str) -> list[int]:
    if not hotwords:
        return []
    ids: list[int] = model.hf_tokenizer.encode(f" {hotwords}", add_special_tokens=False).ids
    return [_token(model, "startofprev"), *ids]
