"""Whisper without the silence behind it: an utterance of a few seconds needs no thirty to be understood.

Whisper was trained on stretches of 30 s, and everybody fills a short one up to that; the encoder's time goes
with it. CTranslate2 takes less. Where the silence is too short Whisper does not see the end and begins anew,
unless it is asked when each word was said: what it dates behind the speech is left out. Of 120 sentences of
a woman on an 8 kHz line, tiny.en, greedy, 6.1 % of the words differ from the prompts' texts with the speech
and 3 s, at least 7 s. Undated it needs 8 s, at least 12 s, for 6.8 %, and twice the time for its encoder. A
text that starts over at its end is what too short a context looks like, and so is a loop: both are bounded by
the tokens that people can say in that time.

Whisper is told what was said before, each utterance with its moments: told without, it dates nothing in
what it writes either, and a short context needs that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from voice.audio.samples import HEARING_RATE, Samples
from voice.stt.context import PriorUtterance
from voice.stt.whisper.closing import ENDS, closing, last_word

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
_TICK_S = 0.02
"""Between two of the moments that Whisper writes."""
_END_S = 0.2
"""So exactly does it tell where the speech ends, or within the second."""
_HOP, _EDGE = HEARING_RATE // _FRAMES_PER_S, 3
"""Samples a frame; frames at the end of the sound whose windows of 25 ms reach into it."""


@dataclass(frozen=True, slots=True)
class Context:
    """Seconds of silence behind the speech, and of both together at least."""

    extra_s: float
    least_s: float

    def seconds(self, speech_s: float) -> float:
        return min(WHOLE_S, max(self.least_s, speech_s + self.extra_s))


SHORT = Context(3.0, 7.0)
"""For the words of a turn."""
SHORTEST = Context(2.0, 5.0)
"""For a single stop word."""
LONGER = Context(10.0, 16.0)
"""To hear again what was doubtful, undated, with five beams. Of the 31 of 137 utterances of people of which
tiny.en is sure by less than 0.75, 26 words are wrong as drafted, 9 so, 8 with all 30 s; and 17 with 8 s, at
least 14 s. It takes 1.8 times as long as a preflight, the 30 s 3.3 times."""
WHOLE = Context(WHOLE_S, WHOLE_S)
_TOLD_TIMES, _TOLD_PLUS = 0.7, -0.3
"""Who knows what was said before expects an end more surely, also where there is none. Brought back to what
it would be without; on readers' pauses and ends either tells them apart as well (0.95 of the pairs).
"""
BEAMS = 5
PROMPT_TOKENS = 223
"""448 // 2 - 1: half of Whisper's context, less one."""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedAudio:
    """Speech as the encoder sees it: language and words are both read from this, encoded once."""

    output: Any
    speech_s: float


@dataclass(frozen=True, slots=True)
class Decoded:
    """``log_probability``: natural, the mean of the text's tokens; ``no_speech``: 0..1; ``closing``: as a
    ``Transcript`` has it.
    """

    text: str
    log_probability: float
    no_speech: float
    closing: float | None = None
    ended: bool = True
    """It came to an end before its bound."""


def encode(model: WhisperModel, samples: Samples, context: Context) -> EncodedAudio:
    """``samples``: mono float32 at 16 kHz, at most ``LONGEST_S``."""
    speech_s = len(samples) / HEARING_RATE
    frames = 2 * round(context.seconds(speech_s) * _FRAMES_PER_S / 2)
    return EncodedAudio(model.encode(features(model.feature_extractor, samples, frames)), speech_s)


