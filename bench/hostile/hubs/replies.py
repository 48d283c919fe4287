"""How a hub may answer: honest but for one thing, or not at all."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.hostile.hubs.server import FILES, Asked, Reply, Respond, entries, entry, honest, http, tree
from config.models.catalogue import known

BODY = FILES["model.bin"]
Prepare = Callable[[Path, Path], object]
"""The model's folder, and a file that nobody may touch."""


@dataclass(frozen=True)
class Case:
    """``statuses``: those with which it may end. ``environment``: ``{hub}`` is the hub's address."""

    name: str
    respond: Respond
    statuses: tuple[int, ...] = (4,)
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Prepare = lambda folder, victim: None
    says: str = ""
    """Words that its sentence must hold."""
    most_bytes: int = -1
    """No file becomes longer, as if the disk were full; -1: it is not."""
    tls: str = ""
    """The hub speaks it, and is ``trusted``, of an ``unknown`` maker, or by its certificate ``another``."""


def listed(change: Callable[[list[dict[str, Any]]], object]) -> Respond:
    """An honest hub but for its list."""
    changed = entries()
    result = change(changed)
    return lambda asked: tree(changed if result is None else result) if asked.is_tree else honest(asked)


def lists(*, more: Iterable[Mapping[str, Any]] = (), at: int = -1, **values: Any) -> Respond:
    """The same, with other values in one entry, or more entries."""

    def change(changed: list[dict[str, Any]]) -> None:
        changed[at] |= values
        changed += map(dict, more)

    return listed(change)


def list_is(reply: bytes | Callable[[], Reply]) -> Respond:
    return lambda asked: (reply if isinstance(reply, bytes) else reply()) if asked.is_tree else honest(asked)


def file_is(reply: Callable[[Asked], Reply], name: str = "model.bin") -> Respond:
    return lambda asked: reply(asked) if asked.name == name and not asked.is_tree else honest(asked)


def endless(head: str, chunk: bytes, pause: float = 0.0) -> Iterator[bytes | float]:
    yield f"HTTP/1.1 200 X\r\n{head}\r\n\r\n".encode()
    while True:
        yield chunk
        yield pause


def drip(text: bytes, pause: float = 0.05) -> Iterator[bytes | float]:
    for byte in itertools.chain(text, itertools.repeat(32)):
        yield bytes([byte])
        yield pause


def to(location: str, status: int = 302) -> Respond:
    return lambda asked: http(status, Location=location.replace("{hub}", asked.hub.address))


def part_is(make: Callable[[Path, Path], object]) -> Prepare:
    """``make`` gets the path of the part that will be written."""
    digest = str(entry("model.bin", BODY)["lfs"]["oid"])[:12]  # type: ignore[index]

    def prepare(folder: Path, victim: Path) -> None:
        folder.mkdir(parents=True)
        make(folder / f"model.bin.{digest}.part", victim)

    return prepare


def in_folder(make: Callable[[Path, Path], object]) -> Prepare:
    def prepare(folder: Path, victim: Path) -> None:
        folder.mkdir(parents=True)
        make(folder, victim)

    return prepare


def link_for_folder(folder: Path, victim: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.symlink_to(victim.parent)


def many(count: int) -> Iterator[bytes]:
    """A list of so many files, a chunk at a time."""
    yield b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n["
    line = b'{"type":"file","path":"vocabulary.%d","size":1,"oid":"' + b"a" * 40 + b'"},'
    for at in range(0, count, 1000):
        yield b"".join(line % n for n in range(at, at + 1000))
    yield b"{}]"


def json_of(size: int) -> Iterator[bytes]:
    yield b'HTTP/1.1 200 X\r\nConnection: close\r\n\r\n["'
    for _ in range(size >> 20):
        yield b"a" * (1 << 20)
    yield b'"]'


def pages_without_end(asked: Asked) -> Reply:
    if not asked.is_tree:
        return honest(asked)
    link = f'<{asked.hub.address}/api?cursor={len(asked.hub.asked)}>; rel="next"'
    return http(200, json.dumps(entries()[:1]).encode(), Link=link)


def link_to(address: str) -> Respond:
    def respond(asked: Asked) -> Reply:
        if not asked.is_tree:
            return honest(asked)
        if "cursor=two" in asked.path:
            return tree(entries()[2:])
        link = f'<{address.replace("{hub}", asked.hub.address)}>; rel="next"'
        return http(200, json.dumps(entries()[:2]).encode(), Link=link)

    return respond


def closes_at(share: float) -> Callable[[Asked], Reply]:
    def reply(asked: Asked) -> Reply:
        whole = honest(asked)
        return whole[: int(len(whole) * share)]

    return reply


def other_range(asked: Asked) -> Reply:
    """Cut at first; and what goes on begins elsewhere."""
    if asked.number == 0:
        return honest(asked)[:200_000]
    return http(206, BODY[250_000:], Content_Range=f"bytes 250000-{len(BODY) - 1}/{len(BODY)}")


def changed_meanwhile(asked: Asked) -> Reply:
    if asked.number == 0:
        return honest(asked)[:200_000]
    other = bytes(reversed(BODY))
    start = asked.start
    return http(206, other[start:], ETag='"b"', Content_Range=f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")


def second_time(first: Callable[[Asked], Reply], then: Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
    return lambda asked: (first if asked.number == 0 else then)(asked)


def list_is_to(location: str) -> Respond:
    return lambda asked: to(location)(asked) if asked.is_tree else honest(asked)


def swaps_the_folder(asked: Asked) -> Reply:
    """Where the model's folder was is a link to another's by the time that its file comes."""
    folder = known("base.en").folder
    if asked.name == "model.bin" and not folder.is_symlink():
        folder.rename(folder.with_name("moved"))
        folder.symlink_to(Path(os.environ["ALOUD_HOME"]).with_name("others"))
    return honest(asked)
