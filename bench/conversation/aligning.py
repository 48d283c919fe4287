"""Where the words of a known text truly lie in a sound: forced alignment by PocketSphinx.

The decoder is told the words, and finds the frames (10 ms) that fit each best; it knows nothing of the engine
that spoke. All words must stand in its dictionary.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from voice.audio.samples import HEARING_RATE, Audio, to_int16

FRAME_S = 0.01
_EDGE_S = 0.2
"""Silence laid before and after: the decoder wants a sentence's surroundings."""
_HISS = 1e-3
"""Digital silence fits no model of silence: without it one sentence in three could not be aligned."""
_POINTER, _TEXT, _INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    # pocketsphinx.h of 5.x: result, arguments
    "ps_config_init": (_POINTER, (_POINTER,)),
    "ps_config_set_str": (_POINTER, (_POINTER, _TEXT, _TEXT)),
    "ps_init": (_POINTER, (_POINTER,)),
    "ps_set_align_text": (_INT, (_POINTER, _TEXT)),
    "ps_start_utt": (_INT, (_POINTER,)),
    "ps_process_raw": (_INT, (_POINTER, _TEXT, ctypes.c_size_t, _INT, _INT)),
    "ps_end_utt": (_INT, (_POINTER,)),
    "ps_seg_iter": (_POINTER, (_POINTER,)),
    "ps_seg_next": (_POINTER, (_POINTER,)),
    "ps_seg_word": (_TEXT, (_POINTER,)),
    "ps_seg_frames": (None, (_POINTER, ctypes.POINTER(_INT), ctypes.POINTER(_INT))),
}


class Aligner:
    """Made once; loads the model (0.3 s). Raises ``RuntimeError`` where the library's functions are not
    exported (Windows).
    """

    def __init__(self) -> None:
        import pocketsphinx

        spec = importlib.util.find_spec("pocketsphinx._pocketsphinx")
        if spec is None or spec.origin is None:
            raise RuntimeError("pocketsphinx has no library")
        self._library = ctypes.CDLL(spec.origin)
        for name, (result, arguments) in _SIGNATURES.items():
            if not hasattr(self._library, name):
                raise RuntimeError(f"pocketsphinx does not export {name}")
            function = getattr(self._library, name)
            function.restype, function.argtypes = result, arguments
        model = Path(pocketsphinx.get_model_path()) / "en-us"
        config = self._library.ps_config_init(None)
        for key, value in {
            "hmm": str(model / "en-us"),
            "dict": str(model / "cmudict-en-us.dict"),
            "logfn": os.devnull,
        }.items():
            self._library.ps_config_set_str(config, key.encode(), os.fsencode(value))
        self._decoder = self._library.ps_init(config)

    def align(self, text: str, audio: Audio) -> list[tuple[float, float]]:
        """(start, end) in seconds of each word of ``text.split()``.

        Raises ``ValueError`` when a word is unknown or the sound cannot be fitted to the text.
        """
        words = [re.sub(r"[^a-z']", "", word.lower()) for word in text.split()]
        if self._library.ps_set_align_text(self._decoder, " ".join(words).encode()) != 0:
            raise ValueError(f"not all of these words are in the dictionary: {text}")
        edge = np.zeros(round(_EDGE_S * HEARING_RATE), np.float32)
        sound = np.concatenate([edge, audio.at_rate(HEARING_RATE).samples, edge])
        pcm = to_int16(sound + np.random.default_rng(1).normal(0, _HISS, len(sound)).astype(np.float32))
        self._library.ps_start_utt(self._decoder)
        self._library.ps_process_raw(self._decoder, pcm, len(pcm) // 2, 0, 1)
        self._library.ps_end_utt(self._decoder)
        placed = [place for word, *place in self._segments() if word in words]
        if len(placed) != len(words):
            raise ValueError(f"the sound could not be fitted to the text: {text}")
        return [(first * FRAME_S - _EDGE_S, (last + 1) * FRAME_S - _EDGE_S) for first, last in placed]

    def _segments(self) -> list[tuple[str, int, int]]:
        """(word, first frame, last frame), silences among them."""
        found = []
        first, last = _INT(), _INT()
        segment = self._library.ps_seg_iter(self._decoder)
        while segment:
            self._library.ps_seg_frames(segment, ctypes.byref(first), ctypes.byref(last))
            word = re.sub(r"\(\d+\)", "", self._library.ps_seg_word(segment).decode())
            found.append((word, first.value, last.value))
            segment = self._library.ps_seg_next(segment)
        return found
