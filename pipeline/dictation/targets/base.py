"""The protocol of where a text goes, and how it is taken back.

A target delivers a text and gives a receipt; with the receipt, which may have been stored and read again by
another process, it takes the text back where that is safe and refuses with a sentence where it is not.
"""

from __future__ import annotations

import dataclasses
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from config.runtime.clean import CleanText
from config.runtime.json_values import read_json

UNDO_S = 120.0
"""A window is given so long to be the one it was (facts, 1 of the plan's research: typing undone ≤ 120 s)."""

Say = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was delivered, where, and enough to prove it and to take it back."""

    target: str
    """The spec: ``file:notes.md``, as a whole path."""
    text: CleanText
    """As it was given, before the target shaped it."""
    at_s: float = field(default_factory=time.time)
    """Seconds since 1970."""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    place: str = ""
    """The file as a whole path; the window's number."""
    offset: int = -1
    """Bytes of a file before what was written; -1 where that means nothing."""
    length: int = 0
    """Of a file: bytes written. Of a window: letters typed."""

    def as_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(stored: str) -> Receipt:
        return Receipt(**read_json(stored))


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """What a target may need of the dictation that delivers."""

    json: bool = False
    """Records on standard output are objects, a line each."""
    say: Say | None = None
    """Speaks a text."""


Before = Callable[[Receipt], None]


def unnoted(receipt: Receipt) -> None:
    """Nobody wants to know before it is written."""


class Target(Protocol):
    """Each raises ``TargetError``: what failed, and that the text is kept by who delivers it."""

    name: str
    """For a person: "the clipboard", "notes.md"."""

    async def deliver(self, text: CleanText, before: Before = unnoted) -> Receipt:
        """``before`` is told the receipt when nothing but the writing is left to do, with whatever lock held:
        what it stores tells, after a crash, where the text would be. It may be called in a worker thread,
        and again where a file was replaced meanwhile: the last receipt counts. Not cancelled half-way.
        """
        ...

    async def take_back(self, receipt: Receipt) -> None:
        """Raises ``TargetError``, with nothing changed, where taking back is not safe."""
        ...

    async def arrived(self, receipt: Receipt) -> bool | None:
        """After a crash: whether what ``before`` was told did arrive; None where nobody can know.

        A part that arrived is taken away. Whoever keeps receipts sees to it that no two of one file claim
        the same offset: the later one is the true one.
        """
        ...

    async def program(self) -> str:
        """The name of the program that receives, for ``pipeline.dictation.rewrite.styles.style_for``; empty
        where unknown.
        """
        ...
