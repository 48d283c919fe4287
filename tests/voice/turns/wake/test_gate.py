"""Awake or asleep: timelines of frames, a scripted wake word, and who is busy."""

from __future__ import annotations

import numpy as np

from voice.audio.samples import FRAME_SAMPLES, Samples
from voice.turns.wake.gate import Attention, Change

SILENCE = np.zeros(FRAME_SAMPLES, np.float32)
WORD = np.ones(FRAME_SAMPLES, np.float32)


class Listener:
    """Recognises a frame of ones; counts what it was shown."""

    def __init__(self) -> None:
        self.shown = self.resets = 0

    def push(self, frame: Samples) -> bool:
        self.shown += 1
        return bool(frame.any())

    def reset(self) -> None:
        self.resets += 1


def changes(
    attention: Attention,
    until: float,
    *,
    said: tuple[float, ...] = (),
    busy: tuple[tuple[float, float], ...] = (),
) -> list[tuple[float, Change]]:
    """A frame every 0.1 s; ``said``: moments of the wake word; ``busy``: stretches of talk."""
    happened: list[tuple[float, Change]] = []
    for step in range(round(until * 10)):
        now = step / 10
        frame = WORD if any(abs(now - at) < 0.01 for at in said) else SILENCE
        if change := attention.push(frame, now, busy=any(start <= now < end for start, end in busy)):
            happened.append((now, change))
    return happened


def test_it_begins_asleep_and_the_word_wakes_it() -> None:
    attention = Attention(Listener(), 8.0)
    assert not attention.awake
    assert changes(attention, 5.0, said=(2.0,)) == [(2.0, "woke")]
    assert attention.awake


def test_nobody_says_anything_and_it_sleeps_again() -> None:
    assert changes(Attention(Listener(), 8.0), 20.0, said=(2.0,)) == [(2.0, "woke"), (10.0, "slept")]


def test_the_window_opens_when_the_answer_has_been_heard() -> None:
    attention = Attention(Listener(), 8.0)
    happened = changes(attention, 40.0, said=(2.0,), busy=((3.0, 5.0), (5.5, 21.0)))
    assert [what for _, what in happened] == ["woke", "slept"]
    assert 28.8 <= happened[1][0] <= 29.1


def test_while_awake_the_word_engine_rests() -> None:
    listener = Listener()
    changes(Attention(listener, None), 10.0)
    assert listener.shown == 0


def test_without_a_wake_word_it_is_always_awake_until_told_to_sleep() -> None:
    attention = Attention(Listener(), None)
    assert changes(attention, 3600.0) == []
    attention.sleep()
    # It says good night first.
    assert changes(attention, 5.0, busy=((0.0, 3.0),)) == [(3.0, "slept")]
    assert changes(attention, 30.0, said=(20.0,)) == [(20.0, "woke")]
    assert changes(attention, 3600.0) == []


def test_told_to_sleep_it_sleeps_before_the_window_ends() -> None:
    attention = Attention(Listener(), 8.0)
    changes(attention, 2.0, said=(1.0,))
    attention.sleep()
    assert changes(attention, 1.0) == [(0.0, "slept")]


def test_what_was_said_before_it_slept_does_not_wake_it() -> None:
    listener = Listener()
    attention = Attention(listener, None)
    attention.sleep()
    changes(attention, 0.1)
    assert listener.resets == 1
