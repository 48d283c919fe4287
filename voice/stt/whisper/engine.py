"""Whisper, by faster-whisper (CTranslate2): the best STT there is, once a model of it is on this machine.

Whisper hears in one piece, so ``preflight`` decodes what there is, and ``finish`` takes it for the
result when no sound came after it. A preflight is greedy and has a shortened context
(``voice/stt/whisper/short_context.py``), since a person waits, and knows what was said before; a thorough one
has five beams and more of both. A ``finish`` that had no preflight, a file or a dictation, has five beams and
all of the context. Settings as in docs/architecture.md, and the gate (``voice/stt/hallucination_filter.py``)
against words that nobody said.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from config.errors import ModelError, SttError
from config.models.catalogue import how_to_get, how_to_mend
from config.runtime.cores import stt_threads
from config.runtime.heap import give_back, share_heaps
from config.settings.paths import models_dir
from voice.audio.samples import HEARING_RATE, Samples
from voice.stt.base import Transcript
from voice.stt.context import Conversation, PriorUtterance
from voice.stt.hallucination_filter import (
    DecodedText,
    believe,
    echoes,
    is_non_speech,
    loops,
    moments,
    starts_over,
    too_quiet,
)
from voice.stt.language_pin import Guess
from voice.stt.local_agreement import Segment
from voice.stt.whisper.short_context import (
    BEAMS,
    LONGER,
    LONGEST_S,
    PROMPT_TOKENS,
    SHORT,
    SHORTEST,
    WHOLE,
    Context,
    Decoded,
    decode,
    decode_again,
    encode,
    guess_language,
)
from voice.stt.whisper.stream import Before, DecodedUtterance, WhisperStream
from voice.turns.endpointing.completeness import words_of

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

_WARM_FRAMES = 200
"""Of Whisper's mel spectrogram, 10 ms each."""


def _nothing_before(language: str) -> Sequence[PriorUtterance]:
    return ()


