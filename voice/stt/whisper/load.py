"""A Whisper model from its folder into memory, on the quickest there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from config.errors import ModelError
from config.models.catalogue import how_to_mend
from config.runtime.clean import clean_line
from voice.audio.samples import HEARING_RATE
from voice.stt.whisper.possible import require_possible

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

_WARM_FRAMES = 200
"""Of Whisper's mel spectrogram, 10 ms each."""


def load(path: Path, threads: int) -> WhisperModel:
    """On a card where there is one. Raises ``ModelError``."""
    import ctranslate2  # type: ignore[import-untyped]

    try:
        require_possible(path)
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from None
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
        f"The Whisper model at {path} cannot be loaded: {clean_line(why).rstrip('.')}.",
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


def recalls(model: WhisperModel, path: Path) -> bool:
    """Whisper learned to go on from what was said before. Its distilled kin did not, and write it again; of
    one with words of its own nobody knows.
    """
    return model.hf_tokenizer.get_vocab_size() > _VOCABULARY and "distil" not in path.resolve().name


_VOCABULARY = 50_000
"""Tokens; of the published ones 50 363 or more."""
