"""The skills as tools: what a person asks for and what a model calls is one call, with one result."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.skills import sums
from pipeline.skills.ring.outcomes import (
    NoTimer,
    TimerChanged,
    TimerRefused,
    TimersCancelled,
    TimerSet,
    TimersListed,
    WhichTimer,
)
from pipeline.skills.timers import Timer
from pipeline.skills.unit_tables import UNITS
from pipeline.tools.base import ToolError
from tests.kitchen import Kitchen, done


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


@pytest.mark.parametrize(
    ("asked", "name", "arguments", "result"),
    [
        ("set a timer for five minutes", "set_timer", {"seconds": 300}, "Timer set for 5 minutes."),
        ("set a pasta timer for ten minutes", "set_timer", {"seconds": 600, "name": "pasta"},
         "Pasta timer set for 10 minutes."),
        ("remind me to call mom in half an hour", "set_timer",
         {"seconds": 1800, "name": "call mom", "kind": "reminder"},
         "I will remind you in 30 minutes: call mom."),
        ("set a timer for ten weeks", "set_timer", {"seconds": 6048000},
         "A timer must run for more than nothing and for at most 7 days."),
        ("set an alarm for seven thirty", "set_alarm", {"time": "19:30"},
         "Alarm set for 7:30 PM. It rings only while I am running."),
        ("wake me up at half past six tomorrow", "set_alarm", {"time": "06:30", "tomorrow": True},
         "Alarm set for 6:30 AM tomorrow. It rings only while I am running."),
        ("remind me at four in the afternoon to go", "set_alarm",
         {"time": "16:00", "name": "go", "kind": "reminder"},
         "I will remind you at 4:00 PM: go. It rings only while I am running."),
        ("how much time is left on the timer", "list_timers", {}, "No timer is running."),
        ("cancel the tea timer", "cancel_timer", {"name": "tea"}, "No timer is running."),
        ("cancel all timers", "cancel_timer", {"all": True, "kind": "timer"}, "No timer is running."),
        ("what time is it", "get_time", {}, "It is 3:05 PM."),
        ("what time is it in sydney", "get_time", {"place": "Sydney"}, "In Sydney it is 1:05 AM on Monday."),
        ("what time is it in atlantis", "get_time", {"place": "Atlantis"},
         "I do not know the time zone of Atlantis."),
        ("what day is it", "get_date", {}, "Today is Sunday, November 22, 2026."),
        ("when is easter", "get_date", {"date": "2027-03-28"}, "Sunday, March 28, 2027 is in 126 days."),
        ("what was the date two weeks ago", "get_date", {"date": "2026-11-08"},
         "Sunday, November 8, 2026 was 14 days ago."),
        ("what is twelve times eleven", "calculate", {"expression": "12 * 11"}, "12 times 11 is 132."),
        ("a third of ninety", "calculate", {"expression": "((1 / 3) * 90)"},
         "((1 divided by 3) times 90) is 30."),
        ("the square root of minus four", "calculate", {"expression": "the square root of minus four"},
         "A negative number has no square root among the real numbers."),
        ("what percent of eighty is twenty", "calculate", {"expression": "100 * 20 / 80"},
         "100 times 20 divided by 80 is 25."),
        ("how many kilometres are five miles", "convert",
         {"amount": 5, "from_unit": "miles", "to_unit": "kilometres"}, "5 miles is about 8.047 kilometres."),
        ("five feet ten inches in cm", "convert",
         {"amount": 70, "from_unit": "inches", "to_unit": "centimetres"}, "70 inches is 177.8 centimetres."),
        ("how many ounces in a cup", "convert", {"amount": 1, "from_unit": "US cups", "to_unit": "ounces"},
         "1 US cup is 8 US fluid ounces."),
        ("how many litres are five miles", "convert",
         {"amount": 5, "from_unit": "miles", "to_unit": "litres"},
         "Miles measure length and litres volume, so the one cannot be turned into the other."),
    ],
)  # fmt: skip
def test_an_utterance_is_a_call(
    kitchen: Kitchen, asked: str, name: str, arguments: dict[str, Any], result: str
) -> None:
    request = kitchen.skills.parse(asked)
    assert request is not None
    assert (request.tool, request.arguments) == (name, arguments)
    assert kitchen.timers.running() == []  # understood, and nothing done
    done(kitchen.skills.answer(asked))
    called = Kitchen()
    assert called.call(name, **arguments).text == result
    assert called.timers.running() == kitchen.timers.running()


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("calculate", {"expression": "sqrt(2) * sqrt(2)"}, "is about 2."),
        ("calculate", {"expression": "2**10"}, "is 1024."),
        ("calculate", {"expression": "15% of 80"}, "is 12."),
        ("calculate", {"expression": "12/05/2024"}, "12 divided by 05 divided by 2024 is about"),
        ("calculate", {"expression": "7"}, "7 is 7."),
        ("calculate", {"expression": "1/0"}, "Division by zero has no result."),
        ("calculate", {"expression": "import os"}, "“import os” is no sum."),
        ("calculate", {"expression": "(" * 900}, "is no sum."),
        ("calculate", {"expression": "1" * 1001}, "must have at most 1000 letters"),
        ("calculate", {}, "“expression” is missing."),
        ("convert", {"amount": 1 / 3, "from_unit": "yards", "to_unit": "feet"}, "is 1 foot."),
        ("convert", {"amount": -40, "from_unit": "°C", "to_unit": "F"},
         "Minus 40 degrees Celsius is minus 40 degrees Fahrenheit."),
        ("convert", {"amount": 60, "from_unit": "mph", "to_unit": "km/h"},
         "60 miles per hour is about 96.56 kilometres per hour."),
        ("convert", {"amount": 1, "from_unit": "parsec", "to_unit": "km"},
         "I do not know the unit “parsec”."),
        ("convert", {"amount": 1e308, "from_unit": "km", "to_unit": "m"}, "must be at most"),
        ("get_time", {"place": "Asia/Tokyo"}, "it is 11:05 PM."),
        ("get_time", {"place": "America/New_York"}, "it is 9:05 AM."),
        ("get_date", {"feast": "christmas"}, "Friday, December 25, 2026 is in 33 days."),
        ("get_date", {"in_days": 10}, "Wednesday, December 2, 2026 is in 10 days."),
        ("get_date", {"in_days": 10**30}, "further than a calendar reaches."),
        ("get_date", {"date": "25.12."}, "“25.12.” is no date. Write it as 2026-11-22."),
        ("get_date", {"feast": "ramadan"}, "“feast” must be one of"),
        ("set_timer", {"seconds": "300"}, '“seconds” must be a number, not "300".'),
        ("set_timer", {"seconds": -1}, "A timer must run for more than nothing"),
        ("set_timer", {"seconds": 10**400}, "A timer must run for more than nothing"),
        ("set_alarm", {"time": "7 pm"}, "“7 pm” is no time of day. Write it as 07:30."),
    ],
)  # fmt: skip
def test_what_a_model_calls(kitchen: Kitchen, name: str, arguments: dict[str, Any], result: str) -> None:
    assert result in kitchen.call(name, **arguments).text
    assert kitchen.timers.running() == []


def test_a_model_in_the_kitchen(kitchen: Kitchen) -> None:
    for seconds, name in ((600, "pasta"), (60, ""), (120, "tea")):
        kitchen.call("set_timer", seconds=seconds, name=name)
    assert kitchen.call("list_timers", name="tea").text == "There are 2 minutes left on the tea timer."
    assert kitchen.call("list_timers", name="egg").text == "There is no egg timer."
    assert kitchen.call("cancel_timer").text.endswith("Which one?")
    assert kitchen.call("cancel_timer", seconds=90).text.startswith("There is no timer for 1 minute and 30")
    assert kitchen.call("cancel_timer", seconds=60).text == "Timer for 1 minute cancelled."
    assert kitchen.call("cancel_timer", number=7).text.startswith("There is no timer number 7.")
    assert kitchen.call("cancel_timer", name="TEA").text == "Tea timer cancelled."
    assert [timer.label for timer in kitchen.timers.running()] == ["pasta"]


def test_a_model_gives_a_timer_another_length(kitchen: Kitchen) -> None:
    kitchen.call("set_timer", seconds=600, name="pasta")
    longer = kitchen.call("change_timer", name="pasta", by_seconds=120)
    assert longer.text == "Pasta timer changed: 12 minutes left."
    assert kitchen.call("change_timer", to_seconds=60).text == "Pasta timer changed: 1 minute left."
    assert "more than nothing" in kitchen.call("change_timer", by_seconds=-60).text
    assert longer.undo is not None
    kitchen.call("set_alarm", time="07:00")
    alarm = next(timer for timer in kitchen.timers.running() if timer.kind == "alarm")
    assert (
        "Cancel it, and set another" in kitchen.call("change_timer", number=alarm.number, by_seconds=60).text
    )


@pytest.mark.parametrize(
    ("arguments", "result", "days"),
    [
        ({"time": "07:30", "repeat": ["weekdays"]},
         "Alarm set for 7:30 AM every weekday. It rings only while I am running.", (0, 1, 2, 3, 4)),
        ({"time": "07:30", "repeat": ["daily"], "tomorrow": True},
         "Alarm set for 7:30 AM every day. It rings only while I am running.", tuple(range(7))),
        ({"time": "18:00", "repeat": ["friday", "monday"], "kind": "reminder", "name": "the bins"},
         "I will remind you at 6:00 PM every Monday and Friday: the bins. It rings only while I am running.",
         (0, 4)),
        ({"time": "09:00", "repeat": ["weekends"], "date": "2026-11-25"},
         "Alarm set for 9:00 AM every Saturday and Sunday. It rings only while I am running.", (5, 6)),
    ],
)  # fmt: skip
def test_what_rings_again(
    kitchen: Kitchen, arguments: dict[str, Any], result: str, days: tuple[int, ...]
) -> None:
    set_it = kitchen.call("set_alarm", **arguments)
    assert set_it.text == result
    assert isinstance(set_it.value, TimerSet)
    assert set_it.value.due is not None
    assert set_it.value.due.weekday() in days
    assert set_it.value.timer.days == days
    assert set_it.value.timer.zone == "Europe/Berlin"
    assert kitchen.call("change_timer", by_seconds=60).text.endswith("Cancel it, and set another.")


def test_what_came_of_a_call_is_a_value(kitchen: Kitchen) -> None:
    assert isinstance(kitchen.call("list_timers").value, NoTimer)
    assert isinstance(kitchen.call("set_timer", seconds=60, name="eggs").value, TimerSet)
    kitchen.call("set_timer", seconds=90)
    listed = kitchen.call("list_timers").value
    assert isinstance(listed, TimersListed)
    assert [each.seconds for each in listed.timers] == [60, 90]
    assert isinstance(kitchen.call("cancel_timer").value, WhichTimer)
    changed = kitchen.call("change_timer", name="eggs", to_seconds=30).value
    assert isinstance(changed, TimerChanged)
    assert changed.left_s == 30
    cancelled = kitchen.call("cancel_timer", all=True).value
    assert isinstance(cancelled, TimersCancelled)
    assert (len(cancelled.timers), cancelled.staying) == (2, ())
    refused = [
        kitchen.call("set_timer", seconds=0),
        kitchen.call("set_alarm", time="25:00"),
        *(kitchen.call("set_alarm", time="07:00", date=day) for day in ("soon", "2026-11-01", "2027-11-01")),
    ]
    assert [each.value.reason for each in refused if isinstance(each.value, TimerRefused)] == [
        "length", "no_time", "no_date", "passed", "length",
    ]  # fmt: skip
    assert all(each.failed for each in refused)


def test_what_a_tool_did_to_timers_can_be_taken_back(kitchen: Kitchen) -> None:
    assert kitchen.call("list_timers").undo is None
    set_it = kitchen.call("set_timer", seconds=60, name="eggs")
    cancelled = kitchen.call("cancel_timer", all=True)
    assert set_it.undo is not None
    assert cancelled.undo is not None
    cancelled.undo()
    assert kitchen.timers.running() == [Timer(1, "eggs", 60, 60)]
    set_it.undo()
    assert kitchen.timers.running() == []


def test_only_what_changes_something_is_more_than_a_read(kitchen: Kitchen) -> None:
    risks = {tool.name: tool.risk for tool in kitchen.skills.tools}
    assert {name for name, risk in risks.items() if risk != "read"} == {
        "set_timer",
        "set_alarm",
        "change_timer",
        "cancel_timer",
    }
    assert set(risks.values()) == {"read", "write"}


_SPOKEN = st.recursive(
    st.sampled_from(["two", "7", "a third", "2.5", "ninety nine", "zero", "1/2"]),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from(["plus", "minus", "times", "over", "^"]), part).map(" ".join),
        part.map("( {} )".format), part.map("minus {}".format), part.map("the square root of {}".format),
        part.map("cube root of {}".format), part.map("{} squared".format), part.map("{} cubed".format),
        part.map("20 percent of {}".format), part.map("half of {}".format), part.map("twice {}".format),
        part.map("{} to the third".format),
    ),
    max_leaves=6,
)  # fmt: skip


@given(_SPOKEN)
@settings(max_examples=300, deadline=None)
def test_a_sum_written_with_signs_is_the_sum_that_was_spoken(spoken: str) -> None:
    request = sums.parse(spoken)
    if request is None or not request.arguments:
        return

    def result(expression: str) -> tuple[Fraction, bool] | str:
        try:
            found = sums.calculate(expression)
        except ToolError as reason:
            return str(reason)
        return found.value, found.exact

    assert result(request.arguments["expression"]) == result(spoken)


@given(st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)), st.floats(-1e6, 1e6))
@settings(max_examples=200, deadline=None)
def test_units_convert_or_say_why_not(from_unit: str, to_unit: str, amount: float) -> None:
    result = Kitchen().call("convert", amount=amount, from_unit=from_unit, to_unit=to_unit)
    assert result.text.endswith(".")
    assert " failed (" not in result.text
    if UNITS[from_unit].dimension == UNITS[to_unit].dimension:
        assert not result.failed or result.text == "Nothing can be colder than absolute zero."


_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=90),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(["07:30", "tomorrow", "2026-02-30", "tokyo", "km", "timer", "99:99", "2 ^ 9 ^ 9"]),
)  # fmt: skip


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_no_model_makes_a_tool_raise(data: st.DataObject) -> None:
    kitchen = Kitchen()
    tool = data.draw(st.sampled_from(kitchen.skills.tools))
    keys = [*tool.parameters["properties"], "other"]
    arguments = data.draw(st.dictionaries(st.sampled_from(keys), _VALUES, max_size=len(keys)))
    result = kitchen.call(tool.name, **arguments)
    assert result.text
    assert " failed (" not in result.text
