"""PocketSphinx's decoder, called so that other threads run meanwhile.

The wheel's own binding holds Python's lock while a model loads (0.5 s) and while it decodes (a fifth of the
time that is spoken); a sound card's callback would wait for it, and sound would be lost. The functions of its
C library are exported from the same file, and ``ctypes`` lets go of the lock around each. Where they are not
exported (Windows), the wheel's own binding is used.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

_POINTER, _TEXT, _INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_SIGNATURES: Mapping[str, tuple[Any, tuple[Any, ...]]] = {
    # pocketsphinx.h of 5.x: result, arguments
    "ps_config_init": (_POINTER, (_POINTER,)),
    "ps_config_set_str": (_POINTER, (_POINTER, _TEXT, _TEXT)),
    "ps_config_set_bool": (_POINTER, (_POINTER, _TEXT, _INT)),
    "ps_config_free": (_INT, (_POINTER,)),
    "ps_init": (_POINTER, (_POINTER,)),
    "ps_free": (_INT, (_POINTER,)),
    "ps_start_utt": (_INT, (_POINTER,)),
    "ps_process_raw": (_INT, (_POINTER, _TEXT, ctypes.c_size_t, _INT, _INT)),
    "ps_end_utt": (_INT, (_POINTER,)),
    "ps_get_hyp": (_TEXT, (_POINTER, _POINTER)),
    "ps_nbest": (_POINTER, (_POINTER,)),
    "ps_nbest_next": (_POINTER, (_POINTER,)),
    "ps_nbest_hyp": (_TEXT, (_POINTER, _POINTER)),
    "ps_nbest_free": (None, (_POINTER,)),
}


class PocketSphinxDecoder(Protocol):
    """One utterance at a time; one thread at a time."""

    def start(self) -> None: ...

    def process(self, pcm: bytes) -> None:
        """Signed 16-bit mono at 16 kHz."""

    def end(self) -> None: ...

    def heard(self) -> str:
        """The best reading so far, with the decoder's markers; or empty."""

    def readings(self, most: int) -> list[str]:
        """The best readings of an ended utterance."""


def load(mean: str) -> PocketSphinxDecoder:
    """The decoder of US English: one pass, no lattice search, ``mean`` its first cepstral mean.

    Raises ``RuntimeError`` or ``OSError`` when the model cannot be loaded.
    """
    library = _library()
    return FreeDecoder(library, mean) if library else BoundDecoder(mean)


def _library() -> ctypes.CDLL | None:
    """The C library in the wheel's extension, or None where its functions are not exported."""
    spec = importlib.util.find_spec("pocketsphinx._pocketsphinx")
    if spec is None or spec.origin is None:
        return None
    library = ctypes.CDLL(spec.origin)
    try:
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except AttributeError:
        return None
    return library


class FreeDecoder:
    """Over ``ctypes``: other threads run while it works."""

    def __init__(self, library: ctypes.CDLL, mean: str) -> None:
        import pocketsphinx

        model = Path(pocketsphinx.get_model_path()) / "en-us"
        config = library.ps_config_init(None)
        texts: dict[str, Path | str] = {
            "hmm": model / "en-us",
            "lm": model / "en-us.lm.bin",
            "dict": model / "cmudict-en-us.dict",
            "cmninit": mean,
            "logfn": os.devnull,
        }
        for name, text in texts.items():
            library.ps_config_set_str(config, name.encode(), os.fsencode(text))
        for name in ("fwdflat", "bestpath"):
            library.ps_config_set_bool(config, name.encode(), 0)
        self._library = library
        self._decoder = library.ps_init(config)
        library.ps_config_free(config)
        if not self._decoder:
            raise RuntimeError(f"the model in {model} cannot be read")
        weakref.finalize(self, library.ps_free, self._decoder)

    def start(self) -> None:
        self._library.ps_start_utt(self._decoder)

    def process(self, pcm: bytes) -> None:
        self._library.ps_process_raw(self._decoder, pcm, len(pcm) // 2, 0, 0)

    def end(self) -> None:
        self._library.ps_end_utt(self._decoder)

    def heard(self) -> str:
        return (self._library.ps_get_hyp(self._decoder, None) or b"").decode("utf-8", "replace")

    def readings(self, most: int) -> list[str]:
        found: list[str] = []
        best = self._library.ps_nbest(self._decoder)
        while best and len(found) < most:
            best = self._library.ps_nbest_next(best)
            if best and (text := self._library.ps_nbest_hyp(best, None)):
                found.append(text.decode("utf-8", "replace"))
        if best:
            self._library.ps_nbest_free(best)
        return found


class BoundDecoder:
    """Over the wheel's own binding, which holds Python's lock."""

    def __init__(self, mean: str) -> None:
        from pocketsphinx import Decoder as Bound

        self._bound = Bound(fwdflat=False, bestpath=False, cmninit=mean, logfn=os.devnull)

    def start(self) -> None:
        self._bound.start_utt()

    def process(self, pcm: bytes) -> None:
        self._bound.process_raw(pcm)

    def end(self) -> None:
        self._bound.end_utt()

    def heard(self) -> str:
        hypothesis = self._bound.hyp()
        return hypothesis.hypstr if hypothesis is not None and hypothesis.hypstr else ""

    def readings(self, most: int) -> list[str]:
        found: list[str] = []
        for hypothesis in self._bound.nbest() or ():
            if len(found) >= most:
                break
            if hypothesis is not None and hypothesis.hypstr:
                found.append(hypothesis.hypstr)
        return found
