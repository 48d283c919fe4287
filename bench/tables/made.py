"""Twelve tables, made from values that are known: what is in the files is what is in the lists here."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.tables.files import ods, parquet, xlsx

_REGIONS = ("North", "South", "East", "West", "Åland", "Öst; Süd")
_GOODS = ('Bolt 5"', "Nut, hex", "Washer", "Screw\nlong", "Rod", "“Cap”", "Éclisse")


@dataclass(frozen=True)
class Sale:
    number: int
    day: date
    region: str
    goods: str
    amount: Decimal | None
    quantity: int
    rate: Decimal
    """In percent."""


def sales(count: int, seed: int, *, days: bool = True) -> list[Sale]:
    chance = random.Random(seed)
    return [
        Sale(
            number + 1,
            date(2024, 1, 1) + timedelta(chance.randrange(365) if days else number % 365),
            chance.choice(_REGIONS),
            chance.choice(_GOODS),
            None if chance.random() < 0.05 else Decimal(chance.randrange(-99_999, 5_000_000)) / 100,
            chance.randrange(1, 500),
            Decimal(chance.randrange(0, 1000)) / 10,
        )
        for number in range(count)
    ]


def english(value: Decimal) -> str:
    return f"{value:,.2f}"


def german(value: Decimal) -> str:
    return english(value).translate(str.maketrans(",.", ".,"))


def french(value: Decimal) -> str:
    return german(value).replace(".", "\u202f")


def quoted(cells: list[str], delimiter: str) -> str:
    return delimiter.join(
        f'"{c.replace(chr(34), 2 * chr(34))}"' if set(c) & {delimiter, '"', "\n"} else c for c in cells
    )


def _delimited(rows: list[list[str]], delimiter: str, end: str = "\n") -> str:
    return "".join(quoted(row, delimiter) + end for row in rows)


def make(folder: Path) -> dict[str, Any]:
    """The files, and by table what is in each."""
    made: dict[str, Any] = {}
    made["sales"] = rows = sales(800, 1)
    head = ["No", "Day", "Region", "Goods", "Amount", "Quantity", "Rate"]
    text = _delimited(
        [
            head,
            *(
                [
                    str(s.number),
                    s.day.isoformat(),
                    s.region,
                    s.goods,
                    "" if s.amount is None else str(s.amount),
                    str(s.quantity),
                    str(s.rate),
                ]
                for s in rows
            ),
        ],
        ",",
    )
    (folder / "sales.csv").write_text(text, "utf-8")

    made["umsatz"] = rows = sales(500, 2)
    head = ["Nr", "Datum", "Region", "Ware", "Betrag", "Menge", "Anteil"]
    total = sum((s.amount for s in rows if s.amount is not None), Decimal())
    body = [
        [
            str(s.number),
            f"{s.day:%d.%m.%Y}",
            s.region,
            s.goods.replace("“", "").replace("”", ""),
            "k.A." if s.amount is None else f"{german(s.amount)} €",
            str(s.quantity),
            german(s.rate)[:-1] + " %",
        ]
        for s in rows
    ]
    last = ["Summe", "", "", "", f"{german(total)} €", "", ""]
    text = "Umsatz 2024;;;;;;\r\n\r\n" + _delimited([head, *body, last], ";", "\r\n")
    (folder / "umsatz.csv").write_bytes(text.encode("cp1252"))

    made["tabs"] = rows = sales(400, 3)
    head = ["id", "date", "region", "amount (USD)", "time"]
    text = _delimited(
        [
            head,
            *(
                [
                    f"{s.number}",
                    f"{s.day:%m/%d/%Y}",
                    s.region,
                    "n/a" if s.amount is None else f"${english(s.amount)}".replace("$-", "-$"),
                    f"{s.quantity % 24:02}:{s.quantity % 60:02}",
                ]
                for s in rows
            ),
        ],
        "\t",
    )
    (folder / "tabs.tsv").write_bytes(text.encode("utf-16"))

    made["ventes"] = rows = sales(300, 4)
    text = _delimited(
        [
            ["Numéro", "Jour", "Région", "Montant"],
            *(
                [str(s.number), f"{s.day:%d/%m/%Y}", s.region, "" if s.amount is None else french(s.amount)]
                for s in rows
            ),
        ],
        "|",
    )
    (folder / "ventes.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())

    made["people"] = people = [
        {
            "name": f"Person {i}",
            "age": i % 90,
            "address": {"city": f"City {i % 7}", "zip": f"{i:05}"},
            "height": Decimal(150 + i % 50) / 100,
            "member": i % 3 == 0,
            "tags": ["a", i],
        }
        for i in range(300)
    ]
    (folder / "people.json").write_text(json.dumps({"version": 1, "people": people}, default=float), "utf-8")

    made["log"] = log = [
        {
            "at": (datetime(2024, 3, 1) + timedelta(minutes=7 * i)).isoformat() + "Z",
            "level": ("info", "warn", "error")[i % 3],
            "ms": i * i % 997 / 8,
            **({"user": f"u{i % 5}"} if i % 2 else {}),
        }
        for i in range(1000)
    ]
    (folder / "log.jsonl").write_text("".join(json.dumps(each) + "\n" for each in log), "utf-8")

    made["book"] = rows = sales(400, 5)
    made["plan"] = plan = [[f"Team {i}", *(Decimal(100 * i + q) / 4 for q in range(1, 5))] for i in range(12)]
    xlsx(
        folder / "book.xlsx",
        {
            "Sales": [
                ["Sales of the year"],
                ["No", "Day", "Region", "Amount", "Done"],
                *([s.number, s.day, s.region, s.amount, s.quantity % 2 == 0] for s in rows),
            ],
            "Empty": [],
            "Plan": [["Team", 2021, 2022, 2023, 2024], *plan],
        },
    )

    made["calc"] = rows = sales(200, 6)
    ods(
        folder / "calc.ods", [["Code", "Day", "Amount"], *([f"{s.number:04}", s.day, s.amount] for s in rows)]
    )

    made["measured"] = rows = [
        (
            i,
            f"s{i % 9}",
            i / 7,
            Decimal(i * 37 % 10_001) / 1000,
            datetime(2024, 5, 1, 12, i % 60, 5),
            None if i % 11 == 0 else i % 2 == 0,
            time(i % 24, 30),
        )
        for i in range(1500)
    ]
    parquet(folder / "measured.parquet", rows)

    made["plain"] = rows = [[f"{chr(97 + i % 26)}{i}", i, Decimal(i % 50) * 5 / 100] for i in range(120)]
    (folder / "plain.csv").write_text(_delimited([[str(c) for c in row] for row in rows], ","), "utf-8")

    made["twice"] = rows = [[i, i * 2, i * 3, f"00{i}"] for i in range(1, 60)]
    text = "sep=;\nvalue;Value;;postcode\n" + "".join(";".join(map(str, row)) + ";\n" for row in rows)
    (folder / "twice.csv").write_text(text, "utf-8")
    return made
