"""Keys and passwords are found and left out; sentences of ours, addresses and names of models stay."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from config.runtime.secrets import holds_key, is_about_key, masked, may_be_key
from tests.tables import for_each

ROOT = Path(__file__).parents[3]


@for_each(
    ("text", "shown"),
    [
        ("http://me:secret@host/v1#m", "http://…@host/v1#m"),
        ("at https://secret@host.", "at https://…@host."),
        ("rtsp://me:se@cret@cam/1", "rtsp://…@cam/1"),
        ("“http://me:secret@proxy”", "“http://…@proxy”"),
        ("http://me:sec/ret@host/v1", "http://…"),
        ("no file http:/me:secret@cam/x.wav.", "no file http:/…@cam/x.wav."),
        ("http://me:sec#ret@host", "http://…"),
        ("https://h/v1?api_key=secret&a=b", "https://h/v1?api_key=…&a=b"),
        ("https://h/x?a=b&token=secret#m", "https://h/x?a=b&token=…#m"),
        ("sk-proj-abcdef0123456789ABCD is wrong", "[key] is wrong"),
        ("openai:sk-abcdef0123456789ABCD", "openai:[key]"),
        ("hf_abcdefghij0123456789klmnop", "[key]"),
        ("openai:hf_abcdefghijklmnopqrstuvwxyzABCDEFGH", "openai:[key]"),
        ("AIzaSyA0123456789abcdefghijklmnopqrstu", "[key]"),
        ("Bearer eyJhbGciOiJI.eyJzdWIiOiIx.abc", "Bearer [key]"),
    ],
)
def test_what_is_secret_is_not_shown(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert holds_key(text)
    assert masked(shown) == shown


@for_each("text", ["http://127.0.0.1:8080/v1#qwen3", "http://[::1]:8080/v1", "http://HOST:PORT/v1#MODEL",
                   "https://a.example/p@2x.png", "me@example.org", "gguf:/m/sk-lite-2024-collection-q8.gguf",
                   "ollama:qwen3-coder:480b-cloud", "openai:gpt-4o-2024-11-20", "https://h/v1?page=2",
                   "anthropic:claude-sonnet-4-20250514", "hf_TOKEN", "https://hub.example/a:b"])  # fmt: skip
def test_what_is_not_stays(text: str) -> None:
    assert masked(text) == text


def test_no_sentence_of_ours_is_touched() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md")]
    texts += [path.read_text("utf-8") for path in (ROOT / "config").rglob("*.toml")]
    lines = [line for text in texts for line in text.splitlines()]
    assert [line for line in lines if masked(line) != line] == []


@for_each(
    ("text", "it_may"),
    [
        *[(key, True) for key in ("sk-abcdef0123456789ABCD", "0123456789abcdef0123456789abcdef",
                                  "AbCdEfGh1234567890aBcDeF", "Bearer 0123456789abcdef0123456789abcdef")],
        *[(other, False) for other in ("OPENAI_API_KEY", "MY_COMPANYS_OPENAI_API_KEY_2", "", "a b c")],
    ],
)  # fmt: skip
def test_where_a_key_is_near_a_long_word_of_chance_is_one(text: str, it_may: bool) -> None:
    assert may_be_key(text) is it_may


@for_each(
    ("name", "it_is"),
    [("llm.api_key", True), ("OPENAI_API_KEY", True), ("hf_token", True), ("llm.engine", False)],
)
def test_names_that_mean_a_key(name: str, it_is: bool) -> None:
    assert is_about_key(name) is it_is


@given(st.text("aZ7-_:@/?#&=.é “\n", max_size=30))
def test_a_password_never_comes_through_and_masking_twice_is_once(secret: str) -> None:
    word = re.sub(r"[\s/?#@“”\"'<>]", "", secret)
    if word:
        assert masked(f"at http://me:{word}Zq7@host/v1 now") == "at http://…@host/v1 now"
    assert masked(masked(secret)) == masked(secret)
