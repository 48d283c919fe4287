"""Timers that outlive the program: an end is another ``Timers`` on the same file, at a later time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import anyio
import pytest
from trio.testing import MockClock

from config.errors import InputError, StoreError
from pipeline.skills.ring.kept import KeptTimers
from pipeline.skills.ring.recurrence import DAILY, WORKDAYS
from pipeline.skills.ring.table import TooManyTimersError
from pipeline.skills.timer_requests.answers import say_ring
from pipeline.skills.timers import MOST, Timers
from pipeline.store.opening import open_store

ROOT = Path(__file__).parents[4]
BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 11, 22, 15, 5, tzinfo=BERLIN).timestamp()  # a Sunday
HOUR = 3600.0


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "trio", {"clock": MockClock(autojump_threshold=0)}


class Night:
    """A file of timers, and a clock that a test sets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = BEGIN

    @contextmanager
    def program(self, clock: Callable[[], float] | None = None) -> Iterator[Timers]:
        with open_store(self.folder) as store:
            assert store.database is not None
            yield Timers(clock or (lambda: self.now), KeptTimers(store.database, poll_s=60.0))


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def test_all_of_it_is_there_after_an_end(night: Night) -> None:
    with night.program() as timers:
        timers.language = "de"
        set_ = [
            timers.start(300, "pasta"),
            timers.start(HOUR, "call mom", "reminder"),
            timers.start(16 * HOUR, "7:05 AM", "alarm", at=time(7, 5), days=WORKDAYS, zone="Europe/Berlin"),
        ]
        assert timers.running() == set_
    night.now += 60
    with night.program() as timers:
        assert timers.running() == set_
        assert timers.left(set_[0]) == 240
        assert timers.start(5).number == 4


@pytest.mark.parametrize(
    ("kind", "label", "text"),
    [
        ("timer", "pasta", "Your pasta timer was done 2 hours ago, while I was not running."),
        ("timer", "", "Your timer for 5 minutes was done 2 hours ago, while I was not running."),
        ("alarm", "3:10 PM", "Your alarm for 3:10 PM was due 2 hours ago, while I was not running."),
        ("reminder", "call mom",
         "You were to be reminded 2 hours ago, while I was not running: call mom."),
        ("reminder", "", "You were to be reminded 2 hours ago, while I was not running."),
    ],
)  # fmt: skip
def test_what_was_due_while_nothing_ran_rings_late_with_a_word_of_it(
    night: Night, kind: str, label: str, text: str
) -> None:
    with night.program() as timers:
        timers.start(300, label, kind)  # type: ignore[arg-type]
    night.now += 2 * HOUR + 420
    with night.program() as timers:
        (timer,) = timers.awaited()
        ring = timers.ring(timer)
        assert ring is not None
        assert say_ring(ring, "en") == text
        assert timers.running() == []
        assert timers.ring(timer) is None
    with night.program() as timers:
        assert timers.running() == []


def test_who_is_only_talking_when_it_is_due_was_running(night: Night) -> None:
    with night.program() as timers:
        timer = timers.start(300, "pasta")
        night.now += 400
        ring = timers.ring(timer)
        assert ring is not None
        assert say_ring(ring, "en") == "Your pasta timer is done."


@pytest.mark.anyio
async def test_what_was_due_while_the_machine_slept_rings_late(night: Night) -> None:
    started, slept = anyio.current_time(), [0.0]

    def wall() -> float:
        return BEGIN + anyio.current_time() - started + slept[0]

    with night.program(wall) as timers:
        timers.start(300, "pasta")
        async with anyio.create_task_group() as group:

            async def sleep() -> None:
                await anyio.sleep(90)
                slept[0] = 2 * HOUR

            group.start_soon(sleep)
            ring = timers.ring(await timers.due())
        assert ring is not None
        assert say_ring(ring, "en") == "Your pasta timer was done 2 hours ago, while I was not running."


def test_who_is_started_as_it_falls_due_says_nothing_of_it(night: Night) -> None:
    with night.program() as timers:
        timer = timers.start(300, "pasta")
    night.now += 302
    with night.program() as timers:
        ring = timers.ring(timer)
        assert ring is not None
        assert say_ring(ring, "en") == "Your pasta timer is done."


def test_an_alarm_of_every_day_rings_again_and_is_missed_but_once(night: Night) -> None:
    with night.program() as timers:
        first = datetime(2026, 11, 23, 7, 30, tzinfo=BERLIN).timestamp()
        timers.start(first - BEGIN, "7:30 AM", "alarm", at=time(7, 30), days=DAILY, zone="Europe/Berlin")
        night.now = first
        (timer,) = timers.awaited()
        ring = timers.ring(timer)
        assert ring is not None
        assert say_ring(ring, "en") == "It is 7:30 AM. This is your alarm."
        (again,) = timers.running()
        assert datetime.fromtimestamp(again.due, BERLIN) == datetime(2026, 11, 24, 7, 30, tzinfo=BERLIN)
    night.now = datetime(2026, 11, 27, 9, 30, tzinfo=BERLIN).timestamp()  # three mornings later
    with night.program() as timers:
        (timer,) = timers.awaited()
        ring = timers.ring(timer)
        assert ring is not None
        assert say_ring(ring, "en") == "Your alarm for 7:30 AM was due 2 hours ago, while I was not running."
        assert timers.awaited() == []
        (again,) = timers.running()
        assert datetime.fromtimestamp(again.due, BERLIN) == datetime(2026, 11, 28, 7, 30, tzinfo=BERLIN)
        assert timers.cancel(again)


