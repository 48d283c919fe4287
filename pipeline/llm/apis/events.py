"""From bytes, cut anywhere, to events: server-sent ones, or a JSON object a line. Pure.

Written here and not taken from a library: httpx-sse reads through httpx's own lines, an async generator in an
async generator, which costs more for a token than decoding it does; and a line there has no bound.
"""

from __future__ import annotations

from typing import NamedTuple

LONGEST_LINE = 1_000_000
"""Bytes. A whole answer of 600 tokens has some 10,000, and a thought signature 50,000."""


class LongLineError(ValueError):
    """A line, or an event, is longer than ``LONGEST_LINE``."""


_BOM = b"\xef\xbb\xbf"
_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")


class Event(NamedTuple):
    """``name``: "" where the server gave none."""

    name: str
    data: str


class Lines:
    """Lines without their ends, which may be ``\\n``, ``\\r\\n`` or ``\\r``. Raises ``LongLineError``."""

    def __init__(self) -> None:
        self._begun: list[bytes] = []
        self._length = 0
        self._ended = False
        """By ``\\r``: a ``\\n`` that follows ends nothing."""

    def push(self, data: bytes) -> list[bytes]:
        if self._ended or b"\r" in data:
            data = self._newlines(data)
        head, newline, rest = data.partition(b"\n")
        if not newline:
            self._keep(head)
            return []
        lines = [b"".join([*self._begun, head]), *rest.split(b"\n")]
        self._begun, self._length = [], 0
        self._keep(lines.pop())
        if any(len(line) > LONGEST_LINE for line in lines):
            raise LongLineError
        return lines

    def flush(self) -> list[bytes]:
        """The last line, where nothing ended it."""
        begun, self._begun, self._length = b"".join(self._begun), [], 0
        return [begun] if begun else []

    def _newlines(self, data: bytes) -> bytes:
        if self._ended and data:
            data = data.removeprefix(b"\n")
            self._ended = False
        self._ended = self._ended or data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _keep(self, part: bytes) -> None:
        self._length += len(part)
        if self._length > LONGEST_LINE:
            raise LongLineError
        if part:
            self._begun.append(part)


class SseEvents:
    """Server-sent events. What begins with a colon is a comment, other fields are nobody's here, and an event
    without data is a sign of life. Where no empty line stands between two events, no object ends inside one.
    """

    def __init__(self) -> None:
        self.strange = False
        """There are lines in it that no such stream has."""
        self._lines = Lines()
        self._name = ""
        self._data: list[bytes] = []
        self._length = 0

    def push(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        for line in self._lines.push(data):
            self._take(line, events)
        return events

    def flush(self) -> list[Event]:
        """The last event, where no empty line ended it: some servers close the connection at once."""
        events: list[Event] = []
        for line in [*self._lines.flush(), b""]:
            self._take(line, events)
        return events

    def _take(self, line: bytes, events: list[Event]) -> None:
        if line.startswith(b"data:"):
            data = line[6:] if line[5:6] == b" " else line[5:]
            if self._data and self._data[-1].endswith(b"}") and data.startswith((b"{", b"[DONE]")):
                self._end(events)
            self._length += len(line)
            if self._length > LONGEST_LINE:
                raise LongLineError
            self._data.append(data)
        elif not line:
            self._end(events)
            self._name = ""
        elif line.startswith(b"event:"):
            self._end(events)
            self._name = line[6:].strip().decode("utf-8", "replace")
        elif line.startswith(_BOM):
            self._take(line.removeprefix(_BOM), events)
        elif not line.startswith(_FIELDS):
            self.strange = self.strange or not any(field.startswith(line) for field in (_BOM, *_FIELDS))

    def _end(self, events: list[Event]) -> None:
        data = b"\n".join(self._data)
        if data and not data.isspace():
            events.append(Event(self._name, data.decode("utf-8", "replace")))
        self._data, self._length = [], 0


class JsonLines:
    """A JSON object a line, as Ollama sends them."""

    strange = False
    """What is no object is told as that."""

    def __init__(self) -> None:
        self._lines = Lines()

    def push(self, data: bytes) -> list[Event]:
        return [_read(line) for line in self._lines.push(data) if line.strip()]

    def flush(self) -> list[Event]:
        return [_read(line) for line in self._lines.flush() if line.strip()]


def _read(line: bytes) -> Event:
    return Event("", line.removeprefix(_BOM).decode("utf-8", "replace"))
