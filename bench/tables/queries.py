"""Forty questions in SQL over twelve tables, each worked out by plain Python as well."""

from __future__ import annotations

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.hostile.table import Options, Row
from bench.tables.made import Sale, make
from pipeline.tables.process import TableProcess

FILES = (
    *(
        "sales.csv",
        "umsatz.csv",
        "tabs.tsv",
        "ventes.txt",
        "people.json",
        "log.jsonl",
        "book.xlsx",
        "calc.ods",
    ),
    *("measured.parquet", "plain.csv", "twice.csv"),
)
Made = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """``expected``: the rows, from what the files were made of."""

    sql: str
    expected: Callable[[Made], list[tuple[Any, ...]]]


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal())


def _grouped(
    rows: Iterable[Any], key: Callable[[Any], Any], value: Callable[[Any], Any]
) -> dict[Any, list[Any]]:
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(value(row))
    return groups


def _by_region(rows: list[Sale]) -> list[tuple[Any, ...]]:
    groups = _grouped(rows, lambda s: s.region, lambda s: s.amount)
    return sorted((region, _sum(found)) for region, found in groups.items())


def _largest(rows: list[Sale]) -> list[tuple[Any, ...]]:
    return [
        (s.number, s.amount)
        for s in sorted((s for s in rows if s.amount is not None), key=lambda s: (-s.amount, s.number))[:5]
    ]


def _mean(values: list[Any]) -> float:
    return float(sum(values) / len(values))


def _months(rows: list[Sale]) -> list[tuple[Any, ...]]:
    return sorted(
        (month, _sum(found))
        for month, found in _grouped(rows, lambda s: s.day.month, lambda s: s.amount).items()
    )


