"""Code as it is talked about: its lines, what it is called, and in which language it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.code.languages import PLAIN, Language, by_fence, by_file
from pipeline.files.base import FileContent

_FENCED = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)\n(?P<code>.*?)(?:^[ \t]*(?P=fence)[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_EXCERPT = re.compile(r"\S+ .*:\d+(?:-\d+)?\s*")
"""What stands behind the fence of a stretch that was shown on request, which is no code of its own."""


UNSEEN = "\0"
"""Stands for a line of which nothing is known: of a file a diff shows only some."""


@dataclass(frozen=True, slots=True)
class Source:
    """``name``: of its file; empty: it is from an answer."""

    name: str
    language: Language
    lines: tuple[str, ...]

    def line(self, number: int) -> str | None:
        """The first being 1; None: there is no such line, or it is not known."""
        line = self.lines[number - 1] if 0 < number <= len(self.lines) else UNSEEN
        return None if line == UNSEEN else line

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def source_of(text: str, name: str = "", language: Language = PLAIN) -> Source:
    """``language``: where the name does not tell."""
    lines = text.removesuffix("\n").split("\n") if text else []
    known = by_file(name, lines[0] if lines else "")
    return Source(name, known if known is not PLAIN else language, tuple(lines))


def text_of(content: FileContent) -> str:
    """The lines of a file of text, each where it stood; what no element has is empty, and a long line may
    come in several.
    """
    lines = list[str]()
    for element in content.elements:
        at = element.place.line - 1 if element.place.line else len(lines)
        first, *rest = element.text.removesuffix("\n").split("\n")
        lines += [""] * (at + 1 - len(lines))
        lines[at:] = [lines[at] + first, *rest]
    return "\n".join(lines)


def code_blocks(answers: Iterable[str]) -> list[Source]:
    """Of what was answered, the code, the latest last."""
    return [
        source_of(found["code"], "", by_fence(found["info"].split()[0] if found["info"].split() else ""))
        for answer in answers
        for found in _FENCED.finditer(answer)
        if found["code"].strip() and not _EXCERPT.fullmatch(found["info"])
    ]


def shown(source: Source, first: int, last: int) -> str:
    """A stretch of it as a block for the screen; one that was asked for, and so is not taken for new code."""
    fence = "```"
    while any(fence in line for line in source.lines[first - 1 : last]):
        fence += "`"
    word = min(source.language.fences, key=len, default="text") if source.language.fences else "text"
    lines = "\n".join(source.lines[first - 1 : last])
    return f"{fence}{word} {source.name or 'code'}:{first}-{last}\n{lines}\n{fence}"