def test_two_programs_see_one_set_of_timers(night: Night) -> None:
    with night.program() as one, night.program() as other:
        pasta = one.start(300, "pasta")
        assert other.running() == [pasta]
        assert other.start(60, "tea").number == 2
        changed = other.change(pasta, 600)
        assert not one.cancel(pasta)  # it is another now
        with pytest.raises(InputError, match="was changed elsewhere"):
            one.change(pasta, 60)
        assert one.cancel(changed)
        assert [timer.label for timer in other.running()] == ["tea"]


def test_two_sessions_of_one_program_see_one_set_of_timers(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.database is not None
        one, other = (Timers(lambda: BEGIN, KeptTimers(store.database)) for _ in range(2))
        pasta = one.start(300, "pasta")
        assert other.running() == [pasta]
        assert other.cancel(pasta)
        assert one.running() == []


def test_of_two_programs_one_rings(night: Night) -> None:
    with night.program() as one, night.program() as other:
        one.start(10, "a"), one.start(10, "b")
        night.now += 10
        first, second = one.awaited()
        assert [one.ring(first) is None, other.ring(first) is None] == [False, True]
        assert [other.ring(second) is None, one.ring(second) is None] == [False, True]


@pytest.mark.anyio
async def test_a_timer_that_another_program_sets_rings_in_the_one_that_waits(night: Night) -> None:
    started = anyio.current_time()

    def wall() -> float:
        return BEGIN + anyio.current_time() - started

    with night.program(wall) as waiting, night.program(wall) as asking:
        async with anyio.create_task_group() as group:

            async def later() -> None:
                await anyio.sleep(3)
                asking.start(600, "eggs")

            group.start_soon(later)
            assert (await waiting.due()).label == "eggs"
            assert wall() - BEGIN == pytest.approx(603, abs=60)


def test_what_was_done_is_taken_back(night: Night) -> None:
    with night.program() as timers:
        tea = timers.start(300, "tea")
        before = timers.running()
        timers.cancel(tea)
        timers.start(60, "bread")
        undo = timers.undoing(before)
        undo()
        assert timers.running() == [tea]
    with night.program() as timers:
        assert timers.running() == [tea]


def test_no_more_than_fifty_of_all_programs(night: Night) -> None:
    with night.program() as one, night.program() as other:
        for _ in range(MOST):
            one.start(60)
        with pytest.raises(TooManyTimersError, match=f"{MOST} timers are running"):
            other.start(60)


def test_where_the_file_cannot_be_written_it_rings_all_the_same_and_once(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.database.BUSY_S", 0.01)
    with open_store(night.folder) as hanging, night.program() as timers:
        assert hanging.database is not None
        timer = timers.start(5, "tea")
        night.now += 5
        with hanging.database.writing():
            with pytest.raises(StoreError, match="Nothing in it was changed"):
                timers.start(60)
            assert timers.ring(timer) is not None
            assert timers.awaited() == []
        assert timers.running() == []


SETS = """
import sys, time
from pathlib import Path
from pipeline.skills.ring.kept import KeptTimers
from pipeline.skills.timers import Timers
from pipeline.store.opening import open_store
with open_store(Path(sys.argv[1])) as store:
    timers = Timers(time.time, KeptTimers(store.database))
    timers.start(0.2, "pasta")
    timers.start(900, "bread")
    print("set", flush=True)
    time.sleep(600)
"""
TAKES = """
import json, sys, time
from pathlib import Path
from pipeline.skills.ring.kept import KeptTimers
from pipeline.skills.timers import Timers
from pipeline.store.opening import open_store
with open_store(Path(sys.argv[1])) as store:
    timers = Timers(time.time, KeptTimers(store.database))
    print("ready", flush=True)
    sys.stdin.readline()
    rang = [timer.number for timer in timers.awaited() if timers.ring(timer)]
    print(json.dumps(rang), flush=True)
"""


def begun(script: str, folder: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=os.environ,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_who_is_killed_has_lost_none(night: Night) -> None:
    process = begun(SETS, night.folder)
    process.kill()
    process.communicate()
    with night.program() as timers:
        assert [timer.label for timer in timers.running()] == ["pasta", "bread"]
        night.now = timers.running()[0].due + HOUR
    with night.program() as timers:
        (pasta, bread) = timers.awaited()
        rings = [timers.ring(pasta), timers.ring(bread)]
        assert [ring and say_ring(ring, "en") for ring in rings] == [
            "Your pasta timer was done 1 hour ago, while I was not running.",
            "Your bread timer was done 45 minutes ago, while I was not running.",
        ]


def test_two_processes_ring_each_once(night: Night) -> None:
    night.now = 0.0  # long ago: due for whoever comes
    with night.program() as timers:
        for _ in range(30):
            timers.start(1)
    processes = [begun(TAKES, night.folder) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    rang = [json.loads(process.communicate()[0]) for process in processes]
    assert sorted(rang[0] + rang[1]) == list(range(1, 31))
