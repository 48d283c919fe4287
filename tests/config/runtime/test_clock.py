from __future__ import annotations

import sys
import threading
import time
from types import SimpleNamespace

import anyio
import pytest

from config.runtime import clock
from config.runtime.clock import BackgroundCall, FastLoop, Timeline, busy, in_thread

FAST = {"loop_factory": FastLoop}


def test_the_fast_clock_jumps_over_idle_waits() -> None:
    async def main() -> float:
        began = anyio.current_time()
        await anyio.sleep(3600)
        return anyio.current_time() - began

    really = time.monotonic()
    assert anyio.run(main, backend_options=FAST) == pytest.approx(3600, abs=1)
    assert time.monotonic() - really < 60


def test_waits_end_in_the_order_of_their_times() -> None:
    ended: list[float] = []

    async def wait(seconds: float) -> None:
        await anyio.sleep(seconds)
        ended.append(seconds)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for seconds in (30.0, 10.0, 20.0, 10.5):
                group.start_soon(wait, seconds)

    anyio.run(main, backend_options=FAST)
    assert ended == [10.0, 10.5, 20.0, 30.0]


@pytest.mark.usefixtures("work_takes_time")
def test_work_in_a_thread_takes_its_time_on_the_fast_clock() -> None:
    """A wait beside it is not skipped while it works."""
    order: list[str] = []

    async def wait() -> None:
        await anyio.sleep(30)
        order.append("wait")

    async def main() -> float:
        began = anyio.current_time()
        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            await in_thread(time.sleep, 0.1)
            order.append("work")
            ended = anyio.current_time()
        return ended - began

    assert 0.1 <= anyio.run(main, backend_options=FAST) < 20
    assert order == ["work", "wait"]


def test_where_work_takes_no_time_a_wait_beside_it_waits_for_it() -> None:
    """Every moment is then the same on every machine; also where work ends without waking the loop."""
    moments: list[tuple[str, float]] = []
    let = threading.Event()

    async def main() -> None:
        began = anyio.current_time()

        def note(what: str) -> None:
            moments.append((what, anyio.current_time() - began))

        async def wait() -> None:
            await anyio.sleep(0.001)
            note("wait")

        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            await in_thread(time.sleep, 0.05)
            note("work")
        call = BackgroundCall(let.wait, 10)
        threading.Timer(0.05, let.set).start()
        await anyio.sleep(30)
        note("call ended" if call.done else "call still works")

    really = time.monotonic()
    anyio.run(main, backend_options=FAST)
    assert [what for what, _ in moments] == ["work", "wait", "call ended"]
    assert [at for _, at in moments] == pytest.approx([0.0, 0.001, 30.001])
    assert time.monotonic() - really < 20


def test_what_the_loop_cannot_see_is_marked_busy() -> None:
    async def main(marked: bool) -> bool:
        arrived = anyio.Event()
        token = anyio.lowlevel.current_token()
        threading.Timer(0.05, anyio.from_thread.run_sync, [arrived.set], {"token": token}).start()
        if marked:
            with busy(), anyio.move_on_after(30):
                await arrived.wait()
        else:
            with anyio.move_on_after(30):
                await arrived.wait()
        seen = arrived.is_set()
        with busy():
            await arrived.wait()
        return seen

    assert anyio.run(main, True, backend_options=FAST)
    assert not anyio.run(main, False, backend_options=FAST)


def test_a_cancelled_caller_is_let_go_while_the_thread_ends_by_itself() -> None:
    begun, let, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        let.wait(10)
        ended.set()

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(in_thread, work)
            while not begun.is_set():  # noqa: ASYNC110 -- what has not begun is not begun when it is cancelled
                await anyio.sleep(0.005)
            group.cancel_scope.cancel()
        assert not ended.is_set()
        let.set()

    anyio.run(main)
    assert ended.wait(10)


