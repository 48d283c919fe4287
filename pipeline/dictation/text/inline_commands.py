"""Commands among the words: new line, comma, cap, "literal comma" for the words themselves. Pure.

PocketSphinx writes no marks at all, Whisper writes its own: a mark that is dictated takes the place of the
one that Whisper put there, and the mark that Whisper put after the command's own words is dropped.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from pipeline.dictation.text.command_tables import Commands, Inline
from pipeline.dictation.text.numerals import numeral
from pipeline.dictation.text.spacing import ENGINE_MARKS, SpacedText, capital

_SENTENCE = ".?!"
_CLOSING = "”»“)\"'"
_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Token:
    """What stands between two spaces."""

    written: str
    bare: str
    """In lower case, without the marks around it."""
    trail: str
    """The engine's marks after it."""


@functools.lru_cache(4096)
def _token(written: str) -> Token:
    bare = _EDGES.sub("", written).lower().replace("’", "'")
    trail = re.search(rf"[{re.escape(ENGINE_MARKS)}]*$", written)
    return Token(written, bare, trail.group() if trail else "")


def apply_inline(before: str, utterance: str, table: Commands) -> str:
    """``before`` with the utterance after it, its commands obeyed."""
    tokens = [_token(written) for written in utterance.split()]
    writing = SpacedText(before, begins=_ended(before))
    at = 0
    while at < len(tokens):
        found = _command(tokens, at, table)
        if found is None:
            writing.word(tokens[at].written, tokens[at].trail)
            at += 1
            continue
        command, size = found
        at = _obey(command, tokens, at + size, writing, table)
        if command.act == "put" and command.mark.strip(" \u00a0")[:1] not in ("", *_SENTENCE, "\n"):
            tokens[at : at + 1] = _uncapitalised(tokens, at, table)
    return writing.text


def _ended(text: str) -> bool:
    """Whether a sentence begins after it."""
    return text.endswith("\n") or text.rstrip(_CLOSING).endswith(tuple(_SENTENCE))


def _uncapitalised(tokens: list[Token], at: int, table: Commands) -> list[Token]:
    """ "Hello. Comma. And then": the capital was for a sentence that the comma has done away with."""
    if at < len(tokens) and tokens[at - 1].trail[:1] in (".", "?", "!") and tokens[at].bare in table.small:
        token = tokens[at]
        return [Token(token.written.lower(), token.bare, token.trail)]
    return tokens[at : at + 1]


def _obey(command: Inline, tokens: list[Token], at: int, writing: SpacedText, table: Commands) -> int:
    """Where to go on after it."""
    match command.act:
        case "put":
            writing.put(command)
        case "no_space":
            writing.glue()
        case "literal":
            meant = _command(tokens, at, table, meant=True)
            for token in tokens[at : at + (meant[1] if meant else 1)]:
                writing.word(token.written, token.trail)
                at += 1
        case "numeral":
            taken, digits = numeral([token.bare for token in tokens[at:]], table.language)
            if taken:
                trail = tokens[at + taken - 1].trail
                writing.word(digits + trail, trail)
            return at + taken
        case "spell":
            letters = _letters(tokens, at)
            trail = tokens[at + letters - 1].trail
            trail = trail if at + letters == len(tokens) or trail not in ("", ".") else ""
            spelled = "".join(
                token.bare.replace("-", "").replace(".", "") for token in tokens[at : at + letters]
            )
            writing.word(capital(spelled) + trail, trail)
            return at + letters
        case "cap":
            writing.shapes(capital)
        case "all_caps":
            writing.shapes(str.upper)
    return at


def _command(
    tokens: list[Token], at: int, table: Commands, *, meant: bool = False
) -> tuple[Inline, int] | None:
    """The command whose words begin here, and how many tokens it takes; ``meant``: whatever stands around."""
    token = tokens[at] if at < len(tokens) else None
    if token is None or not table.inline or not token.bare:
        return None
    first = token.bare.partition("-")[0]
    for command in table.inline.get(token.bare, ()) or table.inline.get(first, ()):
        size = _size(command, tokens, at)
        if size and (meant or _is_meant(command, tokens, at, at + size, table)):
            return command, size
    return None


def _size(command: Inline, tokens: list[Token], at: int) -> int:
    """Tokens that are its words: as many as they are, or one, ``full-stop``; 0: others."""
    if tokens[at].bare == "-".join(command.words):
        return 1
    size = len(command.words)
    here = tokens[at : at + size]
    same = tuple(token.bare for token in here) == command.words
    return size if same and not any(token.trail for token in here[:-1]) else 0


def _is_meant(command: Inline, tokens: list[Token], at: int, end: int, table: Commands) -> bool:
    """ "The trial period" and "a new line of work" are words."""
    before = tokens[at - 1].bare if at and not tokens[at - 1].trail else ""
    after = tokens[end].bare if end < len(tokens) and not tokens[end - 1].trail else ""
    if before in command.not_after or after in command.not_before or before in table.determiners:
        return False
    words = [token.bare for token in tokens[end:]]
    match command.act:
        case "literal":
            return bool(after) and _command(tokens, end, table, meant=True) is not None
        case "spell":
            return _letters(tokens, end) > 0
        case "numeral":
            return bool(words) and numeral(words, table.language)[0] > 0
        case "cap" | "all_caps" | "no_space":
            return bool(after) and (not command.letters_only or len(after) == 1)
    return True


def _letters(tokens: list[Token], at: int) -> int:
    """How many letters or digits are spelled from here on: ``a n n a``, ``A. N. A.``, in one ``A-N-N-A``.

    The tokens they take are what is counted, save that ``A-N-N-A`` alone counts as spelled.
    """
    count = 0
    for token in tokens[at:]:
        if not re.fullmatch(r"\w(?:[-.]\w)*", token.bare):
            break
        count += 1
        if token.trail.strip(".") or (token.trail and len(token.bare) > 1):
            break
    return count if count > 1 or (count and not tokens[at].bare.isalnum()) else 0
