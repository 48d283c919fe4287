"""XML as a row of events, names without their prefix. Entities are refused and nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from pipeline.files.formats.shared.format import RefusedError

_CHUNK = 65_536
_DEEPEST = 300


class Event(NamedTuple):
    """``kind``: ``start``, ``end`` or ``text``; of a text ``name`` is the text. Attributes have their names
    with the prefix and without.
    """

    kind: str
    name: str
    attributes: Mapping[str, str]


_NONE: Mapping[str, str] = {}


class Readable(Protocol):
    def read(self, count: int, /) -> bytes: ...


def events(part: Readable) -> Iterator[Event]:
    """Raises ``RefusedError``."""
    from xml.parsers import expat

    found: list[Event] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise RefusedError("damaged")
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        found.append(Event("start", name.rpartition(":")[2], {**plain, **attributes}))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        found.append(Event("end", name.rpartition(":")[2], _NONE))

    def entity(*_: object) -> int:
        raise RefusedError("unsafe")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: found.append(Event("text", text, _NONE))
    parser.EntityDeclHandler = entity
    parser.ExternalEntityRefHandler = entity
    try:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
        yield from found
    except expat.ExpatError:
        yield from found  # what came before the damage
        raise RefusedError("damaged") from None
