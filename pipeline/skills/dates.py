"""Days and dates: which day it is, which day a date is, and how many days lie between."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.skills.answer import SkillRequest, computed, sentence
from pipeline.skills.calendar_days import (
    DAYS,
    FEASTS,
    MONTH_NAMES,
    read_calendar_day,
    read_date,
    read_feast,
    say_date,
)
from pipeline.skills.timers import count
from pipeline.tools.base import Tool, ToolError

_WHICH = re.compile(
    r"(?:(?:what|which) (?:day(?: of the week)?|date|weekday)|what (?:is|was|will be) the (?:date|"
    r"day(?: of the week)?)|"
    r"what is (?:today's|todays) (?:date|day)|what is tomorrow's date|the date|today's date)"
    r"(?: of the month)?(?: (?:is|was|will be))?(?: (?:it|it is|that|be))?(?: on)?(?P<when> .+)?"
)
_WHEN = re.compile(
    r"(?:when|what day|on (?:what|which) day) (?:is|will be|does|do we have)(?: the)? (?P<day>.+?)(?: "
    r"fall| this year)?"
)
_UNTIL = re.compile(
    r"(?:how many (?P<unit>days|weeks|nights|sleeps)|how (?:long|much time|far))(?: is it| are there| "
    r"is there| it is)?"
    r"(?: left)?(?: to go)? (?P<way>until|till|til|to|before|since|from) (?P<day>.+)"
)
_CALENDAR = re.compile(
    r"(?:what|which) (?P<what>year|month|week|century)(?: number)?(?: is it| it is| are we in| do we "
    r"have)?(?: now| today| right now)?"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and today."""

    day: date
    today: date

    @property
    def text(self) -> str:
        subject = {0: "Today is", 1: "Tomorrow is", -1: "Yesterday was"}.get(self.days)
        if subject:
            return f"{subject} {say_date(self.day)}."
        far = count(abs(self.days), "day")
        return f"{say_date(self.day)} {f'is in {far}' if self.days > 0 else f'was {far} ago'}."

    @property
    def days(self) -> int:
        """From today on."""
        return (self.day - self.today).days

    def named(self, asked: str) -> str:
        """Which day it is, by the name that was asked for."""
        if -2 < self.days < 2:
            return self.text
        verb, said = "is" if self.days > 0 else "was", sentence(asked.removeprefix("on "))
        return f"{_titled(said)} {verb} {_say(self.day, asked)}."

    def between(self, asked: str, *, past: bool, weeks: bool) -> str:
        """How far from today it is."""
        name = _titled(asked)
        if self.days == 0:
            return f"That is today: {say_date(self.day)}."
        if past or self.days < 0:
            return f"{sentence(name)} was {count(abs(self.days), 'day')} ago: {say_date(self.day)}."
        said = _weeks(self.days) if weeks and self.days >= 7 else count(self.days, "day")
        verb = "is" if said.startswith("1 ") else "are"
        return f"There {verb} {said} until {name}: {say_date(self.day)}."

    def on(self, asked: str) -> str:
        return f"{sentence(_titled(asked))} is on {say_date(self.day)}."

    def part(self, what: str) -> str:
        """Its ``year``, ``month``, ``week`` or ``century``."""
        return {
            "year": f"It is {self.day.year}.",
            "month": f"It is {self.day:%B} {self.day.year}.",
            "week": f"It is week {self.day.isocalendar().week}.",
            "century": f"It is the {_nth((self.day.year - 1) // 100 + 1)} century.",
        }[what]


def get_date(today: date, date: str = "", feast: str = "", in_days: int = 0) -> Day:
    """Today, or ``date`` (``2026-12-25``), or the next ``feast``; ``in_days`` later. Raises ``ToolError``."""
    try:
        day = read_feast(feast, today, past=False) if feast else _iso(date) if date else today
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


def _weeks(days: int) -> str:
    weeks, rest = divmod(days, 7)
    return count(weeks, "week") + (f" and {count(rest, 'day')}" if rest else "")


def _request(day: date, today: date, say: Callable[[Day], str]) -> SkillRequest:
    return SkillRequest("get_date", {} if day == today else {"date": day.isoformat()}, certain=True, say=say)


def _which(text: str, today: date) -> SkillRequest | None:
    match = _WHICH.fullmatch(text)
    if match is None:
        return None
    when = (match["when"] or "").strip()
    if text.startswith("what is tomorrow's"):
        when = "tomorrow"
    day = today if when in {"", "it"} else read_date(when, today, past="was" in text.split())
    return _request(day, today, lambda found: found.named(when)) if day else None


def _titled(text: str) -> str:
    """Months, days and feasts with their capitals."""
    names = {*MONTH_NAMES, *DAYS, "christmas", "easter", "halloween", "thanksgiving"}
    return " ".join(word.capitalize() if word in names else word for word in text.split())


def _say(day: date, asked: str) -> str:
    """Asked for a date, the weekday is what was wanted; a named day gets its whole date."""
    return f"a {day:%A}" if re.search(r"\d{4}", asked) else say_date(day)


def _until(text: str, today: date) -> SkillRequest | None:
    match = _UNTIL.fullmatch(text)
    if match is None:
        return None
    past, weeks = match["way"] in {"since", "from"}, match["unit"] == "weeks"
    day = read_date(match["day"], today, past=past)
    if day is None:
        return None
    return _request(day, today, lambda found: found.between(match["day"], past=past, weeks=weeks))


def _when(text: str, today: date) -> SkillRequest | None:
    match = _WHEN.fullmatch(text)
    day = match and (
        read_feast(match["day"], today, past=False) or read_calendar_day(match["day"], today, past=False)
    )
    return _request(day, today, lambda found: found.on(match["day"])) if match and day else None


def parse(text: str, now: datetime) -> SkillRequest | None:
    """``text`` is normalised. None when it does not ask for a day or a date."""
    today = now.date()
    if match := _CALENDAR.fullmatch(text):
        return _request(today, today, lambda found: found.part(match["what"]))
    return _until(text, today) or _which(text, today) or _when(text, today)


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in {11, 12, 13} else "th"
    return f"{number}{ending}"
