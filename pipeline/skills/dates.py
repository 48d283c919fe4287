"""Days and dates: which day it is, which day a date is, and how many days lie between."""

from __future__ import annotations

import re
from datetime import date, datetime

from pipeline.skills.answer import SkillAnswer, sentence
from pipeline.skills.calendar_days import (
    DAYS,
    MONTH_NAMES,
    read_calendar_day,
    read_date,
    read_feast,
    say_date,
)
from pipeline.skills.timers import count

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


def _which(text: str, today: date) -> SkillAnswer | None:
    match = _WHICH.fullmatch(text)
    if match is None:
        return None
    when = (match["when"] or "").strip()
    if text.startswith("what is tomorrow's"):
        when = "tomorrow"
    day = today if when in {"", "it"} else read_date(when, today, past="was" in text.split())
    if day is None:
        return None
    apart = (day - today).days
    subject = {0: "Today is", 1: "Tomorrow is", -1: "Yesterday was"}.get(apart)
    if subject is None:
        said = sentence(when.removeprefix("on "))
        verb = "is" if apart > 0 else "was"
        return _dated(f"{_titled(said)} {verb} {_say(day, when)}.", day)
    return _dated(f"{subject} {say_date(day)}.", day)


def _titled(text: str) -> str:
    """Months, days and feasts with their capitals."""
    names = {*MONTH_NAMES, *DAYS, "christmas", "easter", "halloween", "thanksgiving"}
    return " ".join(word.capitalize() if word in names else word for word in text.split())


def _say(day: date, asked: str) -> str:
    """Asked for a date, the weekday is what was wanted; a named day gets its whole date."""
    return f"a {day:%A}" if re.search(r"\d{4}", asked) else say_date(day)


def _dated(text: str, day: date) -> SkillAnswer:
    return SkillAnswer(text, "date", {"date": day.isoformat()}, True)


def _until(text: str, today: date) -> SkillAnswer | None:
    match = _UNTIL.fullmatch(text)
    if match is None:
        return None
    past = match["way"] in {"since", "from"}
    day = read_date(match["day"], today, past=past)
    if day is None:
        return None
    days = (day - today).days
    name = _titled(match["day"])
    if days == 0:
        return _dated(f"That is today: {say_date(day)}.", day)
    if past or days < 0:
        return _dated(f"{sentence(name)} was {count(abs(days), 'day')} ago: {say_date(day)}.", day)
    weeks, rest = divmod(days, 7)
    said = count(days, "day")
    if match["unit"] == "weeks" and weeks:
        said = count(weeks, "week") + (f" and {count(rest, 'day')}" if rest else "")
    verb = "is" if said.startswith("1 ") else "are"
    return _dated(f"There {verb} {said} until {name}: {say_date(day)}.", day)


def answer(text: str, now: datetime) -> SkillAnswer | None:
    """``text`` is normalised. None when it does not ask for a day or a date."""
    today = now.date()
    if match := _CALENDAR.fullmatch(text):
        said = {
            "year": f"It is {today.year}.",
            "month": f"It is {today:%B} {today.year}.",
            "week": f"It is week {today.isocalendar().week}.",
            "century": f"It is the {_nth((today.year - 1) // 100 + 1)} century.",
        }[match["what"]]
        return _dated(said, today)
    if found := _until(text, today) or _which(text, today):
        return found
    match = _WHEN.fullmatch(text)
    day = match and (
        read_feast(match["day"], today, past=False) or read_calendar_day(match["day"], today, past=False)
    )
    if not match or not day:
        return None
    return _dated(f"{sentence(_titled(match['day']))} is on {say_date(day)}.", day)


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in {11, 12, 13} else "th"
    return f"{number}{ending}"
