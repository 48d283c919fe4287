"""Values of a table as they are said and shown: numbers as the column has them, dates with a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from config.language.data import table
from config.language.number_words import say_number
from config.language.numbers import numbers
from pipeline.skills.when.calendar import WEEKDAYS
from pipeline.skills.when.say import month_name, weekday_name
from pipeline.tables.base import Column, Value
from pipeline.tables.questions.asked.columns import holds
from pipeline.tables.questions.asked.dates import any_month
from pipeline.tables.questions.question import Aggregate
from vision.images.names import shown_name

_SIGNS: Mapping[str, str] = {
    "€": "€", "EUR": "€", "$": "$", "USD": "$", "£": "£", "GBP": "£", "¥": "¥", "JPY": "¥", "CHF": "CHF",
}  # fmt: skip
DIVIDED: tuple[Aggregate, ...] = ("mean", "median", "share")
"""What may come to any number of decimals, whatever the column has."""
_CENTS = ("2)", "2,2)")
_OF_MONEY = ("amount", "net", "revenue", "price", "salary", "tax", "profit")
"""What a column holds of which the decimals are cents."""
_ROUNDED = 2
"""Decimals of what is divided."""
_LARGEST = 10**30
"""What is larger is said by its power of ten."""
_NOISE = 10
"""Decimals behind which a sum of fractions is not exact."""


class Formats:
    """In one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.tests: Mapping[str, str] = table(language, "tables")["tests"]
        self.say: Mapping[str, str] = table(language, "tables")["say"]

    def value(self, value: Value, column: Column | None = None, *, divided: bool = False) -> str:
        """Any value in one line; ``divided``: as of ``number``."""
        if value is None or value == "":
            return self.say["empty"]
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, datetime):
            day = self.day(value.date())
            return day if value.time() == value.time().min else f"{day} {value:%H:%M}"
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, (int, float, Decimal)):
            return self.number(value, column, divided=divided)
        return shown_name(str(value), self.say["empty"])

    def number(
        self, value: int | float | Decimal | Fraction, column: Column | None = None, *, divided: bool = False
    ) -> str:
        """``divided``: it may have any number of decimals, and is rounded. That is said."""
        fraction = exactly(value)
        if fraction is None:
            return str(value)
        rounded = _rounded(fraction) if divided else fraction
        said, exact = say_number(rounded, self.language, significant=6)
        if not exact and rounded.denominator == 1 and abs(rounded) < _LARGEST:
            said, exact = f"{int(rounded):,}".replace(",", numbers(self.language).written["grouping"]), True
        money = _money(column)
        if (money or _has_cents(column)) and exact and not divided:
            said = self._with_cents(said)
        said = self._with_sign(said, money)
        return self.say["about"].format(value=said) if not exact or rounded != fraction else said

    def _with_cents(self, said: str) -> str:
        whole, mark, decimals = said.partition(numbers(self.language).written["decimal"])
        return f"{whole}{mark}{decimals}0" if mark and len(decimals) == 1 else said

    def _with_sign(self, said: str, sign: str) -> str:
        if not sign:
            return said
        before = table(self.language, "tables")["money"]["before"] and len(sign) == 1
        if not before:
            return f"{said} {sign}"
        return f"-{sign}{said[1:]}" if said.startswith("-") else f"{sign}{said}"

    def day(self, day: date) -> str:
        return self.tests["date"].format(
            month=month_name(day.month, self.language), day=day.day, year=day.year
        )

    def period(self, value: str) -> str:
        """``2024-03``, ``2024-Q1``, ``2024-W05``, a weekday's number, ``month 3``, a day."""
        if month := any_month(value):
            return month_name(month, self.language)
        year, _, part = value.partition("-")
        if not part:
            weekday = value.isdecimal() and 1 <= int(value) <= len(WEEKDAYS)
            return weekday_name(int(value) - 1, self.language) if weekday else value
        if part[:1] in ("Q", "W"):
            kind = "quarter" if part[0] == "Q" else "week"
            return self.tests[kind].format(year=year, **{kind: int(part[1:])})
        try:
            if "-" in part:
                return self.day(date.fromisoformat(value))
            return self.tests["month"].format(month=month_name(int(part), self.language), year=year)
        except (ValueError, IndexError):
            return value


def exactly(value: int | float | Decimal | Fraction) -> Fraction | None:
    """A fraction of which the noise of its sum is gone; None: it is none (infinite)."""
    try:
        if isinstance(value, float):
            return Fraction(Decimal(repr(round(value, _NOISE))))
        return Fraction(value)
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _rounded(value: Fraction) -> Fraction:
    """To so many decimals; of a small one to as many figures."""
    places = _ROUNDED
    while 0 < abs(value) * 10 ** (places - _ROUNDED + 1) < 1 and places < _NOISE:
        places += 1
    return Fraction(round(value * 10**places), 10**places)


def _money(column: Column | None) -> str:
    """The sign of the currency in a column's name; empty: there is none."""
    if column is None:
        return ""
    words = (
        column.name.replace("(", " ").replace(")", " ").replace("[", " ").replace("]", " ").replace("_", " ")
    )
    found = (_SIGNS.get(word) or _SIGNS.get(word.upper()) for word in words.split())
    return next(filter(None, found), "")


def _has_cents(column: Column | None) -> bool:
    if column is None:
        return False
    cents = column.sql_type.startswith("DECIMAL") and column.sql_type.endswith(_CENTS)
    return cents or any(holds(column.name, each) for each in _OF_MONEY)


def as_json(value: Value) -> str | int | float | bool | None:
    """For a model."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value) if not isinstance(value, timedelta) else str(value.total_seconds())
