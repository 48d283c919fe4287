"""What the header of a GGUF file says of the model: its shape, and how one talks to it. Pure.

The file may be anybody's: nothing is allocated by what it claims to hold, only by what is there. The format:
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_KEYS = 4096
LONGEST_TEXT = 1 << 20
"""Bytes: chat templates take up to some ten thousand."""
LONGEST_LIST = 1024
"""Numbers, as of each layer; longer lists are passed over."""
MOST_TEXTS = 4_000_000
"""Of one list: the vocabularies of today have a quarter of a million words."""
_STRING, _ARRAY, _BOOL = 8, 9, 7
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


class GgufError(ValueError):
    """It is no GGUF file, or a damaged one."""


@dataclass(frozen=True, slots=True)
class GgufHeader:
    architecture: str
    context: int
    """Tokens that it was trained to take in."""
    kv_bytes: int
    """Memory for each token of context, at 16 bits; 0: the header does not tell."""
    chat_template: str
    quantizable: bool
    """The heads' sizes allow keys and values of 8 bits."""

    @property
    def calls_tools(self) -> bool:
        return "tools" in self.chat_template


def read_header(path: Path) -> GgufHeader:
    """Blocking: some 0.1 s for a large vocabulary. Raises ``GgufError``, ``OSError``."""
    with path.open("rb") as file:
        try:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return parse_header(data)
        except (struct.error, UnicodeDecodeError, OverflowError, ValueError) as error:
            raise GgufError(str(error)) from None


def parse_header(data: Any) -> GgufHeader:
    """Of all bytes of a file, or of its beginning. Raises ``GgufError``, ``struct.error``."""
    facts = dict(_facts(data))
    architecture = str(facts.get("general.architecture", ""))
    if not architecture:
        raise GgufError("no architecture")
    told = {
        key.removeprefix(f"{architecture}."): value
        for key, value in facts.items()
        if key.startswith(f"{architecture}.")
    }
    key, value = _lengths(told)
    return GgufHeader(
        architecture,
        _number(told.get("context_length")),
        _kv_bytes(told, key + value),
        str(facts.get("tokenizer.chat_template", "")),
        quantizable=bool(key and value and key % 32 == 0 and value % 32 == 0),
    )


def _facts(data: Any) -> Iterator[tuple[str, Any]]:
    if data[:4] != b"GGUF":
        raise GgufError("no GGUF")
    version, _, keys = struct.unpack_from("<IQQ", data, 4)
    if version not in (2, 3) or keys > MOST_KEYS:
        raise GgufError(f"version {version}, {keys} keys")
    at = 24
    for _ in range(keys):
        name, at = _text(data, at)
        (kind,) = struct.unpack_from("<I", data, at)
        value, at = _value(data, at + 4, kind)
        if value is not None:
            yield name, value


def _value(data: Any, at: int, kind: int) -> tuple[Any, int]:
    if kind == _STRING:
        return _text(data, at)
    if kind == _ARRAY:
        inner, count = struct.unpack_from("<IQ", data, at)
        return _list(data, at + 12, inner, count)
    if kind not in _NUMBERS:
        raise GgufError(f"a value of kind {kind}")
    number = struct.Struct(f"<{_NUMBERS[kind]}")
    return number.unpack_from(data, at)[0], at + number.size


def _text(data: Any, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<Q", data, at)
    end = at + 8 + length
    if length > LONGEST_TEXT or end > len(data):
        raise GgufError(f"a text of {length} bytes")
    return bytes(data[at + 8 : end]).decode("utf-8", "replace"), end


def _list(data: Any, at: int, kind: int, count: int) -> tuple[Any, int]:
    """Of numbers, where they are few; None for what is passed over."""
    if kind == _STRING:
        return None, _past_texts(data, at, count)
    if kind not in _NUMBERS:
        raise GgufError(f"a list of kind {kind}")
    size = struct.calcsize(f"<{_NUMBERS[kind]}")
    if count > (len(data) - at) // size:
        raise GgufError(f"a list of {count}")
    if count > LONGEST_LIST:
        return None, at + count * size
    return list(struct.unpack_from(f"<{count}{_NUMBERS[kind]}", data, at)), at + count * size


def _past_texts(data: Any, at: int, count: int) -> int:
    if count > min(MOST_TEXTS, (len(data) - at) // 8):
        raise GgufError(f"a list of {count}")
    length = struct.Struct("<Q").unpack_from
    for _ in range(count):
        at += 8 + length(data, at)[0]
        if at > len(data):
            raise GgufError("a list that does not end")
    return at


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 31 else 0


def _lengths(told: dict[str, Any]) -> tuple[int, int]:
    """Of a key and of a value: as told, else a head's share of the embedding."""
    heads = told.get("attention.head_count")
    most = max((_number(h) for h in heads), default=0) if isinstance(heads, list) else _number(heads)
    share = _number(told.get("embedding_length")) // most if most else 0
    return (
        _number(told.get("attention.key_length")) or share,
        _number(told.get("attention.value_length")) or share,
    )


def _kv_bytes(told: dict[str, Any], length: int) -> int:
    """At most: layers that look back over a window only are counted in full."""
    heads = told.get("attention.head_count_kv", told.get("attention.head_count"))
    layers = _number(told.get("block_count"))
    if isinstance(heads, list):
        together = sum(_number(each) for each in heads)
    else:
        # Of hybrid models only each so-many-th layer looks back at all.
        together = _number(heads) * (layers // max(1, _number(told.get("full_attention_interval"))))
    return together * length * 2
