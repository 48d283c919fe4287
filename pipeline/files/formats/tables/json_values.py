"""JSON and JSON lines: the rows of a table, or else each value with the names that lead to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.lines import LONGEST, doubts, split_lines, text_of
from pipeline.files.formats.shared.look import Look
from pipeline.files.formats.tables.delimited import LONGEST_CELL, MOST_ROWS, row_text
from pipeline.files.formats.texts.code import stretches

_DEEPEST = 200
_SPACE = re.compile(r"[ \t\r\n,]*")
_TOKEN = re.compile(r'([{}\[\],:])|("(?:[^"\\]|\\.)*")|([^\s{}\[\],:"]+)')


def recognises(look: Look) -> Sure:
    return "named" if look.text else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    text = text_of(file)
    yield from doubts(text)
    try:
        rows = list(_rows(text.text))
    except RefusedError:  # with remarks, or damaged: its lines can be read all the same
        yield {"kind": "code"}
        yield from stretches(split_lines(text.text))
        return
    if rows and all(isinstance(row, dict) for _, row in rows[:100]):
        yield from _table(rows)
    else:
        yield {"kind": "text"}
        yield from _leaves(text.text)


FORMAT = Format("table", frozenset({".json", ".jsonl", ".ndjson", ".geojson"}), recognises, read)


def _rows(text: str) -> Iterator[tuple[int, Any]]:
    """Those of a list of objects, or of JSON lines, whatever the file is called: each with its line.

    None, where it is something else. Raises ``RefusedError``.
    """
    start = _SPACE.match(text, 0)
    at = start.end() if start else 0
    listed = text.startswith("[", at)
    at, line, counted = at + listed, 1, 0
    decoder, several = json.JSONDecoder(), False
    while (at := _next(text, at)) < len(text) and not (listed and text[at] == "]"):
        line += text.count("\n", counted, at)
        counted = at
        try:
            value, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            raise RefusedError("damaged") from None
        if not listed and not several and _next(text, at) == len(text):
            return  # one object is no table
        several = True
        yield line, value


def _next(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _table(rows: list[tuple[int, Any]]) -> Iterator[Piece]:
    names = list(dict.fromkeys(name for _, row in rows[:1000] if isinstance(row, dict) for name in row))
    yield {"text": row_text(names)}
    for line, row in rows[:MOST_ROWS]:
        cells = [_cell(row.get(name)) for name in names] if isinstance(row, dict) else [_cell(row)]
        yield {"text": row_text(cells), "line": line}
    if len(rows) > MOST_ROWS:
        yield {"left_out": ("rows", {"count": MOST_ROWS})}


def _leaves(text: str) -> Iterator[Piece]:
    """Each value that is no list and no object, behind the names that lead to it."""
    names: list[str] = []
    counts: list[int] = []
    """Of each list or object that is open: how many values it had; of an object -1."""
    held, line, counted = "", 1, 0
    for token in _TOKEN.finditer(text):
        sign, word = token[1], token[2] or token[3]
        if word is not None and text[_next(text, token.end()) :][:1] == ":" and counts and counts[-1] < 0:
            held = _plain(word)
        elif word is not None or (sign and sign in "{["):
            line += text.count("\n", counted, token.start(token.lastindex or 0))
            counted = token.start(token.lastindex or 0)
            if counts and counts[-1] >= 0:
                counts[-1] += 1
                held = str(counts[-1])
            if word is not None:
                path = " > ".join((*names, held) if counts else ())
                yield {"text": f"{path}: {_plain(word)[:LONGEST]}" if path else _plain(word), "line": line}
            elif len(counts) >= _DEEPEST:
                raise RefusedError("damaged")
            else:
                names += [held] if counts else []
                counts.append(0 if sign == "[" else -1)
        elif sign and sign in "}]" and counts:
            counts.pop()
            names = names[: max(0, len(counts) - 1)]


def _plain(word: str) -> str:
    try:
        value = json.loads(word)
    except ValueError:
        raise RefusedError("damaged") from None
    return value if isinstance(value, str) else word


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:LONGEST_CELL]
