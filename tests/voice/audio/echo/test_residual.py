"""What is left of a sound: a remnant of the echo, or a person."""

from __future__ import annotations

import numpy as np
import pytest

from voice.audio.echo.residual import Settling, Watch
from voice.audio.samples import FRAME_SAMPLES, Samples


def frame(dbfs: float) -> Samples:
    return np.full(FRAME_SAMPLES, 10 ** (dbfs / 20), np.float32)


def level(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(samples**2)))


def test_a_remnant_of_the_echo_is_hushed_and_a_person_is_given_as_the_ears_get_them() -> None:
    """What is heard: an echo, a person over it for one frame, the echo again."""
    watch, given = Watch(), []
    for left in [-50.0] * 3 + [-22.0] + [-50.0] * 10:
        given.append(round(level(watch.push(frame(-20), frame(left), frame(left + 1), settled=True))))
    assert given[:3] == [-80] * 3
    assert given[3] == -21
    assert given[4:11] == [-49] * 7  # soft consonants, for 0.25 s after
    assert given[12:] == [-80] * 2


def test_while_the_room_is_being_learned_more_is_taken_for_echo_and_nobody_is_near() -> None:
    watch = Watch()
    assert level(watch.push(frame(-20), frame(-33), frame(-30), settled=False)) == pytest.approx(-63, abs=1)
    assert level(watch.push(frame(-20), frame(-25), frame(-22), settled=False)) == pytest.approx(-25, abs=1)
    assert level(watch.push(frame(-20), frame(-33), frame(-30), settled=False)) == pytest.approx(-63, abs=1)


def test_a_soft_sound_after_a_loud_one_is_nobody() -> None:
    """The noise of the room, when the echo pauses: all of it is left, and it is little."""
    watch = Watch()
    watch.push(frame(-20), frame(-60), frame(-50), settled=True)
    left = frame(-58)
    assert watch.push(frame(-57), left, frame(-50), settled=True) is left


@pytest.mark.parametrize(
    ("left_dbfs", "seconds"), [(-50.0, 3.0), (-40.0, 10.0), (-20.0, 10.0)], ids=["gone", "loud", "no echo"]
)
def test_the_room_is_known_when_the_echo_is_gone_or_grows_no_less(left_dbfs: float, seconds: float) -> None:
    settling, frames = Settling(3.0), 0
    while not settling.settled:
        settling.push(frame(-20), frame(left_dbfs))
        frames += 1
    assert frames * 0.032 == pytest.approx(seconds, abs=0.04)
    settling.begin()
    assert not settling.settled
