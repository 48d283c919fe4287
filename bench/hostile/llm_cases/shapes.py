"""Each value another one, left out, or far too deep; each event out of its place."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from bench.hostile.llm_cases.base import DEEP, Case, head, once
from bench.hostile.llm_cases.streams import SOUND, Event, Sound

_ODD: dict[str, Any] = {
    "null": None,
    "number": 5,
    "negative": -1,
    "fraction": 1.5,
    "true": True,
    "word": "x",
    "nothing": "",
    "list": [],
    "object": {},
    "list-null": [None],
    "list-word": ["x"],
    "object-word": {"a": "b"},
    "huge": 10**400,
    "nan": float("nan"),
    "infinite": float("inf"),
    "half": "\ud800",
    "escape": "\x1b]52;c;cm0=\x07\x1b[31m\x9b\u202e",
    "digits": "9" * 5000,
}


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, more in inner:
        yield from _places(more, (*at, name))


_LEFT_OUT = object()


def _changed(event: Event, place: tuple[Any, ...], value: Any) -> Event:
    changed = copy.deepcopy(event)
    inner: Any = changed
    for step in place[:-1]:
        inner = inner[step]
    if value is _LEFT_OUT:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return changed


def _bent(sound: Sound, event: Event, place: tuple[Any, ...], value: Any) -> bytes:
    return sound.written(_changed(event, place, value))


def _shapes(sound: Sound) -> Iterator[Case]:
    """Each value of each event another one; each left out; each far too deep."""
    for name, events in (("said", sound.said), ("called", sound.called)):
        for at, event in enumerate(events):
            for what, make in _bendings(sound, event, shallow=at < 2):
                pieces = partial(_with_event, sound, events, at, make)
                yield Case(sound.api, "shape", f"{name}-{at}-{what}", pieces)


def _with_event(sound: Sound, events: tuple[Event, ...], at: int, make: Callable[[], bytes]) -> list[bytes]:
    before = sound.stream(events[:at]).removesuffix(sound.last)
    return [head(sound.kind) + before, make(), sound.stream(events[at + 1 :])]


def _bendings(sound: Sound, event: Event, *, shallow: bool) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for place in _places(event):
        path = ".".join(map(str, place))
        for odd, value in _ODD.items():
            if odd in _ODD_EVERYWHERE or (shallow and len(place) < 3):
                yield f"{path}-{odd}", partial(_bent, sound, event, place, value)
        yield f"{path}-without", partial(_bent, sound, event, place, _LEFT_OUT)
        for deep in DEEP:
            for what, begins, ends in (("lists", "[", "]"), ("objects", '{"a": ', "}")):
                nested = begins * deep + "1" + ends * deep
                yield f"{path}-{what}-{deep}", partial(_deep, sound, event, place, nested)
    for odd in ("null", "number", "word", "list", "list-null", "object"):
        yield f"all-{odd}", partial(sound.framed, json.dumps(_ODD[odd]).encode())
    twice = json.dumps(event).encode()
    yield (
        "keys-twice",
        partial(sound.framed, b"{" + twice[1:-1] + b", " + twice[1:], str(event.get("type", ""))),
    )


def _deep(sound: Sound, event: Event, place: tuple[Any, ...], nested: str) -> bytes:
    told = json.dumps(_changed(event, place, "DEEP")).replace('"DEEP"', nested)
    return sound.framed(told.encode(), str(event.get("type", "")))


_ODD_EVERYWHERE = frozenset({"null", "number", "word", "list", "object", "list-null", "nan", "half"})


def _orders(sound: Sound) -> Iterator[Case]:
    """Events left out, twice, in another order, of the other answer, and behind the end."""
    for name, events in (("said", sound.said), ("called", sound.called)):
        for at in range(len(events)):
            left, twice = events[:at] + events[at + 1 :], events[:at] + events[at:][:1] * 2 + events[at + 1 :]
            yield Case(
                sound.api, "order", f"{name}-without-{at}", once(head(sound.kind) + sound.stream(left))
            )
            yield Case(sound.api, "order", f"{name}-twice-{at}", once(head(sound.kind) + sound.stream(twice)))
            moved = (*events[at:], *events[:at])
            yield Case(sound.api, "order", f"{name}-from-{at}", once(head(sound.kind) + sound.stream(moved)))
        yield Case(
            sound.api, "order", f"{name}-backwards", once(head(sound.kind) + sound.stream(events[::-1]))
        )
        yield Case(
            sound.api, "order", f"{name}-twice", once(head(sound.kind) + sound.stream((*events, *events)))
        )
    mixed = [event for pair in zip(sound.said, sound.called, strict=False) for event in pair]
    yield Case(sound.api, "order", "mixed", once(head(sound.kind) + sound.stream(mixed)))
    for other in SOUND.values():
        if other is not sound:
            data = head(sound.kind) + other.stream(other.said)
            yield Case(sound.api, "order", f"of-{other.api}", once(data))


KINDS = (
    _shapes,
    _orders,
)
