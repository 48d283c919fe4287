"""Piper: neural voices as ONNX files, each word placed by the lengths the voice itself computes.

A voice is two files, ``NAME.onnx`` and ``NAME.onnx.json``. Where the voice gives no lengths
(``voice/durations.py`` finds none), words are placed by an estimate: phonemes by their kind, pauses where
they are heard. Piper ends each sentence of a text with a sound of its own; they are joined here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from config.catalogue import how_to_get, how_to_mend
from config.cores import tts_threads
from config.errors import ModelError, MouthError
from voice.audio import Samples
from voice.durations import with_durations
from voice.mouth import Speech
from voice.timing import lay_out, speakable

if TYPE_CHECKING:
    from piper import PiperVoice

Timed = tuple[str, float]
"""A phoneme (one character) and how many samples it takes."""

_SHARES_OF_VOWELS = dict.fromkeys("əɐᵻɪʊɚ", 0.30) | dict.fromkeys("aeiouyæɑɒɔɛɜɝʌøœɘɞɨʉɵɤɯ", 0.44)
_SHARES = (
    _SHARES_OF_VOWELS
    | dict.fromkeys("pbtdkɡɾʔfvθðszʃʒhxç", 0.85)
    | dict.fromkeys("mnŋlɹrwj", 0.58)
    | {"ː": 0.15, "ˈ": 0.39, "ˌ": 0.32}
)
_FINAL = 1.0
"""How long phonemes last, in 0.1 s; stress lengthens its vowel, a pause the vowel before it. Fitted by least
squares to the word lengths of espeak's American English (156 sentences, 1089 words); on 156 others the word
beginnings estimated from these shares lie 34 ms off on average, 58 ms when words are placed by letters."""

_MARKS = set(",;:.!?—–…¿¡")
_SILENT_MARKS = set("ˈˌ'()\"-$^_")
_FETCHED = {"pinyin": "cmn", "japanese": "ja", "thai": "th"}
"""Kinds of phonemes whose packages download a dictionary when first used, and espeak's voice instead."""
_GAP_S = 0.06
"""A silence inside a sentence shorter than this is a stop consonant, not a pause."""


class Piper:
    """Implements ``voice.mouth.Tts``. Cheap to make; ``warm`` loads the voice and speaks once, unheard.

    ``speed`` 1.0 is the voice's own pace. ``threads`` 0: those of
    ``config.cores.tts_threads``.
    """

    def __init__(self, model: Path | str, speed: float = 1.0, *, name: str = "", threads: int = 0) -> None:
        self.model = Path(model)
        self.name = f"piper:{name or self.model}"
        self.rate = 22_050
        self._called = name or self.model.stem
        self.speed = speed
        self._threads = threads or tts_threads()
        self._voice: PiperVoice | None = None
        self._loading = threading.RLock()

    def warm(self) -> None:
        """Raises ``ModelError`` when the voice's files are absent or damaged."""
        with self._loading:
            if self._voice is None:
                self._voice = self._load()
                self.rate = self._voice.config.sample_rate
                self.say("Hello.")

    def say(self, text: str) -> Speech:
        """Text to sound. Punctuation alone is a short silence. Raises ``ModelError``, ``MouthError``."""
        self.warm()
        if not speakable(text):
            return lay_out(text, np.empty(0, np.float32), self.rate, {})
        try:
            samples, timed = self._synthesize(_plain(text))
            expected = [self._phonemes(_plain(word)) for word in text.split()]
        except Exception as error:  # whatever onnxruntime or a phonemiser raises
            raise MouthError(f"The voice {self._called} could not speak a sentence: {error}.") from error
        return lay_out(text, samples, self.rate, begins(expected, timed))

    def _load(self) -> PiperVoice:
        config = self.model.with_name(self.model.name + ".json")
        for file in (self.model, config):
            if not file.is_file():
                raise ModelError(
                    f"The voice {self._called} is not here: there is no file {file}.",
                    todo=how_to_get(self._called),
                )
        from piper import PiperVoice
        from piper.config import PiperConfig

        try:
            known = PiperConfig.from_dict(json.loads(config.read_text("utf-8")))
            self._require_own_phonemes(known.phoneme_type.value)
            return PiperVoice(session=self._session(), config=known)
        except MouthError:
            raise
        except Exception as error:  # JSON, missing keys, onnxruntime's own kinds
            raise ModelError(
                f"The voice {self._called} cannot be loaded, its files seem damaged: {error}.",
                todo=how_to_mend(self._called, self.model),
            ) from error

    def _require_own_phonemes(self, kind: str) -> None:
        if kind in _FETCHED:
            raise MouthError(
                f"The voice {self._called} needs a dictionary that Piper would fetch by itself, "
                "and Aloud lets nothing be fetched that you did not ask for.",
                todo=f"Choose another voice, for example: --mouth espeak:{_FETCHED[kind]}",
            )

    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # Threads that spin between two sentences would cost the ears their time.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        model = with_durations(self.model.read_bytes())
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def _phonemes(self, word: str) -> str:
        """The word by itself, without pauses and stress: to find it again in the sentence's phonemes."""
        assert self._voice is not None
        return "".join(_sounding(c) for sentence in self._voice.phonemize(word) for c in sentence)

    def _synthesize(self, text: str) -> tuple[Samples, list[Timed]]:
        from piper.config import SynthesisConfig

        assert self._voice is not None
        scale = self._voice.config.length_scale / self.speed
        sounds: list[Samples] = []
        timed: list[Timed] = []
        for chunk in self._voice.synthesize(
            text, SynthesisConfig(length_scale=scale), include_alignments=True
        ):
            samples = np.asarray(chunk.audio_float_array, np.float32).reshape(-1)
            sounds.append(samples)
            if chunk.phoneme_alignments:
                timed += [(part.phoneme, float(part.num_samples)) for part in chunk.phoneme_alignments]
            else:
                timed += estimate(chunk.phonemes, samples, self.rate)
        return (np.concatenate(sounds) if sounds else np.empty(0, np.float32)), timed


