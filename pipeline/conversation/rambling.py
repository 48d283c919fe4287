"""An answer that goes round in circles, or says what was meant for the model alone, is ended and else kept.

Small models do both. What is said again is held back until it is clear whether it is a circle: a person hears
a sentence twice at most, and a refrain, a list or a row of figures is none.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from typing import Literal

from config.errors import LlmError
from config.runtime.clean import EMPTY, CleanText, found
from pipeline.llm.base import Delta

Why = Literal["", "repeats", "leaks"]

LONGEST_CIRCLE = 60
"""Words. A longer one is ended by ``llm.max_tokens``."""
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
_PIECE = re.compile(r"\S+|\s+")
_FENCE = "```"


class Rambling:
    """``push`` what the model writes, get what is to be told; ``flush`` once it has ended.

    ``why`` is set when the answer is to be ended; what comes after that is nobody's. ``instructions``: what
    the model was told, and is not to tell.
    """

    def __init__(self, instructions: str = "") -> None:
        self.why: Why = ""
        self._held = EMPTY
        self._mark = EMPTY
        """What may become a mark."""
        self._word = ""
        """What may go on."""
        self._words: list[str] = []
        self._places: dict[str, deque[int]] = {}
        self._runs: dict[int, int] = {}
        """By the length of a circle: so many words are the same as that many words before."""
        self._holding = self._in_code = False
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
        for piece in found(_PIECE, text):
            if self.why:
                break
            if piece.isspace():
                self._end_word()
            else:
                self._word += piece
            if self._holding:
                self._held += piece
            else:
                told, self._held = told + self._held + piece, EMPTY
        return told

    def _end_word(self) -> None:
        """Whether it goes round in a circle is seen word for word."""
        word, self._word = self._word, ""
        if _FENCE in word:
            self._in_code = not self._in_code
        if not word or self._in_code:
            return
        words, word = self._words, word.lower()
        places = self._places.setdefault(word, deque(maxlen=LONGEST_CIRCLE))
        periods = [len(words) - place for place in reversed(places) if len(words) - place <= LONGEST_CIRCLE]
        places.append(len(words))
        words.append(word)
        runs = self._runs = {period: self._runs.get(period, 0) + 1 for period in periods}
        self._holding = False
        for period, run in runs.items():
            if period > 1 and runs.get(1, 0) >= period:
                continue  # one word again and again has a period of its own
            if run >= _held_from(period) and any(map(_has_letter, words[-period:])):
                self._holding = True
                if run >= period * (_circles(period) - 1):
                    self.why = "repeats"
        if self._leaks and tuple(words[-LEAKED_WORDS:]) in self._leaks:
            self.why = "leaks"


async def checked(deltas: AsyncIterator[Delta], instructions: str) -> AsyncGenerator[Delta, None]:
    """The deltas up to where the answer is to be ended: then the last one's ``finish`` says why."""
    rambling = Rambling(instructions)
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


def _circles(period: int) -> int:
    """So often a row of ``period`` words is said one after the other until it is a circle."""
    return 25 if period == 1 else 8 if period < 4 else 4


def _held_from(period: int) -> int:
    """From so many words on they are held back: all but two of the rows that make a circle, three of four."""
    return period * (max(2, _circles(period) * 2 // 3) - 1)


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))


def _may_begin_mark(text: str) -> int:
    """The characters at the end with which a mark may begin."""
    begun = _MARK_BEGUN.search(text, max(0, len(text) - _LONGEST_MARK))
    return len(begun[0]) if begun else 0
