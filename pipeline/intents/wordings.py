"""An utterance about pictures as plain words, with and without the courtesy around it. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from config.language.data import languages, table
from config.language.normalise import words_only
from config.language.templates import compiled

LONGEST = 400
"""Letters of an utterance that are looked at."""

_SENTENCE_ENDS = re.compile(r"[.!?;:¡¿]+(?!\d)")


def wordings(text: str) -> list[str]:
    """As it was said, then without what is polite or leads to it: "tell me". [] when it says nothing."""
    plain = words_only(text[:LONGEST])
    if not plain:
        return []
    before, after = _courtesy()
    spaced = f"{plain} "
    begun = spaced[match.end() :] if (match := before.match(spaced)) else spaced
    bare = after.sub("", begun).strip()
    return [plain, bare] if bare not in ("", plain) else [plain]


def wordings_of_sentences(text: str) -> list[str]:
    """Those of all of it, and of each of its sentences."""
    whole = text[:LONGEST]
    parts = [part for part in _SENTENCE_ENDS.split(whole) if part.strip()]
    return [said for part in ([whole, *parts] if len(parts) > 1 else [whole]) for said in wordings(part)]


@functools.cache
def _courtesy() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Before what is asked, and after it; each word with the space behind it."""

    def every(place: str) -> str:
        tables = [*(table(language, "controls")["politeness"][place] for language in languages())]
        tables += [table(language, "look")["courtesy"][place] for language in languages()]
        return "|".join(compiled(each).pattern.pattern for each in tables)

    return re.compile(f"(?:{every('before')})*(?=.)"), re.compile(f"(?<= )(?:{every('after')})+$")


@functools.cache
def ordinals(language: str) -> dict[str, int]:
    """Normalised: "second" is 2."""
    return _numbers(language, "ordinal")


@functools.cache
def cardinals(language: str) -> dict[str, int]:
    """Normalised: "two" is 2."""
    return _numbers(language, "cardinal")


def _numbers(language: str, kind: str) -> dict[str, int]:
    names = table(language, "pictures")["numbers"][kind]
    named = {words_only(name): n for n, each in enumerate(names, 1) for name in each.split("|")}
    return named if kind == "ordinal" else named | {str(n): n for n in range(1, len(names) + 1)}


@functools.cache
def number_slots(language: str) -> Mapping[str, str]:
    """The patterns of what stands in ``{nth}`` and ``{count}``."""
    named = {"nth": ordinals(language), "count": cardinals(language)}
    slots = {slot: "|".join(map(re.escape, names)) for slot, names in named.items()}
    return {**slots, "count": rf"{slots['count']}|\d{{1,6}}"}