QUESTIONS = (
    Question("SELECT count(*) FROM sales", lambda m: [(len(m["sales"]),)]),
    Question("SELECT sum(Amount) FROM sales", lambda m: [(_sum(s.amount for s in m["sales"]),)]),
    Question(
        "SELECT count(Amount), count(*) - count(Amount) FROM sales",
        lambda m: [
            (sum(s.amount is not None for s in m["sales"]), sum(s.amount is None for s in m["sales"]))
        ],
    ),
    Question(
        "SELECT Region, sum(Amount) FROM sales GROUP BY Region ORDER BY Region",
        lambda m: _by_region(m["sales"]),
    ),
    Question(
        "SELECT No, Amount FROM sales WHERE Amount IS NOT NULL ORDER BY Amount DESC, No LIMIT 5",
        lambda m: _largest(m["sales"]),
    ),
    Question(
        "SELECT min(Day), max(Day) FROM sales",
        lambda m: [(min(s.day for s in m["sales"]), max(s.day for s in m["sales"]))],
    ),
    Question(
        "SELECT avg(Amount) FROM sales",
        lambda m: [(_mean([s.amount for s in m["sales"] if s.amount is not None]),)],
    ),
    Question(
        "SELECT month(Day), sum(Amount) FROM sales GROUP BY ALL ORDER BY 1", lambda m: _months(m["sales"])
    ),
    Question(
        "SELECT DISTINCT Goods FROM sales ORDER BY Goods",
        lambda m: sorted((g,) for g in {s.goods for s in m["sales"]}),
    ),
    Question(
        "SELECT sum(Amount * Quantity) FROM sales",
        lambda m: [(_sum(s.amount * s.quantity for s in m["sales"] if s.amount is not None),)],
    ),
    Question(
        "SELECT sum(Amount * Rate / 100) FROM sales",
        lambda m: [(float(_sum(s.amount * s.rate / 100 for s in m["sales"] if s.amount is not None)),)],
    ),
    Question(
        "SELECT count(*) FROM sales WHERE Amount < 0",
        lambda m: [(sum(s.amount is not None and s.amount < 0 for s in m["sales"]),)],
    ),
    Question(
        "SELECT sum(Betrag) FROM umsatz WHERE Datum IS NOT NULL",
        lambda m: [(_sum(s.amount for s in m["umsatz"]),)],
    ),
    Question(
        "SELECT Betrag FROM umsatz WHERE Datum IS NULL", lambda m: [(_sum(s.amount for s in m["umsatz"]),)]
    ),
    Question(
        "SELECT count(*), count(Betrag) FROM umsatz",
        lambda m: [(len(m["umsatz"]) + 1, sum(s.amount is not None for s in m["umsatz"]) + 1)],
    ),
    Question(
        "SELECT Region, sum(Betrag) FROM umsatz WHERE Datum IS NOT NULL GROUP BY 1 ORDER BY 1",
        lambda m: _by_region(m["umsatz"]),
    ),
    Question(
        "SELECT month(Datum), sum(Betrag) FROM umsatz WHERE Datum IS NOT NULL GROUP BY 1 ORDER BY 1",
        lambda m: _months(m["umsatz"]),
    ),
    Question("SELECT sum(Anteil) FROM umsatz", lambda m: [(_sum(s.rate for s in m["umsatz"]),)]),
    Question(
        "SELECT sum(Menge) FROM umsatz WHERE Region = 'Öst; Süd'",
        lambda m: [(sum(s.quantity for s in m["umsatz"] if s.region == "Öst; Süd"),)],
    ),
    Question('SELECT sum("amount (USD)") FROM tabs', lambda m: [(_sum(s.amount for s in m["tabs"]),)]),
    Question(
        'SELECT id, "amount (USD)" FROM tabs WHERE "amount (USD)" IS NOT NULL ORDER BY 2 DESC, 1 LIMIT 5',
        lambda m: _largest(m["tabs"]),
    ),
    Question(
        'SELECT month(date), sum("amount (USD)") FROM tabs GROUP BY 1 ORDER BY 1',
        lambda m: _months(m["tabs"]),
    ),
    Question(
        "SELECT count(*) FROM tabs WHERE time >= TIME '12:00'",
        lambda m: [(sum(s.quantity % 24 >= 12 for s in m["tabs"]),)],
    ),
    Question("SELECT sum(Montant) FROM ventes", lambda m: [(_sum(s.amount for s in m["ventes"]),)]),
    Question(
        'SELECT "Région", sum(Montant) FROM ventes GROUP BY 1 ORDER BY 1', lambda m: _by_region(m["ventes"])
    ),
    Question("SELECT max(Jour) FROM ventes", lambda m: [(max(s.day for s in m["ventes"]),)]),
    Question(
        "SELECT avg(age), count(*) FROM people WHERE member",
        lambda m: [
            (_mean([p["age"] for p in m["people"] if p["member"]]), sum(p["member"] for p in m["people"]))
        ],
    ),
    Question(
        'SELECT "address.city", sum(height) FROM people GROUP BY 1 ORDER BY 1',
        lambda m: sorted(
            (c, _sum(h))
            for c, h in _grouped(m["people"], lambda p: p["address"]["city"], lambda p: p["height"]).items()
        ),
    ),
    Question(
        "SELECT name FROM people WHERE \"address.zip\" = '00042'",
        lambda m: [(p["name"],) for p in m["people"] if p["address"]["zip"] == "00042"],
    ),
    Question(
        "SELECT level, count(*), count(user) FROM log GROUP BY 1 ORDER BY 1",
        lambda m: sorted(
            (k, len(v), sum("user" in e for e in v))
            for k, v in _grouped(m["log"], lambda e: e["level"], lambda e: e).items()
        ),
    ),
    Question(
        'SELECT sum(ms), max("at") FROM log',
        lambda m: [
            (
                _sum(Decimal(str(e["ms"])) for e in m["log"]),
                max(datetime.fromisoformat(e["at"][:-1]) for e in m["log"]),
            )
        ],
    ),
    Question(
        "SELECT count(*) FROM log WHERE \"at\" < TIMESTAMP '2024-03-02'",
        lambda m: [(sum(e["at"] < "2024-03-02" for e in m["log"]),)],
    ),
    Question(
        "SELECT sum(Amount), count(*) FILTER (Done) FROM book_sales",
        lambda m: [(_sum(s.amount for s in m["book"]), sum(s.quantity % 2 == 0 for s in m["book"]))],
    ),
    Question(
        "SELECT month(Day), sum(Amount) FROM book_sales GROUP BY 1 ORDER BY 1", lambda m: _months(m["book"])
    ),
    Question(
        'SELECT sum("2024") - sum("2021") FROM book_plan',
        lambda m: [(_sum(row[4] - row[1] for row in m["plan"]),)],
    ),
    Question(
        "SELECT Code, Amount FROM calc WHERE Day = DATE '2024-05-01' OR Code = '0007' ORDER BY Code",
        lambda m: [
            (f"{s.number:04}", s.amount) for s in m["calc"] if s.day == date(2024, 5, 1) or s.number == 7
        ],
    ),
    Question(
        "SELECT sensor, sum(value), sum(exact) FROM measured GROUP BY 1 ORDER BY 1",
        lambda m: sorted(
            (k, sum(r[2] for r in v), _sum(r[3] for r in v))
            for k, v in _grouped(m["measured"], lambda r: r[1], lambda r: r).items()
        ),
    ),
    Question(
        "SELECT ok, count(*) FROM measured GROUP BY 1 ORDER BY 1 NULLS LAST",
        lambda m: sorted(
            Counter(r[5] for r in m["measured"]).items(), key=lambda each: (each[0] is None, bool(each[0]))
        ),
    ),
    Question(
        'SELECT sum("column 2"), sum("column 3"), min("column 1") FROM plain',
        lambda m: [
            (sum(r[1] for r in m["plain"]), _sum(r[2] for r in m["plain"]), min(r[0] for r in m["plain"]))
        ],
    ),
    Question(
        'SELECT sum(value), sum("Value 2"), sum("column 3"), max(postcode) FROM twice',
        lambda m: [
            (
                sum(r[0] for r in m["twice"]),
                sum(r[1] for r in m["twice"]),
                sum(r[2] for r in m["twice"]),
                max(r[3] for r in m["twice"]),
            )
        ],
    ),
    Question(
        "SELECT s.Region, sum(s.Amount) - sum(DISTINCT b.t) FROM sales s "
        "JOIN (SELECT Region, sum(Amount) t FROM book_sales GROUP BY 1) b "
        "USING (Region) GROUP BY 1 ORDER BY 1",
        lambda m: [
            (region, whole - part)
            for (region, whole), (_, part) in zip(_by_region(m["sales"]), _by_region(m["book"]), strict=True)
        ],
    ),
)


