"""A long text in parts that a small model still writes whole; and the paragraph a wish speaks of. Pure."""

from __future__ import annotations

import re

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


_ORDINALS = (
    r"first|1st|erste|premier|primer",
    r"second|2nd|zweite|deuxième|segundo",
    r"third|3rd|dritte|troisième|tercer",
    r"fourth|4th|vierte|quatrième|cuarto",
    r"fifth|5th|fünfte|cinquième|quinto",
)


def paragraph_of(text: str, request: str) -> tuple[str, str, str]:
    """Before it, the paragraph a wish speaks of, and after it; all of the text where it speaks of none."""
    spans = [match.span() for match in re.finditer(r"\S(?:.*?\S)??(?=\s*(?:\n\s*\n|\Z))", text, re.DOTALL)]
    lower = request.lower()
    if not re.search(r"paragraph|absatz|paragraphe|párrafo", lower) or len(spans) < 2:
        return "", text, ""
    at = next((n for n, words in enumerate(_ORDINALS) if re.search(rf"\b(?:{words})", lower)), None)
    if at is None and re.search(r"\b(?:last|letzte|dernier|último)", lower):
        at = len(spans) - 1
    if at is None or at >= len(spans):
        return "", text, ""
    begin, end = spans[at]
    return text[:begin], text[begin:end], text[end:]
