"""Keeps a model's thinking out of its speech when the server passes it on inside the answer.

Servers that know their model send the thinking in a field of its own; others leave it in the text, between
tags, before the answer. Only there is it looked for: an answer may well speak *about* ``<think>``.
"""

from __future__ import annotations

import re

from config.runtime.clean import EMPTY, CleanText

_TAGS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "[think]": "[/think]",
    "<mm:think>": "</mm:think>",
    "◁think▷": "◁/think▷",
    "<|start_thinking|>": "<|end_thinking|>",
    "<|channel|>analysis<|message|>": "<|channel|>final<|message|>",
}
"""As written by DeepSeek-R1, Qwen and most others; prompted models; Gemma; prompted models; Magistral;
MiniMax; Kimi; Command A; gpt-oss without its parser."""
_MARKS = _TAGS | {"<|channel|>final<|message|>": "", "</think>": ""}
"""Also those that are all that is left: of gpt-oss, and where the template has begun the thinking."""
MOST_BLANK = 1000
"""Of the white space before an answer so much is held back, to be dropped if there is a block behind it."""
MOST_BLOCKS = 100
"""What has more of them is text."""


_LONGEST = max(map(len, _MARKS))


class ThinkingTags:
    """Takes the answer in pieces, gives back what is to be said. Pure; tags may be split anywhere.

    A block that is never closed is dropped: a model cut off while thinking has said nothing. Whatever only
    began like a tag is given back, at the latest by ``flush``.
    """

    def __init__(self) -> None:
        self.thought = False
        """A block was met."""
        self._held = EMPTY
        self._closing = ""
        self._answering = False
        self._blocks = 0

    def push(self, text: CleanText) -> CleanText:
        self._held += text
        if len(self._held) > MOST_BLANK and self._held.isspace() and not self._closing:
            return self.flush()
        while not self._answering and (self._drop_block() if self._closing else self._open_block()):
            pass
        if not self._answering:
            return EMPTY
        held, self._held = self._held, EMPTY
        return held

    def flush(self) -> CleanText:
        held, self._held = self._held, EMPTY
        if self._closing:
            return EMPTY
        return held.lstrip() if self.thought else held

    def _open_block(self) -> bool:
        """True when a block begins; when the answer does, ``_answering`` is set."""
        if self._blocks >= MOST_BLOCKS:
            self._answering = True
            return False
        start = self._held.lstrip()[:_LONGEST].lower()
        for opening, closing in _MARKS.items():
            if start.startswith(opening):
                self._held = self._held.lstrip()[len(opening) :]
                self._closing, self.thought = closing, True
                self._blocks += 1
                return True
        if any(opening.startswith(start) for opening in _MARKS):
            return False
        if self.thought:
            self._held = self._held.lstrip()
        self._answering = True
        return False

    def _drop_block(self) -> bool:
        # Not ``lower()``: it may change the length (İ), and with it the place that was found.
        end = re.search(re.escape(self._closing), self._held, re.IGNORECASE | re.ASCII)
        if end is None:
            self._held = self._held[1 - len(self._closing) :]
            return False
        self._held = self._held[end.end() :]
        self._closing = ""
        return True