async def run(options: Options) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, TableProcess() as tables:
        made = make(Path(folder))
        for name in FILES:
            began = time.monotonic()
            found = await tables.load(Path(folder) / name)
            said = " ".join(f"{each.name}: {each.rows} rows. {each.left_out}" for each in found)
            rows.append(Row(name, "load", "opened", said, None, time.monotonic() - began))
        for question in QUESTIONS:
            if options.only in question.sql:
                began = time.monotonic()
                result = await tables.query(question.sql)
                wrong = _wrong(result.rows, question.expected(made))
                rows.append(
                    Row(
                        question.sql,
                        "query",
                        "wrong" if wrong else "right",
                        "",
                        None,
                        time.monotonic() - began,
                        0.0,
                        wrong,
                    )
                )
    return rows


def _wrong(found: tuple[tuple[Any, ...], ...], expected: list[tuple[Any, ...]]) -> tuple[str, ...]:
    """Exact, but for floats, which a sum in another order makes another in the last places."""
    if len(found) != len(expected):
        return (f"{len(found)} rows instead of {len(expected)}",)
    pairs = [
        pair for left, right in zip(found, expected, strict=True) for pair in zip(left, right, strict=True)
    ]
    return next(((f"{left!r} instead of {right!r}",) for left, right in pairs if not _same(left, right)), ())


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, float) or isinstance(expected, float):
        return bool(abs(float(found) - float(expected)) <= 1e-9 * max(1.0, abs(float(expected))))
    return bool(found == expected)
