"""Random tables in random dialects, and what comes back: each value as it was, or its column as text."""

from __future__ import annotations

import random
import tempfile
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.hostile.table import Options, Row
from bench.tables.made import english, french, german, quoted
from config.errors import FileError
from pipeline.tables.process import TableProcess

COUNT = 200
_WORDS = (
    "",
    "Nord",
    "Süd; alt",
    "a, b",
    'say "hi"',
    "two\nlines",
    "tab\there",
    "007",
    "x|y",
    "=1+1",
    "№ 5",
    "N/A",
    "-",
)
_DELIMITERS = (",", ";", "\t", "|")
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le")
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d.%m.%y")


class _Column:
    """Its values, and their texts in a file."""

    def __init__(self, chance: random.Random, name: str, rows: int, style: str) -> None:
        self.name = name
        self.kind = chance.choice(("whole", "money", "text", "day", "moment", "percent", "truth", "small"))
        self.day = chance.choice(_DAYS)
        self.sign = chance.choice(("", "", "€", "$"))
        self.style = style
        made = [self._value(chance) for _ in range(rows)]
        self.values = [None if chance.random() < 0.1 and self.kind != "text" else value for value in made]
        self.texts = [self._text(value) for value in self.values]

    def _value(self, chance: random.Random) -> Any:
        match self.kind:
            case "whole":
                return chance.choice((0, 7, -3, 1000, 123_456_789, chance.randrange(10**12)))
            case "money" | "small":
                return Decimal(chance.randrange(-(10**8), 10**8)) / (100 if self.kind == "money" else 1000)
            case "percent":
                return Decimal(chance.randrange(1000)) / 10
            case "day":
                return date(2000, 1, 1) + timedelta(chance.randrange(10_000))
            case "moment":
                return datetime(2020, 1, 1) + timedelta(seconds=chance.randrange(10**8))
            case "truth":
                return chance.random() < 0.5
        return chance.choice(_WORDS[1:])

    def _text(self, value: Any) -> str:
        if value is None:
            return ""
        match self.kind:
            case "money":
                number = {"german": german, "french": french, "english": english}.get(self.style, str)(value)
                return f"{number} {self.sign}".strip() if self.style != "english" else f"{self.sign}{number}"
            case "small" | "percent":
                number = str(value)
                number = number if self.style in ("english", "plain") else number.replace(".", ",")
                return f"{number} %" if self.kind == "percent" else number
            case "day":
                return f"{value:{self.day}}"
            case "moment":
                return f"{value:%Y-%m-%dT%H:%M:%S}"
            case "truth":
                return "TRUE" if value else "false"
        return str(value)


async def run(options: Options) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for begin in range(0, COUNT, 50):
            with TableProcess() as tables:
                for number in range(begin, begin + 50):
                    if options.only in f"dialect {number}":
                        rows.append(await _one(tables, Path(folder), number))
    return rows


async def _one(tables: TableProcess, folder: Path, number: int) -> Row:
    chance = random.Random(number)
    style = chance.choice(("plain", "english", "german", "french"))
    count = chance.choice((2, 5, 40))
    columns = [
        _Column(chance, f"Column {'äöü'[at % 3]} {at}", count, style) for at in range(chance.randrange(2, 7))
    ]
    delimiter, encoding = chance.choice(_DELIMITERS), chance.choice(_ENCODINGS)
    lines = [[each.name for each in columns], *([each.texts[at] for each in columns] for at in range(count))]
    above = chance.choice(("", "", "\n\n", "Report of the year\n\n"))
    text = above + "".join(quoted(line, delimiter) + chance.choice(("\n", "\r\n")) for line in lines)
    file = folder / f"t{number}.csv"
    file.write_bytes(text.encode(encoding, "replace"))
    began, faults, said = time.monotonic(), [], ""
    try:
        (table,) = await tables.load(file)
        said = table.left_out
        found = (await tables.query(f'SELECT * FROM "{table.name}"')).rows
        faults = _faults(columns, [column.sql_type for column in table.columns], found, encoding)
    except FileError as error:
        faults = [error.told]
    case = f"dialect {number}: {style} {delimiter!r} {encoding} {[each.kind for each in columns]}"
    return Row(
        case,
        "load",
        "wrong" if faults else "right",
        said if faults else "",
        None,
        time.monotonic() - began,
        0.0,
        tuple(faults),
    )


def _faults(columns: list[_Column], types: list[str], found: Any, encoding: str) -> list[str]:
    whole = [row for row in zip(*(each.texts for each in columns), strict=True) if any(row)]
    values = [
        row
        for row, texts in zip(
            zip(*(each.values for each in columns), strict=True),
            zip(*(each.texts for each in columns), strict=True),
            strict=True,
        )
        if any(texts)
    ]
    if len(found) != len(whole):
        return [f"{len(found)} rows instead of {len(whole)}"]
    faults = []
    for at, column in enumerate(columns):
        for row, value, texts in zip(found, values, whole, strict=True):
            text = texts[at].encode(encoding, "replace").decode(encoding).strip().replace("\r\n", "\n")
            as_text = types[at] == "VARCHAR" and (row[at] or "") == text
            if not as_text and row[at] != value[at]:
                faults.append(f"{column.kind} {types[at]}: {row[at]!r} of {text!r}")
                break
            if as_text and column.kind in ("whole", "moment", "truth") and any(column.values):
                faults.append(f"{column.kind} is text: {text!r}")
                break
    return faults
