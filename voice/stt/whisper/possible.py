"""What the small files of a Whisper may say: anybody may have written them, and the engine takes them as they
are. A token that it does not have ends the whole program; a window of a billion samples takes for ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.files.whole_file import read_bounded
from config.runtime.json_values import read_json

LARGEST = 16_000_000
"""Bytes of one of them; the largest published vocabulary has 1.1 million."""
_SOUND = {
    "feature_size": (1, 256),
    "sampling_rate": (16_000, 16_000),
    "hop_length": (160, 160),
    "n_fft": (400, 400),
    "chunk_length": (1, 60),
}
"""How the sound is cut; our own windows count in the same."""


def require_possible(folder: Path) -> None:
    """Raises ``ValueError`` for what no Whisper says, and for what cannot be read."""
    told, sound = _object(folder / "config.json"), _object(folder / "preprocessor_config.json")
    tokens = _tokens(folder)
    for name in ("suppress_ids", "suppress_ids_begin"):
        ids = told.get(name) or []
        if not isinstance(ids, list) or not all(type(each) is int and 0 <= each < tokens for each in ids):
            raise ValueError(f"its config.json suppresses what is no token of it ({name})")
    for name, (least, most) in _SOUND.items():
        value = sound.get(name, least)
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"its preprocessor_config.json has a {name} that cannot be")


def _tokens(folder: Path) -> int:
    """How many its vocabulary has."""
    for name in ("vocabulary.json", "vocabulary.txt", "shared_vocabulary.json", "shared_vocabulary.txt"):
        file = folder / name
        if file.is_file() and name.endswith(".txt"):
            return _read(file).rstrip(b"\n").count(b"\n") + 1
        if file.is_file():
            words = _parsed(file)
            return len(words) if isinstance(words, list | dict) else 0
    return 0


def _object(file: Path) -> dict[str, Any]:
    """{} where there is none: both may be left out."""
    told = _parsed(file) if file.is_file() else {}
    if not isinstance(told, dict):
        raise ValueError(f"its {file.name} is no object")
    return told


def _parsed(file: Path) -> Any:
    content = _read(file)
    try:
        return read_json(content)
    except ValueError:
        raise ValueError(f"its {file.name} is no JSON") from None


def _read(file: Path) -> bytes:
    try:
        return read_bounded(file, LARGEST)
    except OSError as error:
        raise ValueError(f"its {file.name} cannot be read: {error.strerror}") from None
