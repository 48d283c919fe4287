"""Ears for a few fixed phrases: PocketSphinx with a grammar of them in place of its free language model.

It always hears one of them, so a second decoder, of phones in any order, hears the same sound beside it:
how much likelier the phrase is than any sound at all tells whether it was said. US English, and only
phrases whose words its dictionary has. What it brings is measured by ``aloud.bench.commanding``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from voice.audio import HEARING_RATE, Samples
from voice.pocketsphinx import CEPSTRAL_MEAN

_FRAME = HEARING_RATE // 100


@dataclass(frozen=True, slots=True)
class PhraseHeard:
    """``likelihood``: of the phrase against any phones, logarithm of the decoder's a frame times 1000."""

    phrase: str
    likelihood: float


class PhraseEars:
    """Cheap to make; ``warm`` loads the models and drops phrases with words that they do not know."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = tuple(dict.fromkeys(phrases))
        self._decoders: tuple[Any, Any] | None = None
        self._lock = threading.Lock()

    def warm(self) -> None:
        with self._lock:
            if self._decoders is None:
                self._decoders = self._load()

    def _load(self) -> tuple[Any, Any]:
        from pocketsphinx import Decoder, get_model_path

        shared = {"lm": None, "cmninit": CEPSTRAL_MEAN, "logfn": os.devnull}
        phrases = Decoder(fwdflat=False, bestpath=False, **shared)
        known = [phrase for phrase in self._phrases if all(map(phrases.lookup_word, phrase.split()))]
        grammar = f"#JSGF V1.0;\ngrammar phrases;\npublic <phrase> = {' | '.join(known)};\n"
        phrases.add_jsgf_string("phrases", grammar)
        phrases.activate_search("phrases")
        phones = get_model_path("en-us/en-us-phone.lm.bin")
        return phrases, Decoder(allphone=phones, lw=2.0, beam=1e-20, pbeam=1e-20, **shared)

    def hear(self, samples: Samples) -> PhraseHeard | None:
        """The likest phrase in this (mono float32, 16 kHz); None where none fits at all. Blocking."""
        self.warm()
        assert self._decoders is not None
        pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        with self._lock:
            phrase, any_phones = (_decoded(decoder, pcm) for decoder in self._decoders)
        if phrase is None or any_phones is None:
            return None
        frames = max(1, len(samples) // _FRAME)
        return PhraseHeard(phrase[0], 1000 * (phrase[1] - any_phones[1]) / frames)


def _decoded(decoder: Any, pcm: bytes) -> tuple[str, float] | None:
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return (found.hypstr, found.best_score) if found is not None and found.hypstr else None
