"""Typed lines in a conversation: whose they are, and when the last one ends it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import anyio

from pipeline.skills.timers import Timers


@dataclass(frozen=True, slots=True)
class Typed:
    """``piped``: by a program, whose lines wait for each other's answers; a person's interrupt."""

    lines: AsyncIterator[str]
    piped: bool = False
    on_timers: Callable[[bool], None] = lambda kept: None
    """They have ended, and a timer still runs, which is ``kept`` or waited for: told to a person."""


async def until_the_end(typed: Typed, ended: anyio.Event, timers: Timers) -> AsyncIterator[str]:
    """Its lines; sets ``ended`` after the last, and says to a person why it may not be over."""
    async for line in typed.lines:
        yield line
    if timers.running() and not typed.piped:
        typed.on_timers(timers.kept)
    ended.set()
