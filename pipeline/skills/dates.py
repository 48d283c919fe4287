"""Days and dates: which day it is, which day a date is, and how many days lie between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.language.data import DEFAULT
from config.language.phrases import phrases
from config.language.words import words_in
from pipeline.skills.answer import computed
from pipeline.skills.durations import say_length
from pipeline.skills.when.calendar import read_day
from pipeline.skills.when.say import month_name, say_date, weekday_name
from pipeline.tools.base import Tool, ToolError

FEASTS = ("easter", "thanksgiving", "new year", "valentine's day", "halloween", "christmas eve", "christmas")
"""Of those that English has words for, a name each."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and today."""

    day: date
    today: date

    @property
    def text(self) -> str:
        """For a model."""
        if -2 < self.days < 2:
            return self.near(DEFAULT)
        far, said = say_length(abs(self.days), "day", DEFAULT), say_date(self.day, DEFAULT)
        return f"{said} {f'is in {far}' if self.days > 0 else f'was {far} ago'}."

    @property
    def days(self) -> int:
        """From today on."""
        return (self.day - self.today).days

    def near(self, language: str) -> str:
        """Today, tomorrow or yesterday."""
        name = {0: "today", 1: "tomorrow", -1: "yesterday"}[self.days]
        return phrases(language).say(f"calendar.{name}", date=say_date(self.day, language))

    def named(self, asked: str, language: str) -> str:
        """Which day it is, by the name that was asked for. Asked for a date with its year, the weekday is
        what was wanted; else it gets its whole date.
        """
        if -2 < self.days < 2:
            return self.near(language)
        say, verb = phrases(language).say, "is" if self.days > 0 else "was"
        if any(word.isdecimal() and len(word) == 4 for word in asked.split()):
            return say(
                f"calendar.{verb}_weekday", asked=asked, weekday=weekday_name(self.day.weekday(), language)
            )
        return say(f"calendar.{verb}", asked=asked, date=say_date(self.day, language))

    def between(self, asked: str, language: str, *, past: bool, weeks: bool) -> str:
        """How far from today it is."""
        say, said = phrases(language).say, say_date(self.day, language)
        if self.days == 0:
            return say("calendar.that_is_today", date=said)
        if past or self.days < 0:
            span = say_length(abs(self.days), "day", language, "accusative")
            return say("calendar.ago", asked=asked, span=span, date=said)
        in_weeks = weeks and self.days >= 7
        span = _weeks(self.days, language) if in_weeks else say_length(self.days, "day", language)
        one = self.days == 1 or (weeks and self.days == 7)
        return say("calendar.until_one" if one else "calendar.until", asked=asked, span=span, date=said)

    def on(self, asked: str, language: str) -> str:
        return phrases(language).say("calendar.on", asked=asked, date=say_date(self.day, language))

    def part(self, what: str, language: str) -> str:
        """Its ``year``, ``month``, ``week`` or ``century``."""
        values = {
            "year": {"year": str(self.day.year)},
            "month": {"month": month_name(self.day.month, language), "year": str(self.day.year)},
            "week": {"week": str(self.day.isocalendar().week)},
            "century": {"century": _nth((self.day.year - 1) // 100 + 1, language)},
        }[what]
        return phrases(language).say(f"calendar.{what}", **values)


def get_date(today: date, date: str = "", feast: str = "", in_days: int = 0) -> Day:
    """Today, or ``date`` (``2026-12-25``), or the next ``feast``; ``in_days`` later. Raises ``ToolError``."""
    try:
        day = _feast(feast, today) if feast else _iso(date) if date else today
        return Day((day or today) + timedelta(days=in_days), today)
    except ValueError:
        raise ToolError(f"“{date}” is no date. Write it as {today.isoformat()}.") from None
    except OverflowError:
        raise ToolError("That day is further than a calendar reaches.") from None


_PARAMETERS = {
    "type": "object",
    "properties": {
        "date": {"type": "string", "maxLength": 10, "description": "as 2026-12-25; today when left out"},
        "feast": {"type": "string", "enum": list(FEASTS), "description": "instead of a date: its next day"},
        "in_days": {"type": "integer", "description": "so many days later; earlier when negative"},
    },
}


def date_tool(now: Callable[[], datetime]) -> Tool:
    return Tool(
        "get_date",
        "Tells which day is today, the weekday of a date, and how many days it is from today.",
        _PARAMETERS,
        risk="read",
        run=computed(lambda **arguments: get_date(now().date(), **arguments)),
    )


def _iso(text: str) -> date:
    return date.fromisoformat(text)


def _feast(name: str, today: date) -> date | None:
    named = read_day(words_in(name, DEFAULT), DEFAULT)
    return named.on(today) if named else None


def _weeks(days: int, language: str) -> str:
    weeks, rest = divmod(days, 7)
    said = say_length(weeks, "week", language)
    return phrases(language).listed([said, say_length(rest, "day", language)]) if rest else said


def _nth(number: int, language: str) -> str:
    endings = phrases(language).tables["nth"]
    last = "" if number % 100 in (11, 12, 13) else str(number % 10)
    return f"{number}{endings.get(last, endings['else'])}"