def test_an_error_in_a_thread_reaches_the_caller_and_ends_being_busy() -> None:
    async def main() -> float:
        with pytest.raises(ZeroDivisionError):
            await in_thread(lambda: 1 / 0)
        began = anyio.current_time()
        await anyio.sleep(600)
        return anyio.current_time() - began

    really = time.monotonic()
    assert anyio.run(main, backend_options=FAST) >= 600
    assert time.monotonic() - really < 60


def test_to_begin_a_call_waits_for_no_other_thread() -> None:
    """Nobody else is let to run for 5 s, unless this thread waits: then the call would have begun."""
    begun, usual = threading.Event(), sys.getswitchinterval()
    sys.setswitchinterval(5)
    try:
        call = BackgroundCall(begun.set)
        had_begun = begun.is_set()
    finally:
        sys.setswitchinterval(usual)
    call.wait()
    assert (had_begun, begun.is_set(), call.done) == (False, True, True)


@pytest.mark.usefixtures("work_takes_time")
def test_a_call_is_worked_on_from_before_it_begins_until_it_ends() -> None:
    async def main() -> list[float]:
        call, began, waits = BackgroundCall(time.sleep, 0.2), anyio.current_time(), []
        for _ in range(2):
            with anyio.move_on_after(30):
                while not call.done:  # noqa: ASYNC110 -- it tells nobody
                    await anyio.sleep(0.02)
            waits.append(anyio.current_time() - began)
            await anyio.sleep(30)
        return waits

    during, after = anyio.run(main, backend_options=FAST)
    assert 0.15 <= during < 5
    assert after - during == pytest.approx(30, abs=1)


def test_what_a_call_raised_is_raised_where_it_is_waited_for() -> None:
    call = BackgroundCall(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call.wait()


def test_the_timeline_counts_samples_and_carries_on_between_frames() -> None:
    async def main() -> None:
        timeline = Timeline()
        await anyio.sleep(5)  # opening things
        timeline.mark(0, 16_000)
        assert timeline.now() == pytest.approx(0, abs=0.05)
        await anyio.sleep(1)
        timeline.mark(8_000, 16_000)
        assert timeline.now() == pytest.approx(0.5, abs=0.05)
        await anyio.sleep(0.25)
        assert timeline.now() == pytest.approx(0.75, abs=0.05)

    anyio.run(main, backend_options=FAST)


def test_a_late_reader_does_not_hold_the_timeline_back() -> None:
    async def main() -> None:
        timeline = Timeline()
        captured = anyio.current_time() + 1.0
        await anyio.sleep(4)
        timeline.mark(16_000, 16_000, captured)  # a second of sound, read three seconds late
        assert timeline.now() == pytest.approx(4.0, abs=0.05)

    anyio.run(main, backend_options=FAST)


def test_the_time_for_which_the_program_was_stopped_is_no_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-Z for an hour: no event is told an hour ahead, to be followed by earlier ones."""
    seconds = [100.0]
    monkeypatch.setattr(clock, "stops", clock.Stops())
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: seconds[0]))
    monkeypatch.setattr(clock, "anyio", SimpleNamespace(current_time=lambda: seconds[0]))
    timeline = Timeline()
    timeline.bound = True
    timeline.mark(16_000, 16_000)
    seconds[0] += 0.5
    assert timeline.now() == pytest.approx(1.5)
    seconds[0] += 3600
    clock.stops.resumed()
    resumed = timeline.now()
    assert 1.0 <= resumed <= 1.5
    seconds[0] += 0.5
    assert timeline.now() == pytest.approx(resumed + 0.5)
    timeline.mark(32_000, 16_000)
    seconds[0] += 0.25
    assert timeline.now() == pytest.approx(2.25)
    seconds[0] += 600  # the device is away, and nothing was stopped
    assert timeline.now() == pytest.approx(2 + clock.LONGEST_GAP_S)
    timeline.bound = False
    assert timeline.now() == pytest.approx(602.25)
