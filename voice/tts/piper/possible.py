"""What a voice's ``.onnx.json`` may say of it: anybody may have written one. Pure."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from piper.config import PiperConfig

RATES = (4_000, 192_000)
_SLOWEST = 20.0
_ESPEAK = re.compile(r"[A-Za-z0-9_+/-]{1,60}")
_LARGEST_ID = 1 << 20


def require_possible(voice: PiperConfig) -> None:
    """Raises ``ValueError`` for a voice that cannot be, ``TypeError``, ``AttributeError``."""
    _whole(voice.sample_rate, *RATES, "sample rate")
    _whole(voice.hop_length, 1, 1 << 14, "hop length")
    _whole(voice.num_speakers, 1, 1 << 20, "number of speakers")
    _number(voice.length_scale, 1 / _SLOWEST, _SLOWEST, "length scale")
    _number(voice.noise_scale, 0, 10, "noise scale")
    _number(voice.noise_w_scale, 0, 10, "noise scale")
    name: Any = voice.espeak_voice
    if not (isinstance(name, str) and _ESPEAK.fullmatch(name)):
        raise ValueError("no voice of espeak has such a name")
    for ids in voice.phoneme_id_map.values():
        for number in ids:
            _whole(number, 0, _LARGEST_ID, "phoneme")


def _whole(value: Any, least: int, most: int, what: str) -> None:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"its {what} cannot be")


def _number(value: Any, least: float, most: float, what: str) -> None:
    if type(value) not in (int, float) or not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"its {what} cannot be")
