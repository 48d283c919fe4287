"""Timers at the command line: ``ask`` answers at once and keeps them, ``talk`` rings them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.settings.paths import state_dir
from pipeline.store.opening import NAME, open_store

Call = Callable[..., Any]
ASK = ("ask", "--llm", "skills", "--speaker", "none")
TALK = ("talk", "--typed", "--microphone", "none", "--speaker", "none", "--llm", "skills")


def test_ask_answers_at_once_and_says_how_it_will_ring(aloud: Call) -> None:
    began = time.monotonic()
    outcome = aloud(*ASK, "set a pasta timer for 10 minutes")
    assert (outcome.status, outcome.out) == (0, "Pasta timer set for 10 minutes.\n")
    assert outcome.err == (
        "It is kept, and rings in a conversation that is open, or else when the next begins. To begin one: "
        "aloud talk\n"
    )
    assert time.monotonic() - began < 60
    assert "left on the pasta timer." in aloud(*ASK, "how much time is left on the timers").out
    cancelled = aloud(*ASK, "cancel the pasta timer")
    assert (cancelled.out, cancelled.err) == ("Pasta timer cancelled.\n", "")


def test_what_ask_has_set_rings_in_a_talk(aloud: Call, aloud_process: Call) -> None:
    aloud(*ASK, "set a tea timer for 5 minutes")
    with open_store() as store:
        assert store.database is not None
        with store.database.writing() as base:
            base.execute("UPDATE timers SET due = ?", (time.time() - 7260,))
    outcome = aloud_process(*TALK, stdin=b"what is 2 plus 3\n")
    assert "Timer: Your tea timer was done 2 hours ago, while I was not running.\n" in outcome.out
    assert "tea" not in aloud_process(*TALK, stdin=b"what is 2 plus 3\n").out


def test_what_cannot_be_kept_is_said_and_waited_for(aloud: Call) -> None:
    state_dir().mkdir(0o700, parents=True)
    base = sqlite3.connect(state_dir() / NAME)
    base.execute("PRAGMA user_version=1000")
    base.close()
    outcome = aloud(*ASK, "set a timer for half a second")
    assert outcome.status == 0
    assert outcome.out == "Timer set for 1 second.\nYour timer for 1 second is done.\n"
    first, second = outcome.err.splitlines()
    assert "was written by a later version of Aloud" in first
    assert second == "A timer is running: it ends when that has rung. To end now: Ctrl-C"


def test_on_the_clock_that_skips_waits_nobody_s_timers_ring(aloud: Call, recordings: Path) -> None:
    aloud(*ASK, "set a tea timer for 5 minutes")
    with open_store() as store:
        assert store.database is not None
        with store.database.writing() as base:
            base.execute("UPDATE timers SET due = ?", (time.time() - 60,))
    sound = str(recordings / "stop.wav")
    outcome = aloud("talk", "--fast", "--microphone", sound, "--speaker", "none", "--llm", "skills")
    assert outcome.status == 0
    assert "tea" not in outcome.out
