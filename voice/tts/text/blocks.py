"""Blocks that are told, not read: code, tables, formulas that stand by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voice.tts.text import markdown as inline
from voice.tts.text.fixed_phrases import FixedPhrases, code_languages, defines
from voice.tts.text.spoken_form import SpokenForm

TINY = 3
"""A table of at most so many columns and rows is read out."""

MOST_NAMED = 3
"""Functions and classes of a block of code that are named."""

_SEPARATOR = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_LONGEST_FORMULA = 120


def closed(kind: str, held: str) -> bool:
    """Whether the last line of what is held ends the block."""
    if kind == "formula":
        opener = "$$" if held.lstrip(" \t>").startswith("$$") else "\\["
        closer = "$$" if opener == "$$" else "\\]"
        return held.find(closer, held.find(opener) + 2) >= 0 and held.endswith("\n")
    lines = held.split("\n")
    if len(lines) < 3 or lines[-1]:
        return False
    fence = re.match(r"[`~]+", lines[0].lstrip(" \t>"))
    last = lines[-2].strip(" \t>\r")
    return bool(fence) and last.startswith(fence[0]) and not last.strip(fence[0][0])  # type: ignore[index]


def said(kind: str, held: str, words: FixedPhrases, form: SpokenForm | None) -> str:
    if kind == "code":
        return _code(held, words)
    if kind == "table":
        return _table(held, words, form)
    tex = re.sub(r"\$\$|\\\[|\\\]", " ", held)
    formula = inline.formula(" ".join(tex.split()), words, form)
    return f"{formula if len(formula) <= _LONGEST_FORMULA else words.formula}." if tex.strip() else ""


def _code(held: str, words: FixedPhrases) -> str:
    first, *rest = held.rstrip("\n").split("\n")
    opening = first.lstrip(" \t>")
    named = re.match(r"[\w+#.-]*", opening.lstrip("`~").strip())
    name = named[0] if named else ""
    lines = rest[:-1] if closed("code", held if held.endswith("\n") else held + "\n") else rest
    language = code_languages().get(name.lower(), re.sub(r"[_#]", " ", name).strip())
    return words.code_block(len(lines), language, _defined(lines, words))


def _defined(lines: Sequence[str], words: FixedPhrases) -> list[str]:
    """The functions and classes in code, by their words; of many none."""
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    heads = (defines().match(line[margin:]) for line in lines)
    names = dict.fromkeys(head["name"] for head in heads if head)
    return [inline.code(name, words) for name in names] if len(names) <= MOST_NAMED else []


def _cells(row: str) -> list[str]:
    row = row.strip().lstrip("> ").strip()
    inner = row.removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", inner)]


def _table(held: str, words: FixedPhrases, form: SpokenForm | None) -> str:
    lines = [line for line in held.split("\n") if line.strip()]
    separated = len(lines) > 1 and _SEPARATOR.fullmatch(lines[1].strip().lstrip("> "))
    rows = [
        [inline.plain(cell, words, form) for cell in _cells(line)]
        for line in lines
        if not _SEPARATOR.fullmatch(line.strip().lstrip("> "))
    ]
    if not rows:
        return ""
    if not separated:
        return " ".join(_sentence(", ".join(filter(None, row))) for row in rows if any(row))
    names, body = rows[0], rows[1:]
    if len(names) <= TINY and 0 < len(body) <= TINY:
        return " ".join(_row(names, row) for row in body if any(row))
    return words.table_of(names, len(body))


def _row(names: list[str], row: list[str]) -> str:
    cells = zip([*names, *[""] * len(row)], row, strict=False)
    return _sentence(", ".join(f"{name}: {cell}" if name else cell for name, cell in cells if cell))


def _sentence(text: str) -> str:
    return text if re.search(r"[.!?…。！？]$", text) else f"{text}." if text else ""
