"""The spoken form of text: what the TTS says for what the screen shows.

Model text is written for a screen. ``Spoken`` takes it in the chunks that
``voice.tts.text.sentence_splitter`` makes and gives pieces: the text as shown, and the words to say for it.
Markdown, code, tables, links and emoji are treated in any language; money, dates, units, abbreviations and
signs are read out where the language's data knows how (``voice.tts.text.spoken_form``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from voice.tts.text import blocks
from voice.tts.text import markdown as inline
from voice.tts.text.fixed_phrases import fixed_phrases
from voice.tts.text.spoken_form import spoken_form_of

__all__ = ["Piece", "Spoken"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_OPENING = re.compile(
    r"[ \t>]*(?:(?P<code>`{3,}(?!.*`)|~{3,})|(?P<table>\|)|(?P<formula>\$\$(?!.*\$\$)|\\\[(?!.*\\\])))"
)
_ROW = re.compile(r"[ \t>]*\|")
_BULLET = "[-*+•‣◦▪●·]"
_LIST = rf"(?:{_BULLET}|(?P<number>\d{{1,9}}[.)]))[ \t]+"
_PICTURE = rf"(?!{_BULLET}[ \t])[{inline.EMOJI}][{inline.EMOJI}\u200d]*[ \t]*"
_PREFIX = re.compile(
    rf"[ \t]*(?:>[ \t]?)*[ \t]*(?:{_PICTURE})*"
    rf"(?:(?P<heading>#{{1,6}}(?:[ \t]+|$))|(?P<item>{_LIST})(?P<box>\[[ xX]\][ \t]+)?)?"
)
_NOTHING = re.compile(r"\s*(?:([-*_])(?:[ \t]*\1){2,}|={3,}|\[(?!\^)[^\]]+\]:\s+\S.*)\s*")
_FOOTNOTE = re.compile(r"\s*\[\^([^\]]+)\]:\s+")
_WHOLE_BOLD = re.compile(r"\s*(\*\*|__)(?!\s)[^*]+\1:?\s*")
_ENDED = re.compile(r".*[.!?…:;,—。！？、，：；][\"'”’»)\]」』）*_]*", re.DOTALL)
_SHORT_LINE = 60
"""Characters. A shorter line without a mark at its end is no wrapped prose, so a pause is due."""


@dataclass(frozen=True, slots=True)
class Piece:
    shown: str
    """Text of the screen, exact: joined, the pieces are the input."""
    said: str
    """What the TTS says for it; empty only where there is nothing to say and no neighbour to stand with."""


class Spoken:
    """Push chunks, get pieces; ``flush`` gives what was held back (a block of code, a table, trailing space).

    A chunk is best what ``Sentences`` gives: a clause, a sentence, or a whole line with its newline. Code,
    tables and formulas are held until they end, since what is said of them needs all of them. ``language`` is
    an ISO 639-1 code or longer (``en-us``); one without a folder hears English for the fixed words.
    """

    def __init__(self, language: str = "en") -> None:
        code = language.lower().replace("_", "-").split("-")[0]
        self._words = fixed_phrases(code)
        self._form = spoken_form_of(code)
        self._line_start = True
        self._line_length = 0
        self._pausing = False
        self._block = ""
        self._held = ""
        self._unsaid = ""

    def push(self, chunk: str) -> list[Piece]:
        pieces: list[Piece] = []
        for line in _LINE.findall(chunk):
            self._take(line, pieces)
            self._line_start = line.endswith("\n")
        return pieces

    def flush(self) -> list[Piece]:
        """The answer is over. A block that was never closed is told as if it were."""
        pieces: list[Piece] = []
        if self._block:
            self._end_block(pieces)
        if self._unsaid:
            pieces.append(Piece(self._unsaid, ""))
            self._unsaid = ""
        self._line_start = True
        return pieces

    def _take(self, line: str, pieces: list[Piece]) -> None:
        if self._block == "table" and self._line_start and not _ROW.match(line):
            self._end_block(pieces)
        if self._block:
            self._held += line
            if self._block != "table" and blocks.closed(self._block, self._held):
                self._end_block(pieces)
            return
        opening = _OPENING.match(line) if self._line_start else None
        if opening:
            self._block = str(opening.lastgroup)
            self._held = line
            return
        self._add(line, self._prose(line), pieces)

    def _end_block(self, pieces: list[Piece]) -> None:
        said = blocks.said(self._block, self._held, self._words, self._form)
        self._add(self._held, said, pieces)
        self._block = self._held = ""

    def _add(self, shown: str, said: str, pieces: list[Piece]) -> None:
        if said:
            pieces.append(Piece(self._unsaid + shown, said))
            self._unsaid = ""
        elif pieces:
            pieces[-1] = Piece(pieces[-1].shown + shown, pieces[-1].said)
        else:
            self._unsaid += shown

    def _prose(self, line: str) -> str:
        before = ""
        text = line
        if self._line_start:
            if _NOTHING.fullmatch(line):
                return ""
            before, text = self._begin_line(line)
        self._line_length += len(line)
        said = before + inline.plain(text, self._words, self._form)
        if not any(map(str.isalnum, said)):
            said = said if inline.sounds(said) else ""
        due = self._pausing or self._line_length <= _SHORT_LINE
        if said and line.endswith("\n") and due and not _ENDED.fullmatch(said):
            said += "."
        return said

    def _begin_line(self, line: str) -> tuple[str, str]:
        """What kind of line begins; its own words, and the text without its markers."""
        footnote = _FOOTNOTE.match(line)
        text = line[footnote.end() :] if footnote else line
        prefix = _PREFIX.match(text)
        assert prefix is not None  # it matches nothing, too
        self._line_length = 0
        self._pausing = bool(prefix["heading"] or prefix["item"] or _WHOLE_BOLD.fullmatch(line))
        rest = text[prefix.end() :]
        if prefix["heading"]:
            rest = re.sub(r"[ \t]#+[ \t]*$", "", rest.rstrip("\n"))
        number = f"{prefix['number']} " if prefix["number"] and rest.strip() else ""
        box = (prefix["box"] or "").strip()
        state = {"[ ]": self._words.todo, "": ""}.get(box, self._words.done)
        return number + (f"{state}: " if state else ""), rest
