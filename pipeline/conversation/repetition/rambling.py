"""An answer that goes round in circles, or says what was meant for the model alone, is ended and else kept.

Small models do both. What is said again is held back until it is clear whether it is a circle: a person hears
a sentence twice at most, and a refrain, a list or a row of figures is none.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import replace
from typing import Literal

from config.errors import LlmError
from config.runtime.clean import EMPTY, CleanText, found
from pipeline.conversation.repetition.circles import LOOKS, Circles
from pipeline.llm.base import Delta

Why = Literal["", "repeats", "leaks"]

LONGEST_WORD = 24
"""Letters: what has no space in it for longer is taken in such pieces, and what is written without spaces,
letter by letter.
"""
MOST_BLANK = 2000
"""Spaces and ends of lines in a row."""
LEAKED_WORDS = 12
"""Words of the instructions in a row: no answer has them by chance."""
_MARKS = ("<|", "[INST]", "[/INST]", "<<SYS>>", "<start_of_turn>", "<end_of_turn>", "### Human:", "### User:")
"""With which a chat template marks whose turn it is (llama.cpp's src/llama-chat.cpp)."""
_MARK = re.compile("|".join(map(re.escape, _MARKS)))
_LONGEST_MARK = max(map(len, _MARKS))
_MARK_BEGUN = re.compile(
    "|".join(
        f"{re.escape(mark[:n])}\\Z" for n in range(_LONGEST_MARK, 0, -1) for mark in _MARKS if n < len(mark)
    )
)
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\U00020000-\U0003ffff"
"""Japanese, Chinese, Thai and Lao."""
_PIECE = re.compile(rf"\s+|[{_UNSPACED}]|[^\s{_UNSPACED}]+")
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
_FENCE = "```"


class Rambling:
    """``push`` what the model writes, get what is to be told; ``flush`` once it has ended.

    ``why`` is set when the answer is to be ended; what comes after that is nobody's. ``instructions``: what
    the model was told, and is not to tell. ``asked``: so often the person wants to hear something.
    """

    def __init__(self, instructions: str = "", asked: int = 0) -> None:
        self.why: Why = ""
        self._held = EMPTY
        self._mark = EMPTY
        """What may become a mark."""
        self._word = ""
        """What may go on."""
        self._blank = 0
        self._words: deque[str] = deque(maxlen=LEAKED_WORDS)
        self._circles = [Circles(look, asked) for look in LOOKS]
        self._in_code, self._begins_line = False, True
        told = instructions.lower().split()
        self._leaks = {tuple(told[n : n + LEAKED_WORDS]) for n in range(len(told) - LEAKED_WORDS + 1)}

    def push(self, text: CleanText) -> CleanText:
        text, self._mark = self._mark + text, EMPTY
        mark = _MARK.search(text)
        if mark is None and (begun := _may_begin_mark(text)):
            text, self._mark = text[:-begun], text[-begun:]
        told = self._tell(text if mark is None else text[: mark.start()])
        if mark is None or self.why:
            return told
        told += self.flush()
        self.why = "leaks"
        return told

    def flush(self) -> CleanText:
        """What was held back, and proved no circle."""
        rest = EMPTY if self.why else self._held + self._mark
        self._held = self._mark = EMPTY
        return rest

    def _tell(self, text: CleanText) -> CleanText:
        told = EMPTY
        for piece in _pieces(text, len(self._word)):
            if self.why:
                break
            whole = self._take(piece)
            if any(circles.holds for circles in self._circles):
                self._held += piece
            else:
                told, self._held = told + self._held + piece, EMPTY
            if whole:
                self._end_word()
        return told

    def _take(self, piece: str) -> bool:
        """Whether it ends its word; a space ends the one before it."""
        if not piece.isspace():
            self._word, self._blank = self._word + piece, 0
            return len(self._word) >= LONGEST_WORD or _is_unspaced(piece)
        self._end_word()
        self._begins_line = self._begins_line or "\n" in piece
        self._blank += len(piece)
        if self._blank > MOST_BLANK:
            self.why = "repeats"
        return False

    def _end_word(self) -> None:
        """Whether it goes round in a circle is seen word for word."""
        word, self._word = self._word, ""
        if not word:
            return
        if _FENCE in word:
            self._in_code = not self._in_code
        first, self._begins_line = self._begins_line, False
        self._words.append(word.lower())
        for circles in self._circles:
            circles.push(word.lower(), first=first, in_code=self._in_code)
            if circles.found:
                self.why = "repeats"
        if self._leaks and tuple(self._words) in self._leaks:
            self.why = "leaks"


def _pieces(text: CleanText, begun: int) -> Iterator[CleanText]:
    """Of words and what stands between them. ``begun``: so many letters has the word that goes on."""
    for piece in found(_PIECE, text):
        if piece.isspace():
            yield piece
            begun = 0
            continue
        while piece:
            part, piece = piece[: LONGEST_WORD - begun], piece[LONGEST_WORD - begun :]
            yield part
            begun = 0 if _is_unspaced(part) else (begun + len(part)) % LONGEST_WORD


def _is_unspaced(piece: str) -> bool:
    return len(piece) == 1 and bool(_UNSPACED_LETTER.match(piece))


async def checked(
    deltas: AsyncIterator[Delta], instructions: str, asked: int = 0
) -> AsyncGenerator[Delta, None]:
    """The deltas up to where the answer is to be ended: then the last one's ``finish`` says why."""
    rambling = Rambling(instructions, asked)
    try:
        async for delta in deltas:
            text = rambling.push(delta.text) if delta.text else EMPTY
            if delta.finish or delta.call:
                text += rambling.flush()
            if rambling.why:
                yield replace(delta, text=text, call=None, finish=rambling.why)
                return
            if text != delta.text:
                delta = replace(delta, text=text)
            if delta.text or delta.call or delta.finish or delta.waits:
                yield delta
    except LlmError:
        if rest := rambling.flush():
            yield Delta(rest)  # what was said before it failed is told
        raise


def _may_begin_mark(text: str) -> int:
    """The characters at the end with which a mark may begin."""
    begun = _MARK_BEGUN.search(text, max(0, len(text) - _LONGEST_MARK))
    return len(begun[0]) if begun else 0
