"""What rings again: on the right day, at the same time on the wall, also when summer time begins or ends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.skills.ring.recurrence import (
    DAILY,
    NAMED,
    WEEKEND,
    WORKDAYS,
    last_moment,
    next_moment,
    on_wall,
    read_days,
    zone_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 22, 15, 5, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("days", "at", "next_day"),
    [
        (DAILY, time(15, 6), date(2026, 11, 22)),
        (DAILY, time(15, 5), date(2026, 11, 23)),  # now is over
        (WORKDAYS, time(18, 0), date(2026, 11, 23)),
        (WEEKEND, time(9, 0), date(2026, 11, 28)),
        ((1, 4), time(7, 30), date(2026, 11, 24)),
        ((6,), time(7, 30), date(2026, 11, 29)),
    ],
)
def test_the_next_day(days: tuple[int, ...], at: time, next_day: date) -> None:
    assert next_moment(at, days, "Europe/Berlin", SUNDAY.timestamp()) == datetime.combine(
        next_day, at, BERLIN
    )


def test_not_before_the_day_that_was_named() -> None:
    first = date(2026, 12, 5)
    moment = next_moment(time(8), WORKDAYS, "Europe/Berlin", SUNDAY.timestamp(), first=first)
    assert moment.date() == date(2026, 12, 7)


@pytest.mark.parametrize(
    "begins", [datetime(2026, 10, 24, 12, tzinfo=BERLIN), datetime(2027, 3, 27, 12, tzinfo=BERLIN)]
)
def test_half_past_seven_stays_half_past_seven(begins: datetime) -> None:
    """Across the nights in which summer time ends and begins: 24 h later it would be 6:30 or 8:30."""
    rings, after = [], begins.timestamp()
    for _ in range(3):
        moment = next_moment(time(7, 30), DAILY, "Europe/Berlin", after)
        rings.append(moment.time())
        after = moment.timestamp()
    assert rings == [time(7, 30)] * 3
    assert after - begins.timestamp() != 2 * 86_400 + 19.5 * 3600


def test_a_time_that_a_night_skips_is_an_hour_later() -> None:
    moment = on_wall(date(2027, 3, 28), time(2, 30), "Europe/Berlin")
    assert moment.astimezone(ZoneInfo("UTC")).time() == time(1, 30)


def test_a_zone_that_is_none_is_that_of_this_machine() -> None:
    here = datetime(2026, 11, 23, 7, 30).astimezone().timestamp()
    assert on_wall(date(2026, 11, 23), time(7, 30), "").timestamp() == here
    assert on_wall(date(2026, 11, 23), time(7, 30), "Mars/Olympus").timestamp() == here


def test_the_zone_of_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert zone_of(SUNDAY) == "Europe/Berlin"
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert zone_of(datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=9)))) == "Asia/Tokyo"
    assert zone_of(datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=5)))) == ""


def test_days_by_their_names() -> None:
    assert read_days([]) == ()
    assert read_days(["sunday", "weekdays", "monday"]) == (0, 1, 2, 3, 4, 6)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(NAMED)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_nothing_is_left_out_and_nothing_rings_twice(name: str, at: time, now: datetime, zone: str) -> None:
    after = now.replace(tzinfo=ZoneInfo("UTC")).timestamp()
    following = next_moment(at, NAMED[name], zone, after)
    assert following.timestamp() > after
    assert following.weekday() in NAMED[name]
    assert last_moment(at, NAMED[name], zone, after).timestamp() <= after
    assert last_moment(at, NAMED[name], zone, following.timestamp()) == following
