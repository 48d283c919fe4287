"""Messages of a server as lines, of which none is longer than is taken in. Pure, and each byte is looked at
once: what a server sends beyond the bound costs the event loop nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 1_000_000
"""Bytes of a message."""
_HEAD = 65_536
_TAIL = 256
_TEXT = 32_000
"""Bytes that are kept of the text in a message that is too long: more than a model is given at once."""

_ID = rb'"id"\s*:\s*(\d{1,18}|"[\w.:-]{1,64}")'
_VERSION = rb'"jsonrpc"\s*:\s*"2\.0"'
_FIRST = re.compile(rb"\s*\{\s*(?:" + _VERSION + rb"\s*,\s*)?" + _ID + rb'\s*,\s*(?!"method")')
_LAST = re.compile(_ID + rb"\s*(?:,\s*" + _VERSION + rb"\s*)?\}\s*$")
_ASKS = re.compile(rb'\s*\{(?:\s*(?:"jsonrpc"\s*:\s*"2\.0"|' + _ID + rb')\s*,)*\s*"method"\s*:')
_BEGINS = re.compile(rb'"text"\s*:\s*"')
_LETTERS = re.compile(rb'(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')


@dataclass(frozen=True, slots=True)
class Overlong:
    """A line that was not kept: how it began, how it ended, and how long it was; 0: longer than is taken."""

    head: bytes
    tail: bytes
    size: int = 0

    @property
    def asks(self) -> bool:
        """It is no answer, but a question or a note of the server's: nobody waits for it."""
        return bool(_ASKS.match(self.head))

    def shortened(self, number: bytes = b"") -> bytes:
        """An answer in its place, with the beginning of its text; empty where it cannot be told to what it
        answers. ``number``: of the question, as JSON, where that is known otherwise.
        """
        found = _FIRST.match(self.head) or _LAST.search(self.tail)
        number = number or (found[1] if found else b"")
        if not number:
            return b""
        came = f"{self.size / 1e6:.1f} MB came" if self.size else "more came"
        told = f"{came}, and {LONGEST / 1e6:.0f} MB is taken at most"
        if text := _beginning(self.head):
            content = [{"type": "text", "text": f"{text} … (This is its beginning: {told}.)"}]
            body: dict[str, object] = {"result": {"content": content, "resultType": "complete"}}
            return _answer(number, body)
        return _answer(number, {"error": {"code": -32000, "message": f"Its answer was too long: {told}"}})


class Lines:
    """What was fed to it, line by line, without their ends."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._tail = b""

    @property
    def overflow(self) -> Overlong | None:
        """The line under way, where it is too long already."""
        return Overlong(self._parts[0], self._tail, self._size) if self._size > LONGEST else None

    def feed(self, chunk: bytes) -> Iterator[bytes | Overlong]:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            self._add(end)
            yield self.overflow or b"".join(self._parts)
            self._begin()
        self._add(rest)

    def _add(self, part: bytes) -> None:
        before, self._size = self._size, self._size + len(part)
        if self._size <= LONGEST:
            self._parts.append(part)
            return
        if before <= LONGEST:
            whole = b"".join(self._parts)
            self._parts = [(whole + part)[:_HEAD]]
            self._tail = whole[-_TAIL:]
        self._tail = (self._tail + part[-_TAIL:])[-_TAIL:]


def unreadable(line: bytes) -> bytes:
    """In the place of an answer that nobody can read; empty where it is none."""
    found = _FIRST.match(line) or _LAST.search(line[-_TAIL:])
    if not found or _ASKS.match(line):
        return b""
    return _answer(found[1], {"error": {"code": -32700, "message": "Its answer cannot be read"}})


def _beginning(head: bytes) -> str:
    """Of the first text in an answer."""
    if begins := _BEGINS.search(head):
        letters = _LETTERS.match(head[begins.end() : begins.end() + _TEXT].decode("utf-8", "ignore").encode())
        return str(json.loads(b'"' + letters[0] + b'"')) if letters else ""
    return ""


def _answer(number: bytes, body: dict[str, object]) -> bytes:
    return b'{"jsonrpc":"2.0","id":' + number + b"," + json.dumps(body).encode()[1:]
