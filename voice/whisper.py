"""Whisper, by faster-whisper (CTranslate2): the best ears there are, once a model of it is on this machine.

Whisper hears whole stretches, so ``draft`` decodes what there is and ``finish`` takes the draft for the
result when no sound came after it. Greedy for a draft, since a person waits; a beam of 5 for a ``finish``
that had no draft, a file or a dictation. Settings as in docs/architecture.md, and the gate
(``voice/gate.py``) against words that nobody said.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from config.catalogue import how_to_get, how_to_mend
from config.errors import EarsError, ModelError
from config.paths import models_dir
from voice.agreement import Stretch
from voice.audio import HEARING_RATE, Samples
from voice.ears import Transcript
from voice.gate import Written, believe, echoes, is_murmur, moments, too_quiet

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

DRAFT_BEAM = 1
FINAL_BEAM = 5
HOTWORD_TOKENS = 223
"""448 // 2 - 1: half of Whisper's context, less one."""
SURE_OF_LANGUAGE = 0.5
_WARM_FRAMES = 200
"""Of Whisper's mel spectrogram, 10 ms each."""


class Whisper:
    """Implements ``voice.ears.Stt``. Cheap to make; ``warm`` loads the model and hears 1 s of nothing.

    ``path`` is a folder with a converted model: anything else raises ``ModelError``, and nothing is ever
    fetched. ``language`` is a code or ``auto``. ``hotwords`` are words to expect, the most recent first:
    what does not fit is left off at the end. ``threads`` 0: one less than the machine has, at least one.
    On an NVIDIA card it computes in float16, else in int8.
    """

    def __init__(
        self,
        path: Path | str,
        language: str = "auto",
        hotwords: str = "",
        threads: int = 0,
        *,
        name: str = "",
    ) -> None:
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
        self._asked = "" if language == "auto" else language.lower().replace("_", "-").split("-")[0]
        self._hotwords = hotwords
        self._threads = threads or max(1, (os.cpu_count() or 2) - 1)
        self._model: WhisperModel | None = None
        self._lock = threading.Lock()
        self._last_language = ""
        self.careful = False
        """A draft has the beam of a ``finish``: for a dictation, where no answer waits for it."""

    def warm(self) -> None:
        """Raises ``ModelError`` for a damaged model, ``EarsError`` for a language that it does not hear."""
        with self._lock:
            if self._model is None:
                model = _load(self.path, self._threads)
                if self._asked and self._asked not in model.supported_languages:
                    raise EarsError(
                        f"The model {self.name} does not hear {self._asked!r}.",
                        todo="Fetch one that hears many languages: aloud models get base",
                    )
                self._hotwords = fitting(self._hotwords, model.hf_tokenizer)
                self._model = model

    def expect(self, hotwords: str) -> None:
        """From now on these words, in place of those before: a name was learned."""
        model = self._model
        self._hotwords = fitting(hotwords, model.hf_tokenizer) if model else hotwords

    def open(self) -> WhisperHearing:
        return WhisperHearing(self)

    def decode(self, samples: Samples, beam: int, language: str = "") -> Transcript:
        """One stretch of mono float32 at 16 kHz. ``language``: settled before, else found out."""
        if too_quiet(samples):
            return Transcript("", 0.0, language or self._asked or "en")
        self.warm()
        assert self._model is not None
        language = language or self._language(samples)
        try:
            transcript = self._transcribe(samples, beam, language, self._hotwords)
            if self._hotwords and echoes(transcript.text, self._hotwords):
                transcript = self._transcribe(samples, beam, language, "")
        except RuntimeError as error:
            raise EarsError(
                f"Whisper failed while it listened: {error}.", todo="Try a smaller model: aloud models list"
            ) from error
        if transcript.text and is_murmur(moments(samples), transcript.confidence):
            return Transcript("", 0.0, language, phantom=True)
        return transcript

    def stretches(self, samples: Samples, language: str = "") -> list[Stretch]:
        """As ``decode``, greedily and at the first try; cut where Whisper cuts. For words as they come."""
        if too_quiet(samples):
            return []
        self.warm()
        assert self._model is not None
        settings = _SETTINGS | {"temperature": 0.0, "hotwords": self._hotwords or None}
        try:
            segments, _ = self._model.transcribe(
                samples, language=language or self._language(samples), beam_size=DRAFT_BEAM, **settings
            )
            parts = list(segments)
        except RuntimeError as error:
            raise EarsError(
                f"Whisper failed while it listened: {error}.", todo="Try a smaller model: aloud models list"
            ) from error
        written = [Written(part.text, part.no_speech_prob, part.avg_logprob) for part in parts]
        return [Stretch(p.text, p.end) for p, w in zip(parts, written, strict=True) if w in believe(written)]

    def _transcribe(self, samples: Samples, beam: int, language: str, hotwords: str) -> Transcript:
        assert self._model is not None
        segments, _ = self._model.transcribe(
            samples, language=language, beam_size=beam, hotwords=hotwords or None, **_SETTINGS
        )
        return _transcript(list(segments), language)

    def _language(self, samples: Samples) -> str:
        assert self._model is not None
        if self._asked or not self._model.model.is_multilingual:
            return self._asked or "en"
        found, probability, _ = self._model.detect_language(samples)
        self._last_language = settled(found, probability, self._last_language)
        return self._last_language


