"""Code without what is in its texts and comments, each line as long as it was. Pure.

Good enough to count braces and to look for words, and no more: a regular expression between slashes is not
known as one. A text that ends with its line ends there, so that a mistake does not reach further.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.code.languages import Language
from pipeline.code.source import Source

_LETTER = 6
"""No letter between two signs is longer, with its escape."""


@dataclass(frozen=True, slots=True)
class Masked:
    """``code``: with blanks for texts and comments, their quotes left. ``comments``: of each line what is
    said in comments, else empty. ``texts``: with comments alone blanked.
    """

    code: tuple[str, ...]
    texts: tuple[str, ...]
    comments: tuple[str, ...]


@functools.lru_cache(maxsize=8)
def masked(source: Source) -> Masked:
    """All of its lines."""
    state, code, texts, comments = "", list[str](), list[str](), list[str]()
    for line in source.lines:
        scan = _Scan(line, source.language, state)
        state = scan.run()
        code.append("".join(scan.code))
        texts.append("".join(scan.texts))
        is_program = line.startswith("#!") and not comments
        comments.append("" if is_program else "".join(scan.comment).strip())
    return Masked(tuple(code), tuple(texts), tuple(comments))


@functools.cache
def _beginnings(language: Language) -> re.Pattern[str]:
    """Where a text or a comment may begin."""
    begins = (begin for begin, _ in language.blocks)
    signs = (*language.line, *begins, *language.long_texts, *language.texts, *language.letters)
    return re.compile("|".join(map(re.escape, signs)) or "(?!)")


class _Scan:
    """One line. ``until``: what ends the text or comment in which it begins; a comment's with a # before."""

    def __init__(self, line: str, language: Language, until: str) -> None:
        self._line = line
        self._language = language
        self._until = until
        self._at = 0
        self.code: list[str] = []
        self.texts: list[str] = []
        self.comment: list[str] = []

    def run(self) -> str:
        """What ends the text or comment in which the line ends; empty: it ends in neither."""
        while self._at < len(self._line):
            if self._until.startswith("#"):
                self._in_comment()
            elif self._until:
                self._in_text()
            else:
                self._in_code()
        goes_on = self._until.startswith("#") or self._until in self._language.long_texts
        return self._until if goes_on else ""

    def _take(self, length: int, code: str, texts: str, comment: str = "") -> None:
        self.code.append(code)
        self.texts.append(texts)
        self.comment.append(comment)
        self._at += length

    def _in_comment(self) -> None:
        end = self._until[1:]
        found = self._line.find(end, self._at)
        stop = len(self._line) if found < 0 else found
        blank = " " * (stop - self._at)
        self._take(stop - self._at, blank, blank, self._line[self._at : stop] + " ")
        if found >= 0:
            self._take(len(end), " " * len(end), " " * len(end))
            self._until = ""

    def _in_text(self) -> None:
        """Up to what ends it, or to a backslash, behind which the next letter does not."""
        ends, escape = (self._line.find(sign, self._at) for sign in (self._until, "\\"))
        found = [at for at in (ends, escape) if at >= 0]
        stop = min(found, default=len(self._line))
        length = stop - self._at
        self._take(length, " " * length, self._line[self._at : stop])
        if not found:
            return
        if stop == ends:
            self._take(len(self._until), self._until, self._until)
            self._until = ""
        else:
            length = min(2, len(self._line) - stop)
            self._take(length, " " * length, self._line[stop : stop + length])

    def _in_code(self) -> None:
        if self._begins(self._language.line) and self._may_comment():
            rest = len(self._line) - self._at
            self._take(rest, " " * rest, " " * rest, self._line[self._at :].lstrip("#/-!* "))
            return
        for begin, end in self._language.blocks:
            if self._line.startswith(begin, self._at):
                self._take(len(begin), " " * len(begin), " " * len(begin))
                self._until = f"#{end}"
                return
        if quote := self._begins(self._language.long_texts) or self._begins(self._language.texts):
            self._take(len(quote), quote, quote)
            self._until = quote
        elif self._is_letter():
            self._take(1, self._language.letters, self._language.letters)
            self._until = self._language.letters
        else:
            self._plain()

    def _plain(self) -> None:
        """This letter, and those after it that begin nothing."""
        found = _beginnings(self._language).search(self._line, self._at + 1)
        text = self._line[self._at : found.start() if found else len(self._line)]
        self._take(len(text), text, text)

    def _begins(self, signs: Sequence[str]) -> str:
        return next((sign for sign in signs if self._line.startswith(sign, self._at)), "")

    def _may_comment(self) -> bool:
        return not self._language.comment_after_blank or self._at == 0 or self._line[self._at - 1].isspace()

    def _is_letter(self) -> bool:
        """Not the lifetime of a reference."""
        sign = self._language.letters
        if not sign or self._line[self._at] != sign:
            return False
        end = self._line.find(sign, self._at + 1, self._at + _LETTER)
        return end == self._at + 2 or (end > 0 and self._line[self._at + 1] == "\\")
