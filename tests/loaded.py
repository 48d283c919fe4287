"""Engines loaded once a process, for all commands that run in it: they keep nothing of a conversation. What
the network that finds text has made of a picture it does not work out again.

Only what lies in the checkout is: a model that a test has made, broken or fetched is loaded by who asks for
it. PocketSphinx's decoder does learn the voice and the room, so each engine is given one that knows nobody,
bit for bit as if it were new.
"""

from __future__ import annotations

import copy
import ctypes
import functools
import hashlib
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import vision.ocr.rapidocr as rapidocr
import voice.stt.pocketsphinx as pocketsphinx
import voice.stt.whisper.engine as whisper
from config.models import voice_loudness
from tests.published import HOME
from voice.stt.pocketsphinx_ffi import FreeDecoder, PocketSphinxDecoder
from voice.stt.whisper.load import load
from voice.tts.piper.engine import Piper
from voice.turns.vad import silero

OURS = (Path(__file__).parent / "models", HOME)

_decoders: list[FreeDecoder] = []
"""Lent to nobody."""
_loudness: dict[Path, float] = {}


@contextmanager
def loaded_once(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """What was lent of it is had back at the end."""
    lent: list[Any] = []
    patch.setattr(whisper, "load", _whisper)
    patch.setattr(silero, "_open", _silero)
    patch.setattr(Piper, "_load", _piper)
    patch.setattr("voice.tts.piper.engine.kept_loudness", _kept_loudness)
    patch.setattr("voice.tts.piper.engine.keep_loudness", _keep_loudness)
    patch.setattr(pocketsphinx, "_load", functools.partial(_decoder, lent))
    yield
    for give_back in lent:
        give_back()


def _stays(model: Path) -> bool:
    return any(model.resolve().is_relative_to(folder.resolve()) for folder in OURS)


_silero = functools.cache(silero._open)

_load_piper = Piper._load
_load_decoder = pocketsphinx._load

_kept_whisper = functools.cache(load)


def _whisper(path: Path, threads: int) -> Any:
    return (_kept_whisper if _stays(path) else load)(path, threads)


@functools.cache
def _kept_piper(model: Path, threads: int) -> tuple[Any, Any]:
    tts = Piper(model, threads=threads)
    return _load_piper(tts), tts._vits


def _piper(tts: Piper) -> Any:
    if not _stays(tts.model):
        return _load_piper(tts)
    voice, tts._vits = _kept_piper(tts.model, tts._threads)
    return voice


def _kept_loudness(model: Path) -> float | None:
    return _loudness.get(model) if model in _loudness else voice_loudness.kept_loudness(model)


def _keep_loudness(model: Path, lufs: float) -> None:
    voice_loudness.keep_loudness(model, lufs)
    if _stays(model):
        _loudness[model] = lufs


def _decoder(lent: list[Any]) -> PocketSphinxDecoder:
    kept = _decoders.pop() if _decoders else _load_decoder()
    if not isinstance(kept, FreeDecoder):
        return kept  # the wheel's own binding, where nothing else is exported
    reset = kept._library.ps_reinit_feat
    reset.restype, reset.argtypes = ctypes.c_int, (ctypes.c_void_p, ctypes.c_void_p)
    assert reset(kept._decoder, None) == 0
    given = copy.copy(kept)  # whose end does not free what it shares
    lent.append(weakref.finalize(given, _decoders.append, kept))
    return given


class Remembering:
    """A network whose numbers depend on nothing but what it is given: a session of onnxruntime."""

    def __init__(self, session: Any, most: int = 32) -> None:
        self._session = session
        self._most = most
        self._known: dict[bytes, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def run(self, outputs: None, given: Mapping[str, NDArray[np.float32]]) -> Any:
        (array,) = given.values()
        key = hashlib.blake2b(np.ascontiguousarray(array).data, key=repr(array.shape).encode()).digest()
        made = self._known.pop(key, None) or self._session.run(outputs, given)
        for each in made:
            each.setflags(write=False)
        self._known[key] = made
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
        return made


def finds_once(patch: pytest.MonkeyPatch) -> None:
    """Text in the same picture is sought by the network once."""
    load = rapidocr._session
    patch.setattr(
        rapidocr,
        "_session",
        lambda folder, kind: Remembering(load(folder, kind)) if kind == "det" else load(folder, kind),
    )