class Whisper:
    """Implements ``voice.stt.base.Stt``. Cheap to make; ``warm`` loads the model and hears 1 s of nothing.

    ``path`` is a folder with a converted model: anything else raises ``ModelError``, and nothing is ever
    fetched. ``threads`` 0: as many as the machine has, since nothing else is as urgent while a person waits
    for a preflight.
    On an NVIDIA card it computes in float16, else in int8.
    """

    def __init__(self, path: Path | str, *, threads: int = 0, name: str = "") -> None:
        self.path = Path(path).expanduser()
        if not (self.path / "model.bin").is_file():
            called = name or str(path)
            raise ModelError(f"There is no Whisper model at {called}.", todo=how_to_get(called))
        if not (self.path / "tokenizer.json").is_file():
            # faster-whisper would ask the hub for it.
            raise ModelError(
                f"The Whisper model at {self.path} is not whole: there is no tokenizer.json in it.",
                todo="Copy the one of the model that it was made from into this folder.",
            )
        inside = self.path.resolve().is_relative_to(models_dir().resolve())
        self.name = f"whisper:{name or (self.path.name if inside else path)}"
        self._threads = threads or stt_threads()
        self._model: WhisperModel | None = None
        self._recalls = False
        """It can be told what was said before."""
        self._lock = threading.Lock()

    def warm(self, language: str = "auto") -> None:
        """Raises ``ModelError`` for a damaged model, ``SttError`` for a language that it does not hear."""
        with self._lock:
            if self._model is None:
                share_heaps()
                model = _load(self.path, self._threads)
                self._recalls = _recalls(model, self.path)
                self._model = model
        asked = Conversation(asked=language).asked
        if asked and asked not in self._model.supported_languages:
            raise SttError(
                f"The model {self.name} does not hear {asked!r}.",
                todo="Fetch one that hears many languages: aloud models get base",
            )

    def open(self, conversation: Conversation | None = None) -> WhisperStream:
        return WhisperStream(self, conversation or Conversation())

    def decode(self, samples: Samples, beam: int, told: Conversation) -> DecodedUtterance:
        """One stretch of mono float32 at 16 kHz, as faster-whisper has it: with all of its context."""
        if too_quiet(samples):
            return DecodedUtterance(self._nothing(told))
        guess = self._guess(samples, told)
        language = self._write_in(guess, told)
        with self._working() as model:
            hotwords = fitting(told.hotwords, model.hf_tokenizer)
            transcript = _transcribe(model, samples, beam, language, hotwords)
            if hotwords and echoes(transcript.text, hotwords):
                transcript = _transcribe(model, samples, beam, language, "")
        give_back()
        return DecodedUtterance(_unless_non_speech(transcript, samples), guess)

    def preflight(
        self,
        samples: Samples,
        told: Conversation,
        before: Before = _nothing_before,
        *,
        context: Context = SHORT,
    ) -> DecodedUtterance:
        """As ``decode``, greedily, with as much context as is needed."""
        if len(samples) > LONGEST_S * HEARING_RATE:
            return self.decode(samples, 1, told)
        heard, written = self._hear(samples, told, before, context, decode)
        if context != WHOLE and not _is_whole(written):
            return self.preflight(samples, told, before, context=WHOLE)
        return heard

    def check(
        self, samples: Samples, told: Conversation, before: Before = _nothing_before
    ) -> DecodedUtterance:
        """What was drafted, once more and better, in about twice the time."""
        if len(samples) > LONGEST_S * HEARING_RATE:
            return self.decode(samples, BEAMS, told)
        return self._hear(samples, told, before, LONGER, decode_again)[0]

    def _hear(
        self,
        samples: Samples,
        told: Conversation,
        before: Before,
        context: Context,
        decoder: Callable[..., Decoded],
    ) -> tuple[DecodedUtterance, Decoded]:
        if too_quiet(samples):
            return DecodedUtterance(self._nothing(told)), Decoded("", 0.0, 1.0)
        with self._working() as model:
            encoded = encode(model, samples, context)
            guess = None
            if not self._speaks(model, told):
                guess = Guess(*guess_language(model, encoded), encoded.speech_s)
            language = self._write_in(guess, told)
            said = before(language) if self._recalls else ()
            hotwords = fitting(told.hotwords, model.hf_tokenizer)
            written = decoder(model, encoded, language, hotwords, said)
            if hotwords and echoes(written.text, hotwords):
                written = decoder(model, encoded, language, "", said)
            if said and _repeats(written.text, said):
                written = decoder(model, encoded, language, hotwords)
        part = DecodedText(written.text, written.no_speech, written.log_probability)
        believed = replace(_believed([part], language), closing=written.closing)
        return DecodedUtterance(_unless_non_speech(believed, samples), guess), written

    def spot(self, samples: Samples, told: Conversation) -> str:
        """The words of a second or two, for a stop word: with the least context there may be, in the pinned
        language, since none is to be guessed from one word.
        """
        if too_quiet(samples):
            return ""
        with self._working() as model:
            return decode(model, encode(model, samples, SHORTEST), self._write_in(None, told)).text

    def segments(self, samples: Samples, told: Conversation) -> list[Segment]:
        """As ``decode``, greedily and at the first try; cut where Whisper cuts. For words as they come."""
        if too_quiet(samples):
            return []
        language = self._write_in(self._guess(samples, told), told)
        with self._working() as model:
            hotwords = fitting(told.hotwords, model.hf_tokenizer)
            settings = _SETTINGS | {"temperature": 0.0, "hotwords": hotwords or None}
            parts = list(model.transcribe(samples, language=language, beam_size=1, **settings)[0])
        written = [DecodedText(part.text, part.no_speech_prob, part.avg_logprob) for part in parts]
        return [Segment(p.text, p.end) for p, w in zip(parts, written, strict=True) if w in believe(written)]

    @contextmanager
    def _working(self) -> Iterator[WhisperModel]:
        self.warm()
        assert self._model is not None
        try:
            yield self._model
        except RuntimeError as error:
            raise SttError(
                f"Whisper failed while it listened: {error}.", todo="Try a smaller model: aloud models list"
            ) from error

    def _speaks(self, model: WhisperModel | None, told: Conversation) -> str:
        """The one language that it is to write; empty: it finds out."""
        return told.asked or ("en" if model and not model.model.is_multilingual else "")

    def _guess(self, samples: Samples, told: Conversation) -> Guess | None:
        with self._working() as model:
            if self._speaks(model, told):
                return None
            found, probability, _ = model.detect_language(samples)
        return Guess(found, probability, len(samples) / HEARING_RATE)

    def _write_in(self, guess: Guess | None, told: Conversation) -> str:
        return told.pin.weigh(guess) if guess else self._speaks(self._model, told) or told.pin.language

    def _nothing(self, told: Conversation) -> Transcript:
        return Transcript("", 0.0, self._write_in(None, told))


_SETTINGS: dict[str, Any] = {
    "vad_filter": True,
    "vad_parameters": {"min_silence_duration_ms": 500},
    "condition_on_previous_text": False,
    # One second try, for a loop or a mumble; the gate judges what comes of it.
    "temperature": (0.0, 0.4),
    "best_of": 1,
    # The gate applies this rule itself, so that it knows what was dropped.
    "no_speech_threshold": None,
}


