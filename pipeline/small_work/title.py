"""A title for a text, in its own words."""

from __future__ import annotations

from config.errors import LlmError
from pipeline.llm.base import Llm
from pipeline.small_work.asking import answer_of, asking
from pipeline.small_work.founded import stems

LONGEST_WORDS = 8


async def title_of(text: str, llm: Llm | None, language: str = "en") -> str:
    """At most eight words, all of them the text's in one form or another; else its first words."""
    words = text.split()
    if llm is None or len(words) <= LONGEST_WORDS:
        return first_words(text)
    try:
        title, whole = await answer_of(llm, asking("title", text), LONGEST_WORDS)
    except LlmError:
        return first_words(text)
    return title.rstrip(" .") if whole and is_title(title, text, language) else first_words(text)


def is_title(title: str, text: str, language: str) -> bool:
    own = stems(title, language)
    short = "\n" not in title and 0 < len(title.split()) <= LONGEST_WORDS
    return short and bool(own) and own <= stems(text, language)


def first_words(text: str, most: int = LONGEST_WORDS) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + " …"
