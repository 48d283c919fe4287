"""Times of day and days, said in the language of who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from config.language.data import known, table
from config.language.phrases import phrases
from pipeline.skills.when.calendar import MONTHS, WEEKDAYS


def say_time(moment: datetime | time, language: str) -> str:
    """``7:30 AM``, ``noon``, ``7:30 Uhr``."""
    say = phrases(language).say
    if moment.minute == 0 and moment.hour in (0, 12):
        return say("clock.noon" if moment.hour else "clock.midnight")
    half = say("clock.am" if moment.hour < 12 else "clock.pm")
    hour = moment.hour % 12 or 12 if half else moment.hour
    form, one = "time" if moment.minute else "whole", "_one" if hour < 2 else ""
    return say(f"clock.{form}{one}", hour=hour, minute=f"{moment.minute:02d}", half=half)


def say_at(moment: datetime | time, language: str) -> str:
    """As it is said when something happens at that time: ``um 7:30 Uhr``, ``a la 1:30``."""
    one = "_one" if moment.hour == 1 else ""
    return phrases(language).say(f"clock.at{one}", time=say_time(moment, language))


def weekday_name(weekday: int, language: str) -> str:
    return str(table(known(language), "calendar")["weekdays"][WEEKDAYS[weekday]][0])


def month_name(month: int, language: str) -> str:
    return str(table(known(language), "calendar")["months"][MONTHS[month - 1]][0])


def date_words(day: date, language: str) -> dict[str, str]:
    """What a sentence may say of a day: its ``weekday``, ``day``, ``month``, ``year``."""
    say = phrases(language).say
    number = say("calendar.first") if day.day == 1 else say("calendar.day", day=str(day.day))
    return {
        "weekday": weekday_name(day.weekday(), language), "day": number,
        "month": month_name(day.month, language), "year": str(day.year),
    }  # fmt: skip


def say_date(day: date, language: str) -> str:
    """``Friday, December 25, 2026``."""
    return phrases(language).say("calendar.date", **date_words(day, language))


def say_repeat(days: Sequence[int], language: str) -> str:
    """``every day``, ``every Monday and Friday``."""
    own = phrases(language)
    named = {(0, 1, 2, 3, 4, 5, 6): "daily", (0, 1, 2, 3, 4): "weekdays", (5, 6): "weekends"}.get(tuple(days))
    if named:
        return own.say(f"calendar.{named}")
    return own.say("calendar.weekly", days=own.listed([weekday_name(day, language) for day in days]))
