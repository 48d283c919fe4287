"""Whisper, by faster-whisper (CTranslate2): the best STT there is, once a model of it is on this machine.

Whisper hears in one piece, so ``preflight`` decodes what there is, and ``finish`` takes it for the
result when no sound came after it. A preflight is greedy and has a shortened context
(``voice/stt/whisper/short_context.py``), since a person waits, and knows what was said before; a thorough one
has five beams and more of both. A ``finish`` that had no preflight, a file or a dictation, has five beams and
all of the context. Settings as in docs/architecture.md, and the gate (``voice/stt/hallucination_filter.py``)
against words that nobody said.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.errors import ModelError, SttError
from config.models.catalogue import how_to_get
from config.settings.paths import models_dir
from config.system.cores import stt_threads
from config.system.heap import give_back, share_heaps
from voice.audio.samples import HEARING_RATE, Samples
from voice.stt.base import Transcript
from voice.stt.context import Conversation, PriorUtterance
from voice.stt.hallucination_filter import (
    DecodedText,
    believe,
    echoes,
    loops,
    starts_over,
    too_quiet,
)
from voice.stt.language_pin import Guess
from voice.stt.local_agreement import Segment
from voice.stt.whisper.load import load, recalls
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
from voice.stt.whisper.transcripts import transcript_of, unless_non_speech
from voice.turns.endpointing.completeness import words_of

if TYPE_CHECKING:
    from faster_whisper import WhisperModel


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
                model = load(self.path, self._threads)
                self._recalls = recalls(model, self.path)
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
        return DecodedUtterance(unless_non_speech(transcript, samples), guess)

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
        believed = replace(transcript_of([part], language), closing=written.closing)
        return DecodedUtterance(unless_non_speech(believed, samples), guess), written

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
    return transcript_of(
        [DecodedText(part.text, part.no_speech_prob, part.avg_logprob) for part in segments], language
    )