def _plain(text: str) -> str:
    """Without what Piper takes for raw phonemes (``[[ ]]``) and what ends or breaks a C string."""
    text = text.replace("[[", "[ [").replace("]]", "] ]")
    return "".join(c if c.isprintable() else " " for c in text)


def _sounding(phoneme: str) -> str:
    return "" if phoneme.isspace() or phoneme in _MARKS or phoneme in _SILENT_MARKS else phoneme


def begins(expected: Sequence[str], timed: Iterable[Timed]) -> dict[int, int]:
    """Words to samples: index of the word → where its first phoneme begins.

    ``expected`` holds each word's phonemes when spoken alone, ``timed`` those of the sentence. The two
    differ ("of the" becomes one word, "500" two, a vowel weakens), so they are matched like two versions of a
    text, and a word begins at its first phoneme found, less those of it that were not.
    """
    sounding: list[tuple[str, float]] = []
    at = 0.0
    for phoneme, samples in timed:
        # Some voices count a cluster of vowels as one phoneme.
        sounding += [(character, at) for character in phoneme if _sounding(character)]
        at += samples
    alone = "".join(expected)
    together = "".join(phoneme for phoneme, _ in sounding)
    found: dict[int, int] = {}
    for block in SequenceMatcher(None, alone, together, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            found[block.a + step] = block.b + step
    starts: dict[int, int] = {}
    first = 0
    for index, phonemes in enumerate(expected):
        match = next((i for i in range(first, first + len(phonemes)) if i in found), None)
        if match is not None:
            place = max(0, found[match] - (match - first))
            starts[index] = round(sounding[min(place, len(sounding) - 1)][1])
        first += len(phonemes)
    return starts


def estimate(phonemes: Sequence[str], samples: Samples, rate: int) -> list[Timed]:
    """Lengths of phonemes that a voice does not tell: shares by kind, pauses where the sound has them.

    When as many silences are heard as there are marks inside the sentence, each part between two of them is
    shared out by itself; else over the whole.
    """
    loud = np.flatnonzero(np.abs(samples) > 0.02 * max(float(np.max(np.abs(samples), initial=0.0)), 1e-9))
    if not len(loud):
        return [(phoneme, 0.0) for phoneme in phonemes]
    parts = _split_at_marks(phonemes)
    cuts = _pauses(loud, len(parts) - 1, rate)
    if cuts is None:
        parts, cuts = [list(phonemes)], []
    begin, last = int(loud[0]), int(loud[-1]) + 1
    timed: list[Timed] = [("", float(begin))]
    for part, (end, resume) in zip(parts, [*cuts, (last, len(samples))], strict=True):
        weights = _weights(part)
        spread = weights * ((end - begin) / max(float(weights.sum()), 1e-9))
        timed += zip(part, map(float, spread), strict=True)
        timed.append(("", float(resume - end) if weights.sum() else float(resume - begin)))
        begin = resume
    return timed


def _weights(phonemes: Sequence[str]) -> Samples:
    """Shares of a part between two pauses; its last vowel is drawn out."""
    shares = [_weight(phoneme) for phoneme in phonemes]
    final = next((i for i in reversed(range(len(phonemes))) if phonemes[i] in _SHARES_OF_VOWELS), None)
    if final is not None:
        shares[final] += _FINAL
    return np.array(shares, np.float32)


def _weight(phoneme: str) -> float:
    if phoneme in _MARKS:
        return 1.5
    return _SHARES.get(phoneme, 0.6 if phoneme.isalpha() else 0.0)


def _split_at_marks(phonemes: Sequence[str]) -> list[list[str]]:
    """Parts between the marks inside a sentence; the marks are left out, the last mark ends nothing."""
    parts: list[list[str]] = [[]]
    for phoneme in phonemes:
        if phoneme not in _MARKS:
            parts[-1].append(phoneme)
        elif any(map(_sounding, parts[-1])):
            parts.append([])
    if len(parts) > 1 and not any(map(_sounding, parts[-1])):
        parts.pop()
    return parts


def _pauses(loud: NDArray[np.intp], count: int, rate: int) -> list[tuple[int, int]] | None:
    """The ``count`` longest silences between loud samples, in order; None when there are not so many."""
    gaps = np.diff(loud)
    longest = np.sort(np.argsort(gaps)[len(gaps) - count :]) if count else np.empty(0, np.int64)
    if len(longest) < count or (count and int(gaps[longest].min()) < _GAP_S * rate):
        return None
    return [(int(loud[i]) + 1, int(loud[i + 1])) for i in longest]