class WhisperHearing:
    """Implements ``voice.ears.Hearing``."""

    def __init__(self, ears: Whisper) -> None:
        self._ears = ears
        self._parts: list[Samples] = []
        self._samples = 0
        self._draft: Transcript | None = None
        self._language = ""

    def push(self, samples: Samples) -> None:
        if len(samples):
            self._parts.append(samples)
            self._samples += len(samples)
            self._draft = None

    def draft(self) -> Transcript:
        return self._decoded(FINAL_BEAM if self._ears.careful else DRAFT_BEAM)

    def stretches(self, begin: int) -> list[Stretch]:
        """What is heard from sample ``begin`` on, greedily (``voice.live.Again``)."""
        self._parts = [np.concatenate(self._parts)] if self._parts else []
        return self._ears.stretches(self._parts[0][begin:], self._language) if self._parts else []

    def finish(self) -> Transcript:
        return self._decoded(FINAL_BEAM)

    def _decoded(self, beam: int) -> Transcript:
        if self._draft is None:
            whole = np.concatenate(self._parts) if self._parts else np.empty(0, np.float32)
            self._parts = [whole]
            self._draft = self._ears.decode(whole, beam, self._language)
            if self._draft.text and self._samples >= 2 * HEARING_RATE:
                # Finding out the language costs as much as encoding: after 2 s it is settled.
                self._language = self._draft.language
        return self._draft


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


def settled(found: str, probability: float, before: str) -> str:
    """The language to go by: a doubtful finding ("mhm" is Welsh) gives way to the one spoken before."""
    return found if probability >= SURE_OF_LANGUAGE or not before else before


def fitting(hotwords: str, tokenizer: Any) -> str:
    """As many whole names from the front as fit into ``HOTWORD_TOKENS``; a comma ends a name, or a space
    where there is no comma.
    """
    comma = "," in hotwords
    kept: list[str] = []
    room = HOTWORD_TOKENS
    for name in hotwords.split(",") if comma else hotwords.split():
        name = " ".join(name.split())
        room -= len(tokenizer.encode(f" {name}", add_special_tokens=False).ids) + comma
        if room < 0:
            break
        kept += [name] if name else []
    return (", " if comma else " ").join(kept)


def _transcript(segments: Sequence[Any], language: str) -> Transcript:
    written = [Written(part.text, part.no_speech_prob, part.avg_logprob) for part in segments]
    believed = believe(written)
    text = " ".join("".join(part.text for part in believed).split())
    phantom = any(part.text.strip() for part in written if part not in believed)
    if not text:
        return Transcript("", 0.0, language, phantom)
    weights = [len(part.text) for part in believed]
    mean = float(np.average([part.log_probability for part in believed], weights=weights))
    return Transcript(text, math.exp(min(mean, 0.0)), language, phantom)


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
    from faster_whisper import WhisperModel
    from faster_whisper.vad import get_vad_model

    model = WhisperModel(
        str(path), device=device, compute_type=numbers, cpu_threads=threads, local_files_only=True
    )
    # Encoder and decoder run once, over 2 s of nothing: over the usual 30 s it takes five times as long, and
    # the first draft is no quicker for it (0.47 s both, tiny.en, 2 threads).
    features = model.feature_extractor(np.zeros(HEARING_RATE, np.float32))[:, :_WARM_FRAMES]
    begin = [model.hf_tokenizer.token_to_id("<|startoftranscript|>")]
    model.model.generate(model.encode(features), [begin], max_length=4, beam_size=1)
    get_vad_model()
    return model
