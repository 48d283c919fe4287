"""Piper: neural voices as ONNX files, each word placed by the lengths the voice itself computes.

A voice is two files, ``NAME.onnx`` and ``NAME.onnx.json``. Where the voice gives no lengths
(``voice/tts/piper/durations.py`` finds none), words are placed by an estimate: phonemes by their kind, pauses
where they are heard (``voice/tts/piper/phonemes.py``). Piper makes each sentence of a text a sound of its
own; they are joined here. It would bring the peak of each to full level: of 40 sentences by joe the loudest
was then 9 LU above the softest. Here a voice has one gain, found once, and they are 5 LU apart, as the voice
speaks.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from config.errors import ModelError, TtsError
from config.files.whole_file import read_bounded
from config.models.catalogue import how_to_get, how_to_mend
from config.models.voice_loudness import keep_loudness, kept_loudness
from config.runtime.clean import clean, clean_line
from config.runtime.json_values import read_json
from config.system.cores import tts_threads
from config.system.heap import give_back, share_heaps
from voice.audio.loudness import gain_to_speech, limited, loudness_lufs
from voice.audio.samples import Samples
from voice.audio.speech import Speech
from voice.tts.piper.durations import with_durations
from voice.tts.piper.phonemes import Timed, audible, begins, estimate
from voice.tts.piper.possible import require_possible
from voice.tts.piper.vits import Encoding, Sentence, Vits, decoded, split
from voice.tts.segments import TtsSegments
from voice.tts.word_timing import lay_out, speakable

if TYPE_CHECKING:
    from piper import PiperVoice

_COUNTING = "1 2 3 4 5 6 7 8 9 10."
"""What a voice says to be measured: every language has words for it."""
_FETCHED = {"pinyin": "cmn", "japanese": "ja", "thai": "th"}
"""Kinds of phonemes whose packages download a dictionary when first used, and espeak's voice instead."""


