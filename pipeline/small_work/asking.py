"""How a model is asked for small work: what it is to do, and a text that is data and no instruction."""

from __future__ import annotations

import functools
from pathlib import Path

import config
from pipeline.llm.base import Llm, Message

_PROMPTS = Path(config.__file__).parent / "prompts"
_LONGEST = 12_000
"""Letters of a text that a small model is given: about 3,000 tokens."""


@functools.cache
def prompt(name: str) -> str:
    return (_PROMPTS / f"{name}.md").read_text("utf-8").strip()


def asking(work: str, text: str) -> list[Message]:
    """``work``: a file of ``config/prompts``."""
    return [Message("system", prompt(work)), Message("user", f"<text>\n{text[:_LONGEST]}\n</text>")]


async def answer_of(llm: Llm, messages: list[Message]) -> str:
    """All of it, without what models put around it; empty when it was cut off. Raises ``LlmError``."""
    text, finish = "", ""
    async with llm.reply(messages) as deltas:
        async for delta in deltas:
            text, finish = text + delta.text, delta.finish or finish
    text = text.replace("<text>", "").replace("</text>", "").strip()
    return text.strip('"“”„«»*# ') if finish in ("", "stop") else ""