def _recalls(model: WhisperModel, path: Path) -> bool:
    """Whisper learned to go on from what was said before. Its distilled kin did not, and write it again; of
    one with words of its own nobody knows.
    """
    return model.hf_tokenizer.get_vocab_size() > _VOCABULARY and "distil" not in path.resolve().name


_VOCABULARY = 50_000
"""Tokens; of the published ones 50 363 or more."""


def _repeats(text: str, before: Sequence[PriorUtterance]) -> bool:
    """Perhaps nobody said it again: of 120 coughs, hums and doors base writes 65 times what was said before.
    It is to be heard without that.
    """
    said = " ".join(words_of(text))
    return any(f" {said} " in f" {' '.join(words_of(utterance.text))} " for utterance in before)


def _is_whole(written: Decoded) -> bool:
    """It has none of the marks of a context that was too short."""
    return written.ended and not starts_over(written.text) and not loops(written.text)


def fitting(hotwords: str, tokenizer: Any) -> str:
    """As many whole names from the front as fit into ``PROMPT_TOKENS``; a comma ends a name, or a space
    where there is no comma.
    """
    comma = "," in hotwords
    kept: list[str] = []
    room = PROMPT_TOKENS
    for name in hotwords.split(",") if comma else hotwords.split():
        name = " ".join(name.split())
        room -= len(tokenizer.encode(f" {name}", add_special_tokens=False).ids) + comma
        if room < 0:
            break
        kept += [name] if name else []
    return (", " if comma else " ").join(kept)


def _transcribe(model: WhisperModel, samples: Samples, beam: int, language: str, hotwords: str) -> Transcript:
    segments, _ = model.transcribe(
        samples, language=language, beam_size=beam, hotwords=hotwords or None, **_SETTINGS
    )
    return _believed(
        [DecodedText(part.text, part.no_speech_prob, part.avg_logprob) for part in segments], language
    )


def once_marked(text: str) -> str:
    """Whisper now and then ends a sentence twice ("What is 12 times 11?."): the first mark is believed."""
    return re.sub(r"([?!,;:])\.(?=\s|$)", r"\1", text)


def _believed(written: Sequence[DecodedText], language: str) -> Transcript:
    believed = believe(written)
    text = once_marked(" ".join("".join(part.text for part in believed).split()))
    hallucination = any(part.text.strip() for part in written if part not in believed)
    if not text:
        return Transcript("", 0.0, language, hallucination)
    weights = [len(part.text) for part in believed]
    mean = float(np.average([part.log_probability for part in believed], weights=weights))
    return Transcript(text, math.exp(min(mean, 0.0)), language, hallucination)


def _unless_non_speech(transcript: Transcript, samples: Samples) -> Transcript:
    if transcript.text and is_non_speech(moments(samples), transcript.confidence):
        return Transcript("", 0.0, transcript.language, hallucinated=True)
    return transcript


def _load(path: Path, threads: int) -> WhisperModel:
    import ctranslate2  # type: ignore[import-untyped]

    kinds = [("cpu", "int8")]
    if ctranslate2.get_cuda_device_count() > 0:
        kinds.insert(0, ("cuda", "float16"))
    for device, numbers in kinds:
        try:
            return _load_on(path, device, numbers, threads)
        except Exception as error:  # a card whose libraries are not there: the next kind; or a broken file
            failure = error
    raise _damaged(path, str(failure)) from failure


def _damaged(path: Path, why: str) -> ModelError:
    return ModelError(
        f"The Whisper model at {path} cannot be loaded: {why.rstrip('.')}.",
        todo=how_to_mend(path.name.replace("--", "/"), path),
    )


def _load_on(path: Path, device: str, numbers: str, threads: int) -> WhisperModel:
    from voice.stt.whisper.window import WindowedWhisper

    model = WindowedWhisper(
        str(path), device=device, compute_type=numbers, cpu_threads=threads, local_files_only=True
    )
    # Encoder and decoder run once, over 2 s of nothing: over the usual 30 s it takes five times as long, and
    # the first preflight is no quicker for it (0.47 s both, tiny.en, 2 threads).
    features = model.feature_extractor(np.zeros(HEARING_RATE, np.float32))[:, :_WARM_FRAMES]
    begin = [model.hf_tokenizer.token_to_id("<|startoftranscript|>")]
    model.model.generate(model.encode(features), [begin], max_length=4, beam_size=1)
    return model