def features(
    extract: Callable[..., NDArray[np.float32]], samples: Samples, frames: int
) -> NDArray[np.float32]:
    """What ``extract`` makes of the samples with silence behind them: shape (mels, frames).

    Silence is the same in each frame, the floor below the loudest, and is not computed: 10 ms of a preflight.
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


def guess_language(model: WhisperModel, encoded: EncodedAudio) -> tuple[str, float]:
    """ISO 639-1, and how sure: 0..1. Only of a model that hears several."""
    found, probability = model.model.detect_language(encoded.output)[0][0]
    return found.strip("<|>"), float(probability)


def decode(
    model: WhisperModel,
    encoded: EncodedAudio,
    language: str,
    hotwords: str = "",
    before: Sequence[PriorUtterance] = (),
) -> Decoded:
    """Greedily, bounded by what can be said in that time, and by where the speech ends."""
    prompt = [*_told(model, hotwords, before, dated=True), *_begin(model, language)]
    written, ended = _generate(model, encoded, prompt, beam_size=1, return_logits_vocab=True)
    tokens = written.sequences_ids[0]
    said = spoken(tokens, _zero(model), encoded.speech_s)
    text = model.hf_tokenizer.decode([token for _, token in said]).strip()
    sure = [_log_probability(np.asarray(written.logits[0][at]), token) for at, token in said]
    mean = float(np.mean(sure)) if sure else 0.0
    ends = _closing(model, said, written.logits[0])
    if before and ends is not None:
        ends = _TOLD_TIMES * ends + _TOLD_PLUS
    return Decoded(text, mean, float(written.no_speech_prob), ends, ended)


def decode_again(
    model: WhisperModel,
    encoded: EncodedAudio,
    language: str,
    hotwords: str = "",
    before: Sequence[PriorUtterance] = (),
) -> Decoded:
    """With ``BEAMS`` and undated, which wants a ``LONGER`` context; better words than ``decode``'s."""
    begin = [*_begin(model, language), _token(model, "notimestamps")]
    prompt = [*_told(model, hotwords, before, dated=False), *begin]
    written, ended = _generate(model, encoded, prompt, beam_size=BEAMS, return_scores=True)
    text = model.hf_tokenizer.decode(written.sequences_ids[0]).strip()
    return Decoded(text, written.scores[0], float(written.no_speech_prob), ended=ended)


def _generate(
    model: WhisperModel, encoded: EncodedAudio, prompt: Sequence[int], **settings: Any
) -> tuple[Any, bool]:
    """What was written, and whether it ended before its bound."""
    room = _TOKENS + round(_TOKENS_PER_S * encoded.speech_s)
    most = min(len(prompt) + room, model.max_length)
    (written,) = model.model.generate(
        encoded.output, [prompt], max_length=most, return_no_speech_prob=True, **settings
    )
    return written, len(written.sequences_ids[0]) < room


def spoken(tokens: Sequence[int], zero: int, speech_s: float) -> list[tuple[int, int]]:
    """The tokens of words, each with its place, up to the end of the speech.

    ``zero``: the token of the moment 0; those after it are 20 ms apart, and each piece of text has one on
    both sides. A piece that begins where the speech ends was not said.
    """
    said: list[tuple[int, int]] = []
    for at, token in enumerate(tokens):
        if token < zero:
            said.append((at, token))
        elif said and (token - zero) * _TICK_S >= speech_s - _END_S:
            break
    return said


def _closing(model: WhisperModel, said: Sequence[tuple[int, int]], logits: Sequence[Any]) -> float | None:
    tokenizer = model.hf_tokenizer
    at = last_word(said, lambda token: tokenizer.decode([token]))
    if at is None or at + 1 >= len(logits):
        return None
    marks = [tokenizer.token_to_id(mark) for mark in ENDS]
    after = np.asarray(logits[at + 1]).reshape(-1)
    return closing(after, marks, _token(model, "endoftext"), _zero(model))


def _log_probability(logits: NDArray[np.float32], token: int) -> float:
    logits = logits.reshape(-1)
    most = logits.max()
    return float(logits[token] - most - np.log(np.exp(logits - most).sum()))


def _token(model: WhisperModel, name: str) -> int:
    number: int = model.hf_tokenizer.token_to_id(f"<|{name}|>")
    return number


def _zero(model: WhisperModel) -> int:
    """The token of the moment 0."""
    return _token(model, "notimestamps") + 1


def _begin(model: WhisperModel, language: str) -> list[int]:
    names = ["startoftranscript"]
    if model.model.is_multilingual:
        names += [language, "transcribe"]
    return [_token(model, name) for name in names]


def _told(model: WhisperModel, hotwords: str, before: Sequence[PriorUtterance], *, dated: bool) -> list[int]:
    """Words to expect and those that were said, as Whisper takes them; the oldest is left off first."""
    expected = _ids(model, hotwords) if hotwords else []
    said: list[int] = []
    for utterance in reversed(before):
        ids = _ids(model, utterance.text)
        if dated:
            end = _zero(model) + round(min(utterance.speech_s, WHOLE_S) / _TICK_S)
            ids = [_zero(model), *ids, end]
        if len(expected) + len(ids) + len(said) > PROMPT_TOKENS:
            break
        said = [*ids, *said]
    return [_token(model, "startofprev"), *expected, *said] if expected or said else []


def _ids(model: WhisperModel, text: str) -> list[int]:
    ids: list[int] = model.hf_tokenizer.encode(f" {text}", add_special_tokens=False).ids
    return ids
