"""PocketSphinx: an STT that is always there. US English; its model (31 MB) comes in the wheel.

It decodes while the person speaks, so ``finish`` has a few hundredths of a second left to do. It mishears
about one word in three of clear reading, more of short phrases (docs/STT.md).

Settings, chosen on speech that is in no reported figure (five LibriVox sentences, 24 synthetic ones):

- one pass. The second (``fwdflat``) made more errors, not fewer (35 against 25 %, 30 against
  28 %), and cost 100 to 200 ms;
- no search of the lattice (``bestpath``): errors the same, but then the last preflight is the final text in
27 of
  29 utterances, not 19, and an answer begun on the preflight need not be thrown away;
- the cepstral mean to begin with is that of these voices, not 40, 3, -1 and ten zeros. Each set's mean helps
  the other: when every utterance is the first, 38 against 42 %, and 30 against 37 %;
- everything else as its authors set it. The decoder lives on from one utterance to the next, since its
  cepstral mean, its idea of the voice and the room, follows them.
"""

from __future__ import annotations

import re
import threading
import weakref
from typing import TYPE_CHECKING

from config.errors import SttError
from config.runtime.installation import again_line
from config.runtime.plugins import Factory
from voice.audio.samples import Samples, to_int16
from voice.stt.base import Transcript
from voice.stt.context import Conversation
from voice.stt.hallucination_filter import is_non_speech, moments, too_flat
from voice.stt.pocketsphinx_ffi import PocketSphinxDecoder, load

if TYPE_CHECKING:
    from config.settings.model import SttSettings
    from voice.stt.base import Stt

_CEPSTRAL_MEAN = "45.3,0.3,1.0,15.1,-7.0,2.2,-2.2,-5.6,0,-3.2,3.4,-0.9,1.3"

_RIVALS = 30

_NOT_WORDS = re.compile(r"\(\d+\)|</?\w+>|\[\w+\]|\+\+\w+\+\+")
"""``read(2)``: a second way to say it; ``<sil>``, ``[NOISE]``, ``++UM++``: what is no word."""

_I = re.compile(r"\bi\b(?!\.)")


def written(hypothesis: str) -> str:
    """The decoder's words as people write them: no markers, a capital first, "I". It hears no punctuation.

    >>> written("<s> read(2) it as i'm told [NOISE] </s>")
    "Read it as I'm told"
    """
    words = " ".join(_NOT_WORDS.sub(" ", hypothesis).split())
    return _I.sub("I", words[:1].upper() + words[1:])


class PocketSphinx:
    """Implements ``voice.stt.base.Stt``. Cheap to make; ``warm`` loads the decoder (0.5 s, 90 MB).

    Utterances that overlap (several sessions at once) get a decoder each.
    """

    name = "pocketsphinx"

    def __init__(self) -> None:
        self._idle: list[PocketSphinxDecoder] = []
        self._lock = threading.Lock()

    @staticmethod
    def require(language: str) -> None:
        """Raises ``SttError`` for any but English."""
        if language.lower().replace("_", "-").split("-")[0] not in {"auto", "en", ""}:
            raise SttError(
                f"PocketSphinx hears only US English, not {language!r}.",
                todo="Fetch a Whisper model that hears other languages: aloud models get base",
            )

    def warm(self, language: str = "auto") -> None:
        self.require(language)
        with self._lock:
            if not self._idle:
                self._idle.append(_load())

    def open(self, conversation: Conversation | None = None) -> PocketSphinxStream:
        return PocketSphinxStream(self)

    def take(self) -> PocketSphinxDecoder:
        """A decoder that has begun an utterance; the one used last, for it knows the voice."""
        with self._lock:
            decoder = self._idle.pop() if self._idle else None
        decoder = decoder or _load()
        decoder.start()
        return decoder

    def give_back(self, decoder: PocketSphinxDecoder) -> None:
        with self._lock:
            self._idle.append(decoder)


class PocketSphinxStream:
    """Implements ``voice.stt.base.SttStream``. From its first sound to its end it has a decoder to
    itself.
    """

    def __init__(self, stt: PocketSphinx) -> None:
        self._stt = stt
        self._decoder: PocketSphinxDecoder | None = None
        self._levels: list[float] = []
        self._spent = False

    def push(self, samples: Samples) -> None:
        if self._spent:
            raise ValueError("This utterance is finished: open another.")
        if self._decoder is None:
            self._decoder = self._stt.take()
            # An utterance that nobody finishes must not keep its decoder.
            self._abandoned = weakref.finalize(self, _abandon, self._stt, self._decoder)
        self._decoder.process(to_int16(samples))
        self._levels += moments(samples)

    def preflight(self, *, thorough: bool = False) -> Transcript:
        """Its confidence, 1.0, means nothing: how sure the decoder is it tells at the end alone."""
        if self._decoder is None or too_flat(self._levels):
            return Transcript("", 0.0)
        return Transcript(written(self._decoder.heard()), 1.0)

    def spot(self, seconds: float) -> str:
        return self.preflight().text

    def finish(self) -> Transcript:
        self._spent = True
        decoder, self._decoder = self._decoder, None
        if decoder is None:
            return Transcript("", 0.0)
        self._abandoned.detach()
        try:
            decoder.end()
            text = written(decoder.heard())
            confidence = _agreement(decoder, text)
            if text and (too_flat(self._levels) or is_non_speech(self._levels, confidence)):
                return Transcript("", 0.0, hallucinated=True)
            return Transcript(text, confidence)
        finally:
            self._stt.give_back(decoder)


def _abandon(stt: PocketSphinx, decoder: PocketSphinxDecoder) -> None:
    decoder.end()
    stt.give_back(decoder)


def _agreement(decoder: PocketSphinxDecoder, text: str) -> float:
    """How far the decoder's ``_RIVALS`` best other readings hold the same words: 0..1, the mean over words.

    Its own posteriors need the lattice search that is off. On the 29 utterances above this stand-in follows
    the word error rate (correlation -0.4 and -0.5), and is too sure by 0.05 to 0.2. It takes 3 to 9 ms.
    """
    words = text.lower().split()
    if not words:
        return 0.0
    rivals = [set(written(rival).lower().split()) for rival in decoder.readings(_RIVALS)]
    if not rivals:
        return 0.5
    return sum(word in rival for rival in rivals for word in words) / len(rivals) / len(words)


def _load() -> PocketSphinxDecoder:
    try:
        return load(_CEPSTRAL_MEAN)
    except (RuntimeError, OSError, ValueError) as error:
        raise SttError(
            f"PocketSphinx cannot load its model of US English: {error}.",
            todo=f"Install it anew: {again_line('pocketsphinx')}",
        ) from error


def _open(name: str, settings: SttSettings) -> Stt:
    stt = PocketSphinx()
    stt.require(settings.language)
    return stt


POCKETSPHINX = Factory(_open, remark="mishears about one word in three", improve="aloud setup")
