"""An answer as plain lines: words in one line, code in its own."""

from __future__ import annotations

import re

from config.runtime.clean import CleanText, clean, joined

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_INDENT = "    "
"""Before each line of code, so that none of them looks like one of ours."""


def answer_lines(text: CleanText) -> list[CleanText]:
    """Without the marks around code, which would be read out."""
    lines, words, fence = list[CleanText](), list[CleanText](), ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            lines, words, fence = [*lines, *_words(words)], [], mark[1]
        elif mark and fence and line.strip() == fence:
            fence = ""
        elif fence:
            lines.append(clean(f"{_INDENT}{line}".rstrip()))
        else:
            words += line.split()
    return [*lines, *_words(words)]


def _words(words: list[CleanText]) -> list[CleanText]:
    return [joined(words, " ")] if words else []
