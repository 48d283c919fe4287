"""The header of a GGUF file: real, cut at every byte, and lying about what it holds."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.models.gguf_header import GgufError, parse_header, read_header
from tests.tables import for_each


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def number(name: str, value: int) -> bytes:
    return text(name) + struct.pack("<II", 4, value)


def words(name: str, value: str) -> bytes:
    return text(name) + struct.pack("<I", 8) + text(value)


def numbers(name: str, values: list[int]) -> bytes:
    return text(name) + struct.pack("<IIQ", 9, 4, len(values)) + struct.pack(f"<{len(values)}I", *values)


def header(*keys: bytes, version: int = 3, count: int | None = None) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, 0, len(keys) if count is None else count) + b"".join(keys)


LAYERS = (
    *(words("general.architecture", "a"), number("a.block_count", 4), number("a.context_length", 4096)),
    *(number("a.embedding_length", 256), number("a.attention.head_count", 4)),
)


def test_a_real_file_tells_its_shape(models: Path) -> None:
    found = read_header(models / "llm-micro" / "llm-micro.gguf")
    assert (found.architecture, found.context, found.kv_bytes) == ("llama", 2048, 4 * 4 * (32 + 32) * 2)
    assert (found.quantizable, found.calls_tools) == (True, False)
    assert "<|im_start|>" in found.chat_template


@for_each(
    ("more", "kv_bytes", "quantizable"),
    [
        ((), 4 * 4 * 128 * 2, True),
        ((number("a.attention.head_count_kv", 1),), 4 * 1 * 128 * 2, True),
        ((numbers("a.attention.head_count_kv", [0, 2, 0, 2]),), 4 * 128 * 2, True),
        ((number("a.full_attention_interval", 4),), 1 * 4 * 128 * 2, True),
        (
            (number("a.attention.key_length", 40), number("a.attention.value_length", 40)),
            4 * 4 * 80 * 2,
            False,
        ),
    ],
)
def test_what_a_token_of_context_takes(more: tuple[bytes, ...], kv_bytes: int, quantizable: bool) -> None:
    found = parse_header(header(*LAYERS, *more))
    assert (found.kv_bytes, found.quantizable) == (kv_bytes, quantizable)


def test_a_vocabulary_is_passed_over_and_what_comes_after_is_read() -> None:
    vocabulary = struct.pack("<IIQ", 9, 8, 3) + text("a") + text("") + text("<tool>")
    scores = struct.pack("<IIQ", 9, 6, 5000) + bytes(20_000)
    keys = (text("tokenizer.ggml.tokens") + vocabulary, text("tokenizer.ggml.scores") + scores)
    found = parse_header(header(*LAYERS, *keys, words("tokenizer.chat_template", "{% if tools %}")))
    assert found.calls_tools


@for_each(
    ("hostile",),
    [
        (b"",),
        (b"GGUF",),
        (b"GGML" + bytes(100),),
        (header(*LAYERS, version=1),),
        (header(*LAYERS, count=1 << 60),),
        (header(*LAYERS[1:]),),
        (header(struct.pack("<Q", 1 << 62) + b"name"),),
        (header(text("x") + struct.pack("<IQ", 8, 1 << 40)),),
        (header(text("x") + struct.pack("<IIQ", 9, 4, 1 << 60)),),
        (header(text("x") + struct.pack("<IIQ", 9, 8, 1 << 60)),),
        (header(text("x") + struct.pack("<IIQ", 9, 8, 2) + struct.pack("<Q", 1 << 63)),),
        (header(text("x") + struct.pack("<IIQ", 9, 9, 1)),),
        (header(text("x") + struct.pack("<I", 99)),),
    ],
)
def test_what_it_claims_allocates_nothing(hostile: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(hostile)
    tracemalloc.start()
    with pytest.raises(GgufError):
        read_header(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000


def test_cut_at_every_byte_it_is_refused(tmp_path: Path) -> None:
    whole = header(*LAYERS, numbers("a.attention.head_count_kv", [1, 1, 1, 1]))
    for end in range(len(whole)):
        with pytest.raises((GgufError, struct.error)):
            parse_header(whole[:end])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_header_or_refused(data: bytes) -> None:
    try:
        parse_header(header(*LAYERS, data, count=6))
    except (GgufError, struct.error):
        return
