"""What bench.people.interrupt counts; nothing is played, and no recording is needed."""

from __future__ import annotations

import numpy as np
import pytest

from bench.people.interrupt import Outcome, Sound, figures
from voice.audio.samples import HEARING_RATE


def outcome(kind: str, silent: float | None, cancelled: float | None, survived: bool = False) -> Outcome:
    return Outcome(kind, "", 1.0, silent, cancelled, survived, ())


def test_a_lost_interruption_counts_as_never_silent() -> None:
    found = figures([outcome("onset", 250.0, 900.0), outcome("onset", None, None)])
    assert found["interruptions lost"] == 1
    assert found["onset to silent, p95 ms"] == float("inf")


def test_stop_words_count_from_those_obeyed_and_answers_that_went_on_are_not_lost() -> None:
    found = figures(
        [
            outcome("stop", -100.0, 50.0),
            outcome("stop", None, None),
            outcome("disturbance", None, None, survived=True),
            outcome("disturbance", 10.0, 20.0),
        ]
    )
    assert (found["stop words"], found["stop words that silenced for good"]) == (2, 1)
    assert found["stop words understood"] == 0
    assert found["end of the word to cancelled, p95 ms"] == 50.0
    assert (found["disturbances"], found["answers lost to one"]) == (2, 1)
    assert found["interruptions"] == 0
    assert found["onset to silent, p50 ms"] is None


def test_a_word_ends_where_it_is_loud_last() -> None:
    tone = np.sin(np.arange(HEARING_RATE // 2) / 5).astype(np.float32)
    sound = Sound("", np.concatenate([tone, np.zeros(1600, np.float32)]), 2.0)
    assert sound.end_s == pytest.approx(2.5, abs=0.011)
