"""What nobody waits for gives way: the niceness of threads and children, as the system tells it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from config.system.priority import LLM_NICE, PROMPT_NS, lower, lower_child, lowered, prompt, slice_ns

linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no niceness of its own")


def niceness(number: int = 0) -> int:
    return os.getpriority(os.PRIO_PROCESS, number or threading.get_native_id())


@linux
def test_a_lowered_thread_and_what_it_begins_are_nicer_and_this_one_is_not() -> None:
    before, began = niceness(), []

    def work(to: int) -> int:
        inner = threading.Thread(target=lambda: began.append(niceness()))
        inner.start()
        inner.join()
        return to + niceness()

    expected = max(before, LLM_NICE)
    assert lowered(work, 1000) == 1000 + expected
    assert began == [expected]
    assert niceness() == before


def test_what_a_lowered_piece_of_work_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        lowered(lambda: 1 // 0)


@linux
def test_lower_never_raises() -> None:
    assert lowered(lambda: (lower(15), lower(3), niceness())) == (True, True, max(niceness(), 15))


@linux
def test_a_prompt_thread_has_short_slices_and_what_it_begins_has_not() -> None:
    slices: list[int | None] = []

    def inner() -> None:
        slices.append(slice_ns())

    def outer() -> None:
        inner()
        slices.append(PROMPT_NS if prompt() else None)
        inner()
        beginning = threading.Thread(target=inner)
        beginning.start()
        beginning.join()
        slices.append(niceness())

    thread = threading.Thread(target=outer)
    thread.start()
    thread.join()
    usual, done, own, begun, nice = slices
    if usual:  # Linux tells of slices from 6.12 on
        assert own == done == PROMPT_NS < usual == begun
    else:
        assert own == usual == begun
    assert nice == niceness()


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """With a second thread, once it has said so."""
    code = "import sys, threading; threading.Thread(target=sys.stdin.read).start(); print('.', flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.communicate()


@linux
def test_a_child_is_lowered_with_the_threads_that_it_has(child: subprocess.Popen[bytes]) -> None:
    assert lower_child(child.pid)
    threads = [int(name) for name in os.listdir(f"/proc/{child.pid}/task")]
    assert len(threads) == 2
    assert {niceness(number) for number in threads} == {max(niceness(), LLM_NICE)}


def test_what_has_ended_is_no_failure(child: subprocess.Popen[bytes]) -> None:
    child.communicate()
    assert not lower_child(child.pid)
    assert not lower(thread=child.pid)
