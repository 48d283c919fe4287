"""How a model is asked for small work: what it is to do, and a text that is data and no instruction."""

from __future__ import annotations

import functools
from pathlib import Path

import config
from pipeline.llm.base import Llm, Message

_PROMPTS = Path(config.__file__).parent / "prompts"
_LONGEST_WORD = 40
"""Letters: what has longer ones on average is no text."""
_LONGEST = 12_000
"""Letters of a text that a small model is given: about 3,000 tokens."""


@functools.cache
def prompt(name: str) -> str:
    return (_PROMPTS / f"{name}.md").read_text("utf-8").strip()


def asking(work: str, text: str) -> list[Message]:
    """``work``: a file of ``config/prompts``."""
    return [Message("system", prompt(work)), Message("user", f"<text>\n{text[:_LONGEST]}\n</text>")]


async def answer_of(llm: Llm, messages: list[Message], most_words: int) -> tuple[str, bool]:
    """Without what models put around it; and whether that is all, which it is not beyond so many words: there
    it is ended. Raises ``LlmError``.
    """
    text, finish = "", "stop"
    async with llm.reply(messages) as deltas:
        async for delta in deltas:
            text, finish = text + delta.text, delta.finish or finish
            if len(text) > most_words * _LONGEST_WORD or len(text.split()) > most_words:
                finish = "length"
                break
    text = text.replace("<text>", "").replace("</text>", "").strip()
    return text.strip('"“”„«»*# '), finish == "stop"
