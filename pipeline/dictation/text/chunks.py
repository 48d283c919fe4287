"""A long text in parts that a small model still writes whole; and the paragraph a wish speaks of. Pure."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from config.language.data import languages, table

PART_LETTERS = 2400
"""About 400 words, 600 tokens. Small models echo longer texts unpunctuated (os-clovy#697)."""


def in_chunks(text: str, most: int = PART_LETTERS) -> list[tuple[str, str]]:
    """Each part with the gap after it: at paragraphs where they fit, else at sentences, else at words.

    Joined again they are the text, save for spaces before its first word.
    """
    parts: list[tuple[str, str]] = []
    text = text.lstrip()
    while text:
        part = text if len(text) <= most else text[: _cut(text, most)]
        bare = part.rstrip()
        rest = text[len(part) :]
        following = rest.lstrip()
        parts.append((bare, part[len(bare) :] + rest[: len(rest) - len(following)]))
        text = following
    return parts


def _cut(text: str, most: int) -> int:
    for pattern in (r"\n\s*\n", r"(?<=[.?!…])\s", r"\s"):
        matches = re.finditer(pattern, text[: most + 1])
        ends = [match.start() for match in matches if match.start() > most // 4]
        if ends:
            return ends[-1]
    return most


def paragraph_of(text: str, request: str) -> tuple[str, str, str]:
    """Before it, the paragraph a wish speaks of, and after it; all of the text where it speaks of none."""
    spans = [match.span() for match in re.finditer(r"\S(?:.*?\S)??(?=\s*(?:\n\s*\n|\Z))", text, re.DOTALL)]
    lower = request.lower()
    named = _named()
    if not named.paragraph.search(lower) or len(spans) < 2:
        return "", text, ""
    at = next((n for n, ordinal in enumerate(named.ordinals) if ordinal.search(lower)), None)
    if at is None and named.last.search(lower):
        at = len(spans) - 1
    if at is None or at >= len(spans):
        return "", text, ""
    begin, end = spans[at]
    return text[:begin], text[begin:end], text[end:]


@dataclass(frozen=True, slots=True)
class _Named:
    """How a wish names a paragraph, in any language."""

    paragraph: re.Pattern[str]
    ordinals: tuple[re.Pattern[str], ...]
    last: re.Pattern[str]


@functools.cache
def _named() -> _Named:
    tables = [table(language, "dictation") for language in languages()]

    def one_of(words: Iterable[str], begin: str = r"\b") -> re.Pattern[str]:
        return re.compile(rf"{begin}(?:{'|'.join(map(re.escape, words))})")

    ordinals = zip(*(each["ordinals"] for each in tables), strict=True)
    return _Named(
        paragraph=one_of((word for each in tables for word in each["paragraph"]), begin=""),
        ordinals=tuple(one_of(itertools.chain(*words)) for words in ordinals),
        last=one_of(word for each in tables for word in each["last"]),
    )
