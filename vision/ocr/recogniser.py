"""What a line says: PP-OCR's recogniser, which names a character, or none, for every eight pixels across."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from vision.images.warp import Pixels, resized

HEIGHT, LEAST_WIDTH = 48, 320
"""Pixels of a line as the model takes it; what it lacks in width is left grey."""

_LEVELS = (np.arange(256, dtype=np.float32) / 255 - np.float32(0.5)) / np.float32(0.5)


class Characters(NamedTuple):
    text: str
    confidences: list[float]
    """One a character, 0 to 1."""

    @property
    def confidence(self) -> float:
        """Their mean; 0 when there are none."""
        return float(np.mean(self.confidences or [0.0]).round(5))


def alphabet(session: Any) -> list[str]:
    """What the model's outputs mean, as its file says; the first is no character."""
    known = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return ["", *known, " "]


def characters(session: Any, letters: list[str], crop: Pixels) -> Characters:
    """``crop``: one line, upright. ``letters``: what ``alphabet`` gave."""
    likely = session.run(None, {session.get_inputs()[0].name: _given(crop)})[0][0]
    named = likely.argmax(axis=1)
    begun = named != 0
    begun[1:] &= named[1:] != named[:-1]
    sure = np.take_along_axis(likely, named[:, None], 1)[begun, 0]
    return Characters("".join(letters[n] for n in named[begun]), [round(float(each), 5) for each in sure])


def _given(crop: Pixels) -> np.ndarray[Any, np.dtype[np.float32]]:
    height, width = crop.shape[:2]
    room = int(HEIGHT * max(LEAST_WIDTH / HEIGHT, width / height))
    line = _LEVELS[resized(crop, min(math.ceil(HEIGHT * (width / height)), room), HEIGHT)]
    out = np.zeros((1, 3, HEIGHT, room), np.float32)
    out[0, :, :, : line.shape[1]] = line.transpose(2, 0, 1)
    return out
