"""A take and what belongs to it, as values: utterances, deliveries, how long it is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from config.errors import UsageError
from config.runtime.clean import CleanText
from pipeline.dictation.targets.base import Receipt

State = Literal["recorded", "raw", "commanded", "rewritten", "delivered", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class TakeUtterance:
    """As it was heard. ``began``, ``ended``: samples into the take's recording."""

    text: str
    began: int
    ended: int
    became: str | None = None
    """All of the text after it, where it asked an LLM for a change; None: the words tell."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One text on its way to one target. ``arrived`` None: whether it did is not known."""

    id: str
    target: str
    text: str
    receipt: Receipt
    intended: float
    arrived: float | None
    taken_back: float | None


@dataclass(frozen=True, slots=True)
class Take:
    """``began``, ``ended``: seconds since 1970. ``sound``: the name of its recording. ``ends_at``: samples;
    what follows them in the file is another take's.
    """

    id: int
    began: float
    ended: float | None
    state: State
    style: str
    targets: tuple[str, ...]
    language: str
    stt: str
    sound: str
    ends_at: int | None
    raw: CleanText
    commanded: CleanText
    final: CleanText
    reason: CleanText

    @property
    def text(self) -> CleanText:
        """The furthest that it has come."""
        return self.final or self.commanded or self.raw

    @property
    def open(self) -> bool:
        """Neither delivered nor given up."""
        return self.state not in ("delivered", "cancelled")


@dataclass(frozen=True, slots=True)
class Keep:
    """How long what is done with is kept. Both None: for ever."""

    takes: int | None = None
    days: float | None = None


def keep(written: str) -> Keep:
    """``0``, ``20 takes``, ``30 days``, ``forever``. Raises ``UsageError``."""
    match = re.fullmatch(r"(\d+)\s*(takes?|days?)?", written.strip().lower())
    if written.strip().lower() == "forever":
        return Keep()
    if not match or (match[2] is None and match[1] != "0"):
        raise UsageError(
            f"Takes cannot be kept for {written!r}.",
            todo="It takes 0, a number of takes or days, or forever.",
        )
    number = int(match[1])
    return Keep(days=number) if (match[2] or "").startswith("day") else Keep(takes=number)
