"""Answers of a hundred thousand pieces that come to nothing: what they cost grows no faster than they do."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bench.hostile.llm_cases.streams import SOUND
from config.errors import LlmError
from config.runtime.clean import clean
from pipeline.llm.apis.registry import open_api
from pipeline.llm.apis.thinking_tags import ThinkingTags
from pipeline.llm.bridges.call_reader import CallReader
from pipeline.llm.server import Server

SERVER = Server("the server", "http://127.0.0.1:1/v1", "m")


def test_blanks_and_blocks_before_an_answer_cost_no_more_than_letters() -> None:
    """Held back all together and looked at anew with each, 300,000 took ten minutes."""
    for text in (" " * 300_000, "<think></think>" * 20_000):
        for reader in (CallReader(), ThinkingTags()):
            began = time.process_time()
            for at in range(0, len(text), 30):
                reader.push(clean(text[at : at + 30]))
            assert time.process_time() - began < 2, (reader, text[:20])


@pytest.mark.parametrize(
    ("api", "event"),
    [
        ("gemini", {"candidates": [{"content": {"parts": [{"text": ""}] * 1000}}]}),
        ("chat", {"choices": [{"delta": {"content": " " * 10_000}}]}),
        ("chat", {"choices": [{"delta": {"content": "<think>" + "x" * 10_000}}]}),
        ("chat", {"choices": [{"delta": {"odd": [1] * 1000}}]}),
    ],
)
def test_what_comes_to_nothing_has_an_end(api: str, event: dict[str, Any]) -> None:
    reply, piece = open_api(api, "m").reply(SERVER, tools=True), SOUND[api].written(event)
    with pytest.raises(LlmError, match="went on for too long"):
        all(reply.push(piece) is not None for _ in range(1000))
