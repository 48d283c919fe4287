"""What a model server can do wrong, case by case, in each API: sound answers cut, bent, swollen, slowed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from bench.hostile.llm_cases.streams import SOUND, Event, Sound

Pieces = Callable[[], Iterable[bytes]]
DEEP = (200, 450, 900)
"""Levels of JSON: Python reads about a thousand."""
_HEAD = "HTTP/1.1 %s\r\nContent-Type: %s\r\nConnection: close\r\n%s\r\n"


@dataclass(frozen=True)
class Case:
    """``kind``: of what it is one. ``pieces``: what is written, head and all. ``pause_s``: before each
    but the first. ``listing``: what is answered to anything but a question. ``well``: it has to be answered.
    """

    api: str
    kind: str
    what: str
    pieces: Pieces
    pause_s: float = 0.0
    end: Literal["closes", "resets", "holds"] = "closes"
    listing: Pieces | None = None
    well: bool = False
    says: str = ""
    """Where it is refused, its sentence has this in it."""

    @property
    def name(self) -> str:
        return f"{self.api}.{self.kind}.{self.what}"


def cases() -> list[Case]:
    """All of them, in every API; by name, no two are alike."""
    from bench.hostile.llm_cases import bodies, endless, http, listing, shapes, statuses

    makers = (http.KINDS, bodies.KINDS, endless.KINDS, shapes.KINDS, statuses.KINDS, listing.KINDS)
    return [case for sound in SOUND.values() for kinds in makers for make in kinds for case in make(sound)]


def head(kind: str, status: str = "200 OK", **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (_HEAD % (status, kind, more)).encode("latin-1")


def once(data: bytes) -> Pieces:
    return lambda: [data]


def answer(sound: Sound, make: Callable[[], Iterable[Event]]) -> Pieces:
    """Made when it is wanted: all together would take hundreds of megabytes."""
    return lambda: [head(sound.kind), sound.stream(make())]


def bomb(word: bytes) -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(2000):
        yield packer.compress(word)
    yield packer.flush()


def called_with(sound: Sound, old: str, new: str, count: int = 1) -> list[Event]:
    """The call with other arguments, or another name or id."""
    return list(map(partial(_exchanged, old=old, new=new * count), sound.called))


def _exchanged(value: Any, old: str, new: str) -> Any:
    """Arguments stand there whole, in two pieces, or as an object."""
    if isinstance(value, list):
        return [_exchanged(inner, old, new) for inner in value]
    if not isinstance(value, dict):
        return new if value == old or (old == "{}" and value == "{") else value
    odd = {name: new for name in ("arguments", "args") if old == "{}" and value.get(name) == {}}
    return {name: _exchanged(inner, old, new) for name, inner in value.items()} | odd
