"""The files that are spoken of, and what is so about them, worked out in plain Python."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

_CITIES = ("Berlin", "Paris", "Rome")
_MONTHS = ("January", "February", "March", "April", "May", "June")

DIFF = Path(__file__).with_name("changes.diff")

_CHAPTERS = {
    "Summary": "The library was open on 301 days. 48,210 people came, 6 percent more than the year before.",
    "Money": "The budget for books was 62,000 euros. Of these 58,400 euros were spent by December.",
    "Building": "The roof of the reading room leaks above the fourth window. It will be repaired in May.",
    "Outlook": "From January the library opens on Sundays, between 11 and 5.",
}


@dataclass(frozen=True)
class Sales:
    rows: tuple[tuple[str, str, Decimal], ...]

    @property
    def by_city(self) -> dict[str, Decimal]:
        return self._by(0)

    @property
    def by_month(self) -> dict[str, Decimal]:
        return self._by(1)

    def _by(self, column: int) -> dict[str, Decimal]:
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for row in self.rows:
            totals[row[column]] += row[2]
        return dict(totals)


def sales() -> Sales:
    """Of six months in three cities."""
    return Sales(tuple(
        (city, month, Decimal(100 + 37 * (3 * n + k) % 211) + Decimal(k) / 4)
        for n, month in enumerate(_MONTHS) for k, city in enumerate(_CITIES)
    ))  # fmt: skip


def write_sales(path: Path) -> None:
    lines = [f"{city},{month},{amount}" for city, month, amount in sales().rows]
    path.write_text("city,month,amount\n" + "\n".join(lines) + "\n", "utf-8")


def write_report(path: Path) -> None:
    """As Markdown: a heading and a few sentences a chapter, with enough between them to be searched."""
    filler = "Thanks go to everybody who helped, at the desk and behind it. " * 6
    chapters = (f"## {name}\n\n{text}\n\n{filler}\n" for name, text in _CHAPTERS.items())
    path.write_text("# The year in the library\n\n" + "\n".join(chapters), "utf-8")
