"""What rings waits until nobody speaks, and is there until it sounds."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from trio.testing import MockClock

from pipeline.conversation.announcements import Announcer
from pipeline.skills.timers import Timers


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "trio", {"clock": MockClock(autojump_threshold=0)}


class Told:
    def __init__(self) -> None:
        self.rang: list[tuple[float, str]] = []

    def __call__(self, turn: int, name: str, arguments: dict[str, Any], result: str) -> None:
        self.rang.append((anyio.current_time(), result))


@pytest.mark.anyio
async def test_who_ends_while_an_answer_is_spoken_has_lost_nothing() -> None:
    timers, floor, told = Timers(), anyio.Lock(), Told()
    tea = timers.start(5, "tea")
    announcer = Announcer(None, timers, floor, told, 0.0)
    async with floor, anyio.create_task_group() as room:
        room.start_soon(announcer.ring)
        await anyio.sleep(60)
        assert announcer.ringing
        room.cancel_scope.cancel()
    assert (told.rang, timers.running()) == ([], [tea])


@pytest.mark.anyio
async def test_after_a_long_answer_all_ring_one_after_the_other_and_the_cancelled_does_not() -> None:
    timers, floor, told, began = Timers(), anyio.Lock(), Told(), anyio.current_time()
    for seconds, label in ((5, "tea"), (6, "eggs"), (7, "bread")):
        timers.start(seconds, label)
    announcer = Announcer(None, timers, floor, told, 0.0)
    async with anyio.create_task_group() as room:
        async with floor:
            room.start_soon(announcer.ring)
            await anyio.sleep(30)
            timers.cancel(timers.find(name="tea")[0])
        await announcer.idle()
        room.cancel_scope.cancel()
    assert [(at - began, text) for at, text in told.rang] == [
        (30, "Your eggs timer is done."),
        (30, "Your bread timer is done."),
    ]
