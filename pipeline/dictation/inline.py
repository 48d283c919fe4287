"""Commands among the words: new line, comma, cap, "literal comma" for the words themselves. Pure.

PocketSphinx writes no marks at all, Whisper writes its own: a mark that is dictated takes the place of the
one that Whisper put there, and the mark that Whisper put after the command's own words is dropped.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from config.dictation import Commands, Inline
from pipeline.dictation.numerals import numeral

_CLOSING = frozenset(".,;:?!…)”»")
_OPENING = frozenset("(“„«¿¡")
_ENDS = re.compile(r"[.?!…][”»“)\"']?$|\n$")
_ENGINE_MARKS = ".,;:?!…"
_NOT_A_WORD = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Token:
    """What stands between two spaces."""

    written: str
    bare: str
    """In lower case, without the marks around it."""
    trail: str
    """The marks after it."""

    @property
    def word(self) -> str:
        """As written, without the marks after it."""
        return self.written[: len(self.written) - len(self.trail)]


@functools.lru_cache(4096)
def _token(written: str) -> Token:
    bare = _NOT_A_WORD.sub("", written).lower().replace("’", "'")
    trail = re.search(rf"[{re.escape(_ENGINE_MARKS)}]*$", written)
    return Token(written, bare, trail.group() if trail and bare else "")


class _Writing:
    """The text as it grows; what the last command wants of the next word."""

    def __init__(self, before: str, first_is_engines: bool) -> None:
        self.text = before
        self._engine_mark = first_is_engines
        """The last mark was written by the engine, not dictated."""
        self._glue = False
        self._capital = False
        self.next_word: Inline | None = None

    def word(self, token: Token) -> None:
        written = self._shaped(token)
        if self._capital or self._begins():
            written = _capital(written)
        self._append(written)
        self._engine_mark = bool(token.trail)
        self._capital = False

    def _begins(self) -> bool:
        return self.text.endswith("\n")

    def _shaped(self, token: Token) -> str:
        act, self.next_word = self.next_word and self.next_word.act, None
        if act == "all_caps":
            return token.written.upper()
        return _capital(token.written) if act == "cap" else token.written

    def _append(self, written: str) -> None:
        if self._glue or not self.text or self.text[-1] in _OPENING or self.text[-1].isspace():
            self.text += written
        else:
            self.text += f" {written}"
        self._glue = False

    def glue(self) -> None:
        self._glue = True

    def put(self, command: Inline) -> None:
        mark = command.mark
        if mark.isspace():
            self._break(mark, command.before)
        elif command.joins:
            self._drop_engine_mark()
            self.text = self.text.rstrip(" ") + mark
            self._glue = True
        elif command.side == "left" or mark.strip()[0] in _CLOSING:
            self._close(mark)
        elif mark.strip()[0] in _OPENING:
            self._append(mark)
            self._glue = True
            return
        else:
            self._drop_engine_mark()
            self.text = self.text.rstrip(" ") + mark
        self._engine_mark = False

    def _close(self, mark: str) -> None:
        if mark in _ENGINE_MARKS:
            self._drop_engine_mark()
        self.text = self.text.rstrip(" ") + mark
        self._capital = self._capital or mark in ".?!"

    def _break(self, mark: str, before: str) -> None:
        self.text = self.text.rstrip(" ")
        if before and self.text and self.text[-1] not in ".?!…:\n":
            self._drop_engine_mark()
            self.text += before
        # Said twice, a new line is an empty line; more than one empty line nobody wants.
        breaks = len(self.text) - len(self.text.rstrip("\n"))
        self.text = self.text.rstrip("\n") + "\n" * min(breaks + len(mark), 2)
        self._capital = True

    def _drop_engine_mark(self) -> None:
        if self._engine_mark:
            self.text = self.text.rstrip(" ").rstrip(_ENGINE_MARKS)
            self._engine_mark = False


def apply_inline(before: str, utterance: str, table: Commands) -> str:
    """``before`` with the utterance after it, its commands obeyed."""
    tokens = [_token(written) for written in utterance.split()]
    writing = _Writing(before, first_is_engines=bool(before) and before[-1] in ".,")
    if _ENDS.search(before):
        writing._capital = not before.endswith("…")
    at = 0
    while at < len(tokens):
        found = _command(tokens, at, table)
        if found is None:
            writing.word(tokens[at])
            at += 1
            continue
        at += len(found.words)
        at = _obey(found, tokens, at, writing, table)
    return writing.text


def _obey(command: Inline, tokens: list[Token], at: int, writing: _Writing, table: Commands) -> int:
    match command.act:
        case "put":
            writing.put(command)
        case "no_space":
            writing.glue()
        case "literal":
            meant = _command(tokens, at, table, meant=True)
            for token in tokens[at : at + (len(meant.words) if meant else 1)]:
                writing.word(token)
                at += 1
        case "numeral":
            taken, digits = numeral([token.bare for token in tokens[at:]], table.language)
            if taken:
                last = tokens[at + taken - 1]
                writing.word(Token(digits + last.trail, digits, last.trail))
            return at + taken
        case "spell":
            letters = _letters(tokens, at)
            last = tokens[at + letters - 1]
            spelled = _capital("".join(_spelled(token) for token in tokens[at : at + letters]))
            writing.word(Token(spelled + last.trail.replace(".", ""), spelled, last.trail))
            return at + letters
        case _:
            writing.next_word = command
    return at


def _command(tokens: list[Token], at: int, table: Commands, *, meant: bool = False) -> Inline | None:
    """The command whose words begin here; ``meant``: whatever stands around it."""
    for command in table.inline:
        size = len(command.words)
        here = tokens[at : at + size]
        if tuple(token.bare for token in here) != command.words or any(token.trail for token in here[:-1]):
            continue
        if meant or _is_meant(command, tokens, at, here[-1], table):
            return command
    return None


def _is_meant(command: Inline, tokens: list[Token], at: int, last: Token, table: Commands) -> bool:
    """ "The trial period" and "a new line of work" are words."""
    before = tokens[at - 1].bare if at and not tokens[at - 1].trail else ""
    end = at + len(command.words)
    after = tokens[end].bare if end < len(tokens) and not last.trail else ""
    if before in command.not_after or after in command.not_before:
        return False
    if command.act == "literal":
        return bool(after) and _command(tokens, end, table, meant=True) is not None
    if command.act == "spell":
        return _letters(tokens, end) >= 2
    if command.act == "numeral":
        return numeral([token.bare for token in tokens[end:]], table.language)[0] > 0
    if command.act in ("cap", "all_caps", "no_space") and not after:
        return False
    return before not in table.determiners


def _letters(tokens: list[Token], at: int) -> int:
    """How many tokens from here on are single letters or digits: ``a n n a``, ``A. N. A.``, ``A-N-N-A``."""
    count = 0
    for token in tokens[at:]:
        if not re.fullmatch(r"\w(?:-\w)*", token.bare):
            break
        count += 1
        if token.trail.strip(".") or (token.trail and "-" in token.bare):
            break
    return count if count > 1 or (count == 1 and "-" in tokens[at].bare) else 0


def _spelled(token: Token) -> str:
    return token.bare.replace("-", "")


def _capital(written: str) -> str:
    for place, letter in enumerate(written):
        if letter.isalnum():
            return written[:place] + letter.upper() + written[place + 1 :]
    return written
