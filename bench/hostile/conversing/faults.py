"""A fault of a model server: what it answers instead of an answer, in which API, under which name."""

from __future__ import annotations

from asyncio import StreamWriter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

Play = Callable[[StreamWriter], Awaitable[None]]
"""Writes what is answered; the connection is closed after it."""


@dataclass(frozen=True)
class Fault:
    """``good``: how the same server answers once it is well. ``listing``: what it tells of its models."""

    name: str
    play: Play
    good: Play
    api: str = "chat"
    base: str = "/v1"
    ending: str = ""
    listing: Play | None = None
    once: bool = False
    """The first question alone is answered so."""


def spread(found: Iterable[Fault], most: int) -> list[Fault]:
    """So many of them, from the first to the last."""
    every = list(found)
    step = max(1.0, len(every) / most)
    return [every[int(n * step)] for n in range(min(most, len(every)))]
