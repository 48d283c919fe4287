"""JSON as rows: a list of objects, an object a line, an object that holds one such list, or lists of lists.

What is nested is flattened by one level (``address.city``); what lies deeper stays JSON text.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from pipeline.tables.loading.delimited import NoTableError, encoding_of
from pipeline.tables.loading.figures import Figure
from pipeline.tables.loading.sheets import Row, Sheet

_DECODER = json.JSONDecoder(parse_float=Figure, parse_int=Figure)
_Record = Any
_MOST_NAMES = 5_000
"""Before any is left out because it is empty."""


def json_sheet(name: str, file: BinaryIO) -> Sheet:
    """Raises ``NoTableError``."""
    encoding = encoding_of(file)
    try:
        records = _lines(file, encoding) if _is_lines(file, encoding) else _whole(file, encoding)
        names, listed = _names(records)
    except RecursionError:
        raise NoTableError("is nested too deeply") from None
    except ValueError as error:
        raise NoTableError(f"is no valid JSON ({str(error)[:80]})") from None
    if not names:
        raise NoTableError("holds no list of objects or of rows")

    def rows() -> Iterator[Row]:
        for record in records():
            yield _row_of(record, names)

    def plain() -> Iterator[Row]:
        for record in records():
            yield [_text(cell) for cell in record] if isinstance(record, list) else [_text(record)]

    return Sheet(name, plain) if listed else Sheet(name, rows, headed=tuple(names))


def _is_lines(file: BinaryIO, encoding: str) -> bool:
    """Whether the first line is an object by itself, and something follows."""
    for line in _text_lines(file, encoding):
        if line.strip():
            try:
                return (
                    isinstance(json.loads(line), dict | list)
                    and line.endswith("\n")
                    and _follows(file, encoding)
                )
            except ValueError:
                return False
    return False


def _follows(file: BinaryIO, encoding: str) -> bool:
    filled = (line for line in _text_lines(file, encoding) if line.strip())
    next(filled)
    return next(filled, None) is not None


def _text_lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    file.seek(0)
    text = io.TextIOWrapper(io.BytesIO(file.read()), encoding, "replace")
    yield from text


def _lines(file: BinaryIO, encoding: str) -> Callable[[], Iterator[_Record]]:
    def records() -> Iterator[_Record]:
        return (_DECODER.decode(line) for line in _text_lines(file, encoding) if line.strip())

    return records


def _whole(file: BinaryIO, encoding: str) -> Callable[[], Iterator[_Record]]:
    file.seek(0)
    found = _DECODER.decode(file.read().decode(encoding, "replace"))
    listed = _list_in(found)
    return lambda: iter(listed)


def _list_in(found: _Record) -> list[_Record]:
    """The rows: the list itself, or the longest one that an object holds; an object of columns; one row."""
    if isinstance(found, list):
        return found
    if not isinstance(found, dict):
        return []
    lists = [each for each in found.values() if isinstance(each, list)]
    if lists and len(lists) == len(found) and len({len(each) for each in lists}) == 1 and len(lists) > 1:
        return [dict(zip(found, row, strict=True)) for row in zip(*lists, strict=True)]
    of_records = [each for each in lists if each and isinstance(each[0], dict | list)]
    return max(of_records, key=len) if of_records else [found]


def _names(records: Callable[[], Iterator[_Record]]) -> tuple[list[str], bool]:
    """Of the columns, in the order in which they first come; and whether the rows are lists without names."""
    names: dict[str, None] = {}
    listed = False
    for record in records():
        if len(names) > _MOST_NAMES:
            raise NoTableError(f"has more than {_MOST_NAMES} columns")
        if isinstance(record, dict):
            names.update(dict.fromkeys(_flat(record)))
        else:
            names.setdefault("value")
            listed = True
    return list(names), listed and list(names) == ["value"]


def _row_of(record: _Record, names: list[str]) -> list[str]:
    flat = _flat(record) if isinstance(record, dict) else {"value": record}
    return [_text(flat.get(name)) for name in names]


def _flat(record: dict[str, _Record]) -> dict[str, _Record]:
    flat: dict[str, _Record] = {}
    for name, value in record.items():
        if isinstance(value, dict) and value:
            flat.update({f"{name}.{inner}": each for inner, each in value.items()})
        else:
            flat[name] = value
    return flat


def _text(value: _Record) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if type(value) is Figure else value.strip()
    return json.dumps(_with_numbers(value), ensure_ascii=False)


def _with_numbers(value: _Record) -> _Record:
    if isinstance(value, list):
        return [_with_numbers(each) for each in value]
    if isinstance(value, dict):
        return {name: _with_numbers(each) for name, each in value.items()}
    return json.loads(value) if type(value) is Figure else value
