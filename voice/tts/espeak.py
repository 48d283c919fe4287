"""Espeak-ng, in-process: the TTS that is always there, from the wheel ``espeakng-loader`` alone.

Espeak is one engine per process with one voice and one callback at a time, so everything here goes through
one lock. The events it gives with the sound say, to the sample, where each word begins. API:
``speak_lib.h`` of espeak-ng 1.52.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from config.errors import TtsError, UsageError
from config.language.close_matches import either, neighbours, perhaps
from config.language.codes import LANGUAGES
from config.runtime.installation import again_line
from config.runtime.plugins import Factory
from voice.audio.devices.c_stderr import quiet
from voice.audio.samples import Samples
from voice.audio.speech import Speech
from voice.tts.base import Whole
from voice.tts.word_timing import lay_out, speakable, token_spans

if TYPE_CHECKING:
    from config.settings.model import TtsSettings
    from voice.tts.base import Tts

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: sound comes through the callback, in the caller's thread
_DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: without it espeak ends the process when its data is absent
_UTF8 = 1  # espeakCHARS_UTF8; SSML and phoneme input stay off, so no text is taken for a command
_PARAMETER_RATE = 1
_EVENT_END, _EVENT_WORD = 0, 1
_BUFFER_MS = 200
_WORDS_PER_MINUTE = 175
_SLOWEST, _FASTEST = 80, 450  # espeakRATE_MINIMUM, espeakRATE_MAXIMUM

# A control character may begin an embedded command, NUL ends the text, a lone surrogate is not UTF-8.
# Each becomes one space, so positions still count in the text as given.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_OTHER_CODES = {"zh": "cmn", "no": "nb", "nn": "nb", "en-gb": "en", "fr-fr": "fr"}
"""Languages that others, Whisper too, call otherwise than espeak does, and that it lists under another name
than it takes."""
_SEE_ALL = "See all: aloud models list"

_lock = threading.Lock()


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


class _EspeakVoice(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.POINTER(ctypes.c_char)),
        ("identifier", ctypes.c_char_p),
    ]


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass
class _Engine:
    """The library once loaded, and what it is handing over at the moment. Use it under the lock."""

    library: Any
    rate: int = 0
    voice: str = ""
    speed: int = 0
    pcm: list[bytes] = field(default_factory=list)
    begun: list[tuple[int, int]] = field(default_factory=list)
    """(character, sample) of every word event."""

    def collect(self, wave: Any, count: int, events: Any) -> int:
        if wave and count > 0:
            self.pcm.append(ctypes.string_at(wave, count * 2))
        at = 0
        while events[at].type != _EVENT_END:
            if events[at].type == _EVENT_WORD:
                self.begun.append((events[at].text_position - 1, events[at].sample))
            at += 1
        return 0

    def use(self, voice: str, words_per_minute: int) -> None:
        if voice != self.voice:
            if not self.finds(voice):
                todo = choose(voice, self.languages())
                raise TtsError(f"Espeak has no voice {voice!r}.", todo=todo)
            self.voice, self.speed = voice, 0  # a voice brings its own rate
        if words_per_minute != self.speed:
            self.library.espeak_SetParameter(_PARAMETER_RATE, words_per_minute, 0)
            self.speed = words_per_minute

    def finds(self, voice: str) -> bool:
        """Makes it the voice, where there is one of that name. Espeak may tell of its files on the screen."""
        language, plus, variant = voice.partition("+")
        called = f"{_OTHER_CODES.get(language, language)}{plus}{variant}"
        with quiet():
            return bool(self.library.espeak_SetVoiceByName(called.encode()) == 0)

    def say(self, text: str) -> tuple[Samples, list[tuple[int, int]]]:
        self.pcm, self.begun = [], []
        encoded = _UNSAFE.sub(" ", text).encode() + b"\0"
        status = self.library.espeak_Synth(encoded, len(encoded), 0, 1, 0, _UTF8, None, None)
        if status != 0:
            raise TtsError(f"Espeak could not speak a sentence (its status is {status}).")
        samples = np.frombuffer(b"".join(self.pcm), np.int16).astype(np.float32) / 32768.0
        self.pcm = []
        return samples, self.begun

    def languages(self) -> list[str]:
        """Languages it speaks, as ``espeak:`` takes them (``espeak-ng --voices`` lists the same)."""
        self.library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_EspeakVoice))
        listed = self.library.espeak_ListVoices(None)
        names, at = set(), 0
        while listed[at]:
            # ``languages`` is a priority byte, then the language's name.
            priority = ctypes.cast(listed[at].contents.languages, ctypes.c_void_p).value
            names.add(ctypes.string_at((priority or 0) + 1).decode() if priority else "")
            at += 1
        return sorted(name for name in names if 0 < len(name) <= 5)


_engine: _Engine | None = None
_keep: list[Any] = []  # the callback must outlive the library


def _load() -> _Engine:
    global _engine
    if _engine is not None:
        return _engine
    try:
        import espeakng_loader

        library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
    except (ImportError, OSError, RuntimeError) as error:
        raise TtsError(
            f"The voice espeak could not be loaded: {error}.",
            todo=f"Install it: {again_line('espeakng-loader')}",
        ) from error
    library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    library.espeak_Synth.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int]
    library.espeak_Synth.argtypes += [ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p]
    rate = library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data, _DONT_EXIT)
    if rate <= 0:
        raise TtsError(
            "Espeak did not find its voice data.",
            todo=f"Install it anew: {again_line('espeakng-loader')}",
        )
    engine = _Engine(library, rate)
    _keep.append(_CALLBACK(engine.collect))
    library.espeak_SetSynthCallback(_keep[-1])
    _engine = engine
    return engine


def choose(wanted: str, codes: Sequence[str]) -> str:
    """What to take in place of a voice that there is not: by the language's name, or a code like it."""
    names = neighbours(wanted, LANGUAGES.values(), most=1, alike=75)
    of_it = [code for code in codes if LANGUAGES.get(code.partition("-")[0]) in names]
    nearest = either(of_it, "espeak:") if of_it else perhaps(wanted, codes, "espeak:")
    todo = f"{nearest} {_SEE_ALL}"
    return todo.strip()


