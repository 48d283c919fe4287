"""Times of day and days, said in the language of who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from config.language.data import known, table
from config.language.phrases import phrases
from pipeline.skills.when.calendar import MONTHS, WEEKDAYS


def say_time(moment: datetime | time, language: str) -> str:
    """``7:30 AM``, ``noon``, ``7 Uhr 30``: as a voice reads it well."""
    say = phrases(language).say
    if _is_named(moment):
        return say("clock.noon" if moment.hour else "clock.midnight")
    half = say("clock.am" if moment.hour < 12 else "clock.pm")
    hour = moment.hour % 12 or 12 if half else moment.hour
    number = {0: "_zero", 1: "_one"}.get(hour, "")
    below_ten = "clock.minute_one" if number == "_one" else "clock.minute"
    return say(
        f"clock.{'time' if moment.minute else 'whole'}{number}",
        hour=say("clock.one") if hour == 1 else hour,
        minute=moment.minute if moment.minute >= 10 else say(below_ten, minute=moment.minute),
        half=half,
    )


def _is_named(moment: datetime | time) -> bool:
    """Noon and midnight."""
    return moment.minute == 0 and moment.hour in (0, 12)


def _in_sentence(key: str, moment: datetime | time, language: str) -> str:
    """One is not said as the other hours are, nor is noon: ``es la una``, ``è mezzogiorno``."""
    form = "_named" if _is_named(moment) else "_one" if moment.hour == 1 else ""
    return phrases(language).say(f"clock.{key}{form}", time=say_time(moment, language))


def say_now(moment: datetime | time, language: str) -> str:
    """A sentence: ``It is 7:30 AM.``"""
    return _in_sentence("it_is", moment, language)


def say_at(moment: datetime | time, language: str) -> str:
    """As it is said when something happens at that time: ``um 7 Uhr 30``, ``a la una y 30``."""
    return _in_sentence("at", moment, language)


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
