"""Timers, on a clock that jumps: exact times in no time."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from trio.testing import MockClock

from config.errors import InputError
from pipeline.skills.durations import say_duration
from pipeline.skills.ring.timer import Ring
from pipeline.skills.timer_requests.answers import say_ring
from pipeline.skills.timers import LONGEST_S, MOST, Timer, Timers


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "trio", {"clock": MockClock(autojump_threshold=0)}


async def next_of(timers: Timers) -> Timer:
    """The next that rings, as the bell waits for it."""
    while True:
        timer = await timers.due()
        if timers.ring(timer):
            return timer


@pytest.mark.anyio
async def test_each_rings_when_it_is_due() -> None:
    timers, start = Timers(), anyio.current_time()
    for seconds, label in ((300, "tea"), (5, "eggs"), (3600, "bread")):
        timers.start(seconds, label)
    choice = []
    for _ in range(3):
        timer = await next_of(timers)
        choice.append((timer.label, anyio.current_time() - start))
    assert choice == [("eggs", 5), ("tea", 300), ("bread", 3600)]
    assert timers.running() == []


@pytest.mark.anyio
async def test_one_started_while_waiting_rings_first_when_it_is_due_first() -> None:
    timers, start = Timers(), anyio.current_time()
    timers.start(100, "long")
    async with anyio.create_task_group() as group:

        async def later() -> None:
            await anyio.sleep(10)
            timers.start(5, "short")

        group.start_soon(later)
        assert (await next_of(timers)).label == "short"
        assert anyio.current_time() - start == 15
        assert (await next_of(timers)).label == "long"
        assert anyio.current_time() - start == 100


@pytest.mark.anyio
async def test_one_cancelled_while_waiting_does_not_ring() -> None:
    timers, start = Timers(), anyio.current_time()
    first = timers.start(10)
    timers.start(20, "second")
    async with anyio.create_task_group() as group:

        async def later() -> None:
            await anyio.sleep(3)
            assert timers.cancel(first)

        group.start_soon(later)
        assert (await next_of(timers)).label == "second"
        assert anyio.current_time() - start == 20
    assert not timers.cancel(first)


@pytest.mark.anyio
async def test_next_waits_for_the_first_to_be_started() -> None:
    timers, start = Timers(), anyio.current_time()
    async with anyio.create_task_group() as group:

        async def later() -> None:
            await anyio.sleep(60)
            timers.start(60)

        group.start_soon(later)
        await next_of(timers)
    assert anyio.current_time() - start == 120


@pytest.mark.anyio
async def test_a_wait_that_is_given_up_loses_no_timer() -> None:
    timers = Timers()
    timers.start(10)
    with anyio.move_on_after(9):
        await next_of(timers)
    assert len(timers.running()) == 1
    assert (await next_of(timers)).seconds == 10


@pytest.mark.anyio
async def test_two_that_wait_get_one_timer_each() -> None:
    timers, got = Timers(), []
    timers.start(5)
    timers.start(5)

    async def wait() -> None:
        got.append((await next_of(timers)).number)

    async with anyio.create_task_group() as group:
        group.start_soon(wait)
        group.start_soon(wait)
    assert sorted(got) == [1, 2]


@pytest.mark.anyio
async def test_time_left_and_numbers_that_are_free_again() -> None:
    timers = Timers()
    first, second = timers.start(60), timers.start(90, "eggs")
    await anyio.sleep(30)
    assert (timers.left(first), timers.left(second)) == (30, 60)
    timers.cancel(first)
    assert timers.start(1).number == 1
    assert [timers.cancel(timer) for timer in timers.running()] == [True, True]
    assert timers.running() == []


def test_too_many_is_said_and_keeps_the_others() -> None:
    timers = Timers(clock=lambda: 0.0)
    for _ in range(MOST):
        timers.start(60)
    with pytest.raises(InputError, match=f"{MOST} timers are running.*go on.*cancel all timers"):
        timers.start(60)
    assert len(timers.running()) == MOST


@pytest.mark.parametrize("seconds", [0, -1, LONGEST_S + 1, float("nan"), float("inf")])
def test_impossible_lengths_are_refused(seconds: float) -> None:
    with pytest.raises(InputError, match="at most 7 days"):
        Timers(clock=lambda: 0.0).start(seconds)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 second"), (60, "1 minute"), (90, "1 minute and 30 seconds"),
        (3661, "1 hour, 1 minute and 1 second"), (172_800, "2 days"), (59.6, "1 minute"),
    ],
)  # fmt: skip
def test_durations_as_said(seconds: float, said: str) -> None:
    assert say_duration(seconds) == said


def test_what_is_said_when_it_rings() -> None:
    def rang(*timer: Any) -> str:
        return say_ring(Ring(Timer(*timer)), "en")

    assert rang(1, "", 300, 0) == "Your timer for 5 minutes is done."
    assert rang(1, "pasta", 300, 0) == "Your pasta timer is done."
    assert rang(1, "7:30 AM", 300, 0, "alarm") == "It is 7:30 AM. This is your alarm."
    assert rang(1, "call mom", 300, 0, "reminder") == "Here is your reminder: call mom."


@pytest.mark.anyio
async def test_what_happened_to_timers_is_taken_back_and_only_that() -> None:
    timers = Timers()
    eggs, tea = timers.start(5, "eggs"), timers.start(300, "tea")
    before = timers.running()
    for timer in before:
        timers.cancel(timer)
    timers.start(60, "bread")
    undo = timers.undoing(before)
    later = timers.start(90, "later")
    await anyio.sleep(10)  # the eggs would have rung: they are not rung late
    undo()
    assert timers.running() == [later, Timer(1, "tea", 300, tea.due)]  # its number is another's now
    assert eggs not in timers.running()