class Piper:
    """Implements ``voice.tts.base.Tts``. Cheap to make; ``warm`` loads the voice and speaks once, unheard: a
    word, or, the first time, the three seconds by which its loudness is measured.

    ``threads`` 0: those of ``config.system.cores.tts_threads``.
    """

    def __init__(self, model: Path | str, *, name: str = "", threads: int = 0) -> None:
        self.model = Path(model)
        self.name = f"piper:{name or self.model}"
        self.rate = 22_050
        self._called = name or self.model.stem
        self._threads = threads or tts_threads()
        self._voice: PiperVoice | None = None
        self._vits: Vits | None = None
        self._segments = TtsSegments()
        self._gain = 1.0
        self._loading = threading.RLock()

    def warm(self) -> None:
        """Raises ``ModelError`` when the voice's files are absent or damaged."""
        with self._loading:
            if self._voice is None:
                share_heaps()
                self._voice = self._load()
                self.rate = self._voice.config.sample_rate
                self._find_gain()

    def say(self, text: str, *, speed: float = 1.0) -> Speech:
        """Text to sound. Punctuation alone is a short silence. Raises ``ModelError``, ``TtsError``."""
        self.warm()
        if not speakable(text):
            return lay_out(text, np.empty(0, np.float32), self.rate, {})
        sentences, starts = self._encoded(text, speed)
        return lay_out(text, self._decoded(sentences, 0, sum(map(len, sentences))), self.rate, starts)

    def stream(self, text: str, ahead_s: float = 0.0, *, speed: float = 1.0) -> Iterator[Speech]:
        """The first piece once some 0.3 s of sound are decoded, or more where there is time. Raises as
        ``say`` does.
        """
        self.warm()
        sentences, starts = self._encoded(text, speed) if speakable(text) else ([], {})
        length = sum(map(len, sentences))
        if length:
            decode = partial(self._decoded, sentences)
            for number, piece in enumerate(
                self._segments.pieces(text, starts, length, self.rate, decode, ahead_s)
            ):
                if number and not piece.more:  # nobody waits for it
                    give_back()
                yield piece
        else:
            yield lay_out(text, np.empty(0, np.float32), self.rate, {})

    def _find_gain(self) -> None:
        lufs = kept_loudness(self.model)
        if lufs is None:
            sentences, _ = self._encoded(_COUNTING, steady=True)
            lufs = loudness_lufs(decoded(sentences, 0, sum(map(len, sentences))), self.rate)
            keep_loudness(self.model, lufs)
        else:
            self.say("Hello.")
        self._gain = gain_to_speech(lufs)

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
            known = PiperConfig.from_dict(read_json(read_bounded(config)))
            require_possible(known)
            self._require_own_phonemes(known.phoneme_type.value)
            return PiperVoice(session=self._session(known.hop_length), config=known)
        except TtsError:
            raise
        except Exception as error:  # JSON, missing keys, onnxruntime's own kinds
            raise ModelError(
                f"The voice {self._called} cannot be loaded, its files seem damaged: "
                f"{clean_line(str(error))}.",
                todo=how_to_mend(self._called, self.model),
            ) from error

    def _require_own_phonemes(self, kind: str) -> None:
        if kind in _FETCHED:
            raise TtsError(
                f"The voice {self._called} needs a dictionary that Piper would fetch by itself, "
                "and Aloud lets nothing be fetched that you did not ask for.",
                todo=f"Choose another voice, for example: --tts espeak:{_FETCHED[kind]}",
            )

    def _session(self, hop: int) -> Any:
        """What ``PiperVoice`` runs: the whole voice, or ``Vits``, of which it is given the first part."""
        file = self.model.resolve()  # weights are looked for where the file itself lies
        parts = split(file)
        if parts is None:
            return self._network(with_durations(file.read_bytes()), file.parent)
        self._vits = Vits(parts, file.parent, hop, self._network)
        return None

    def _network(self, model: bytes, folder: Path) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # An arena would keep what the longest stretch took; a pattern is of one length, and no two are alike.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        # Threads that spin between two sentences would cost the STT their time.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        # Kept by it for a change of providers, which never comes.
        session._model_bytes = None
        return session

    def _encoded(
        self, text: str, speed: float = 1.0, *, steady: bool = False
    ) -> tuple[list[Sentence], dict[int, int]]:
        """Its sentences, where words begin. ``steady``: the same each time. Raises ``TtsError``."""
        with self._failures():
            sentences, timed = self._sentences(_plain(text), 0.0 if steady else None, speed)
            expected = [self._phonemes(_plain(word)) for word in text.split()]
        return sentences, begins(expected, timed)

    def _decoded(self, sentences: list[Sentence], begin: int, end: int) -> Samples:
        """From sample to sample, as loud as every voice. Raises ``TtsError``."""
        with self._failures():
            return limited(self._gain * decoded(sentences, begin, end))

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # whatever onnxruntime or a phonemiser raises
            raise TtsError(
                f"The voice {self._called} could not speak a sentence: {clean_line(str(error))}."
            ) from error

    def _phonemes(self, word: str) -> str:
        """The word by itself, without pauses and stress: to find it again in the sentence's phonemes."""
        assert self._voice is not None
        return "".join(audible(c) for sentence in self._voice.phonemize(word) for c in sentence)

    def _sentences(self, text: str, noise: float | None, speed: float) -> tuple[list[Sentence], list[Timed]]:
        from piper.config import SynthesisConfig

        assert self._voice is not None
        scale = self._voice.config.length_scale / speed
        sentences: list[Sentence] = []
        timed: list[Timed] = []
        encoding = Encoding(self._vits) if self._vits else None
        voice = replace(self._voice, session=encoding) if encoding else self._voice
        config = SynthesisConfig(None, scale, noise, noise, normalize_audio=False)
        for chunk in voice.synthesize(text, config, include_alignments=True):
            sound = np.asarray(chunk.audio_float_array, np.float32).reshape(-1)
            sentences.append(encoding.sentence if encoding else sound)
            if chunk.phoneme_alignments:
                timed += [(part.phoneme, float(part.num_samples)) for part in chunk.phoneme_alignments]
            else:
                timed += estimate(chunk.phonemes, decoded(sentences[-1:], 0, len(sound)), self.rate)
        return sentences, timed


def _plain(text: str) -> str:
    """Without what Piper takes for raw phonemes (``[[ ]]``) and what ends or breaks a C string; one line."""
    text = text.replace("[[", "[ [").replace("]]", "] ]")
    return clean(text).replace("\n", " ").replace("\t", " ")
