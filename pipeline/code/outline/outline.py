"""The outline of any code, and what is in one of its parts."""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass, replace

from pipeline.code.masking import masked
from pipeline.code.outline.base import Outline, Part
from pipeline.code.outline.pattern_outline import pattern_outline
from pipeline.code.outline.python_outline import python_outline, unparsable
from pipeline.code.source import Source

_CALL = re.compile(r"([A-Za-z_$][\w$]*)\s*\(")
_DEFINED = re.compile(r"(?:def|function|func|fn|fun|sub|class)\s+$")
_RETURN = re.compile(r"\breturn\b")
_RAISE = re.compile(r"\b(?:raise|throw|panic!)\b")


@functools.lru_cache(maxsize=8)
def outline(source: Source) -> Outline:
    """Of Python that does not parse what its lines look like, with the line at which it does not."""
    if source.language.id == "python":
        known = python_outline(source)
        if known is not None:
            return known
        return replace(pattern_outline(source), broken=unparsable(source.text))
    return pattern_outline(source)


@dataclass(frozen=True, slots=True)
class Inside:
    """What is in a stretch of code, counted."""

    loops: int
    conditions: int
    calls: tuple[str, ...]
    """Names that are called, the most called first."""
    returns: int
    raises: int


def inside(source: Source, part: Part) -> Inside:
    """By its lines without texts and comments."""
    whole, last = outline(source), part.last or part.first
    within = [each for each in whole.parts if part.first <= each.first <= last and each != part]
    code = "\n".join(masked(source).code[part.first - 1 : last])
    called = Counter[str]()
    for found in _CALL.finditer(code):
        if found[1] not in source.language.not_calls and not _DEFINED.search(code, 0, found.start()):
            called[found[1]] += 1
    calls = tuple(name for name, _ in called.most_common() if name != part.name)
    kinds = Counter(each.kind for each in within)
    return Inside(
        kinds["loop"], kinds["condition"], calls, len(_RETURN.findall(code)), len(_RAISE.findall(code))
    )