def languages() -> list[str]:
    """Those it speaks, as ``espeak:`` takes them. Raises ``TtsError`` when it cannot be loaded."""
    with _lock:
        return _load().languages()


def has_voice(name: str) -> bool:
    """Whether ``espeak:NAME`` can be used. Raises ``TtsError`` when it cannot be loaded."""
    with _lock:
        engine = _load()
        engine.voice = ""  # whichever it had is not its voice any more
        return engine.finds(name)


class Espeak(Whole):
    """Implements ``voice.tts.base.Tts``. Cheap to make; ``warm`` takes some 30 ms, a sentence some 10 ms.

    ``voice`` is a language espeak knows, with a variant if wanted: ``en-us``, ``de``, ``en-gb+f3``.
    ``speed`` 1.0 is 175 words a minute; espeak itself goes from 80 to 450 and stays there beyond.
    """

    rate = 22_050

    def __init__(self, voice: str = "en-us") -> None:
        self.voice = voice
        self.name = f"espeak:{voice}"

    def warm(self) -> None:
        """Raises ``TtsError`` when espeak cannot be loaded or has no such voice."""
        with _lock:
            engine = _load()
            engine.use(self.voice, _WORDS_PER_MINUTE)
            self.rate = engine.rate

    def say(self, text: str, *, speed: float = 1.0) -> Speech:
        """Text to sound, each word placed by espeak's own word events.

        Espeak joins some words ("of the") and reads some in parts ("1,234"): a word's beginning is that of
        the first event inside it, and joined words share their stretch by letters. Text of punctuation alone
        is a short silence. Raises ``TtsError``.
        """
        self.warm()
        if not speakable(text):
            return lay_out(text, np.empty(0, np.float32), self.rate, {})
        with _lock:
            engine = _load()
            engine.use(self.voice, min(max(round(_WORDS_PER_MINUTE * speed), _SLOWEST), _FASTEST))
            samples, begun = engine.say(text)
        return lay_out(text, samples, self.rate, _begins(text, begun))


def _begins(text: str, begun: list[tuple[int, int]]) -> dict[int, int]:
    """Word events, in order of time, to words: index of the word → its first sample."""
    owner = {at: index for index, (start, end) in enumerate(token_spans(text)) for at in range(start, end)}
    begins: dict[int, int] = {}
    latest = -1
    for character, sample in begun:
        index = owner.get(character, -1)
        if index > latest:
            begins[index] = sample
            latest = index
    return begins


def _open(voice: str, settings: TtsSettings, threads: int) -> Tts:
    return Espeak(voice or "en-us")


def _check(voice: str, came: str) -> None:
    try:
        if not voice or has_voice(voice):
            return
        todo = choose(voice, languages())
    except TtsError:
        return  # it cannot be loaded: that is told where it is needed
    raise UsageError(f"Espeak has no voice {voice!r}{came}.", todo=todo)


ESPEAK = Factory(_open, "VOICE", alone=True, check=_check, improve="aloud setup")
