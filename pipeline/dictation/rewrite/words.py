"""The words by which a rewrite is judged: ``LANGUAGE/rewrite.toml``, those of all languages together, since a
text may be rewritten into another language and a model may answer in any. Pure.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.language.data import languages, table, table_if_any


@dataclass(frozen=True, slots=True)
class RewriteWords:
    """Patterns over what is written, in any case."""

    negation: re.Pattern[str]
    denied: re.Pattern[str] | None
    """Words that say "not" in this language alone."""
    repair: re.Pattern[str]
    """A slip of the tongue being mended, which a rewrite leaves out."""
    ones: frozenset[str]
    """Numbers that are mostly no numbers."""

    def is_denied(self, repair: str) -> bool:
        """What mends a slip in another language says "not" in this one: “domani, non oggi”."""
        return self.denied is not None and self.denied.search(repair) is not None


@dataclass(frozen=True, slots=True)
class ModelWords:
    """What a model writes beside a text, or in its place."""

    refusal: re.Pattern[str]
    preamble: re.Pattern[str]
    zeal: re.Pattern[str]


@functools.cache
def rewrite_words(language: str) -> RewriteWords:
    """``language``: ISO 639-1, that of the text; empty: it is not known."""
    own = table_if_any(language, "rewrite").get("own_negations", ())
    no, wait, repairs = (_one_of(name) for name in ("repair_no", "repair_wait", "repairs"))
    return RewriteWords(
        negation=_pattern(rf"\b(?:{'|'.join([*_every('negations'), *own])})\b"),
        denied=_pattern(rf"\b(?:{'|'.join(own)})\b") if own else None,
        repair=_pattern(rf",\s*{no}\b,?|\b{no}[,.]? {wait}\b|\b{repairs}\b"),
        ones=frozenset(word for each in languages() for word in table(each, "rewrite")["ones"].split()),
    )


@functools.cache
def model_words() -> ModelWords:
    sure, heres, versions, titles = (_one_of(name) for name in ("agreements", "heres", "versions", "titles"))
    return ModelWords(
        refusal=_pattern(rf"^\W*{_one_of('refusals')}\b"),
        preamble=_pattern(
            rf"^\W*(?:{sure}[,.!:]*\s+)?(?:{heres}\b[^\n:]{{0,60}}(?::|\n|$)|"
            rf"{versions}[^\n:]{{0,30}}(?::|\n)|{titles} ?:)"
        ),
        zeal=_pattern(rf"^\W*{_one_of('zeal_before')}\s*[,.!]|{_one_of('zeal_after')}[^\n]*$"),
    )


def _every(name: str) -> Iterator[str]:
    for language in languages():
        yield from table(language, "rewrite")[name]


def _one_of(name: str) -> str:
    return f"(?:{'|'.join(dict.fromkeys(_every(name)))})"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)
