"""Whether a sentence asks, by how it begins. Pure, and careful: a full stop is the lesser mistake."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from config.language.data import table_if_any


def is_question(sentence: str, language: str) -> bool:
    plain = " ".join(re.sub(r"[^\w\s'-]", " ", sentence.lower().replace("’", "'")).split())
    pattern = _asks(language)
    return pattern is not None and pattern.match(plain) is not None


def question_marks(language: str) -> tuple[str, str]:
    """Before a question and after it: ``¿`` and ``?``."""
    before, after = table_if_any(language, "dictation").get("question_marks", ("", "?"))
    return before, after


@functools.cache
def _asks(language: str) -> re.Pattern[str] | None:
    """None of a language without a folder."""
    entries = table_if_any(language, "dictation")
    if not entries:
        return None
    before = "|".join(entries["question_before"].split())
    begins = "|".join(_filled(pattern, entries.get("rules", {})) for pattern in entries["questions"])
    return re.compile(rf"(?:(?:{before}) )*(?:{begins})")


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    """``{does}`` is the part of that name; ``{1,4}`` is of the pattern itself."""
    return re.sub(r"\{([a-z]+)\}", lambda match: parts[match[1]], pattern)
