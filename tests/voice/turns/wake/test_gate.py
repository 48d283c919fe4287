"""Awake or asleep: timelines of frames, a scripted wake word, and who is busy."""

from __future__ import annotations

import numpy as np

from voice.audio.samples import FRAME_SAMPLES, Samples
from voice.turns.wake.gate import Change, WakeWordGate

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
    gate: WakeWordGate,
    until: float,
    *,
    said: tuple[float, ...] = (),
    busy: tuple[tuple[float, float], ...] = (),
) -> list[tuple[float, Change]]:
    """A frame every 0.1 s; ``said``: moments of the wake word; ``busy``: stretches of talk."""
    dictation_events: list[tuple[float, Change]] = []
    for step in range(round(until * 10)):
        now = step / 10
        frame = WORD if any(abs(now - at) < 0.01 for at in said) else SILENCE
        if change := gate.push(frame, now, busy=any(start <= now < end for start, end in busy)):
            dictation_events.append((now, change))
    return dictation_events


def test_it_begins_asleep_and_the_word_wakes_it() -> None:
    gate = WakeWordGate(Listener(), 8.0)
    assert not gate.awake
    assert changes(gate, 5.0, said=(2.0,)) == [(2.0, "woke")]
    assert gate.awake


def test_nobody_says_anything_and_it_sleeps_again() -> None:
    assert changes(WakeWordGate(Listener(), 8.0), 20.0, said=(2.0,)) == [(2.0, "woke"), (10.0, "slept")]


def test_the_window_opens_when_the_answer_has_been_heard() -> None:
    gate = WakeWordGate(Listener(), 8.0)
    dictation_events = changes(gate, 40.0, said=(2.0,), busy=((3.0, 5.0), (5.5, 21.0)))
    assert [what for _, what in dictation_events] == ["woke", "slept"]
    assert 28.8 <= dictation_events[1][0] <= 29.1


def test_while_awake_the_word_engine_rests() -> None:
    listener = Listener()
    changes(WakeWordGate(listener, None), 10.0)
    assert listener.shown == 0


def test_without_a_wake_word_it_is_always_awake_until_told_to_sleep() -> None:
    gate = WakeWordGate(Listener(), None)
    assert changes(gate, 3600.0) == []
    gate.sleep()
    # It says good night first.
    assert changes(gate, 5.0, busy=((0.0, 3.0),)) == [(3.0, "slept")]
    assert changes(gate, 30.0, said=(20.0,)) == [(20.0, "woke")]
    assert changes(gate, 3600.0) == []


def test_told_to_sleep_it_sleeps_before_the_window_ends() -> None:
    gate = WakeWordGate(Listener(), 8.0)
    changes(gate, 2.0, said=(1.0,))
    gate.sleep()
    assert changes(gate, 1.0) == [(0.0, "slept")]


def test_what_was_said_before_it_slept_does_not_wake_it() -> None:
    listener = Listener()
    gate = WakeWordGate(listener, None)
    gate.sleep()
    changes(gate, 0.1)
    assert listener.resets == 1
