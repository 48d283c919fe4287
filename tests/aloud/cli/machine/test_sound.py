"""A room, a sentence and an echo as figures."""

from __future__ import annotations

import numpy as np
import pytest

from aloud.cli.machine.echo_path import SWEEP_DBFS, echo_path, sweep
from aloud.cli.machine.sound_level import SILENCE_DBFS, RoomLevel, room_level, speech_level
from tests.tables import for_each
from voice.audio.samples import HEARING_RATE, Samples


def noise(seconds: float, dbfs: float) -> Samples:
    drawn = np.random.default_rng(1).normal(0.0, 10 ** (dbfs / 20), round(seconds * HEARING_RATE))
    return drawn.astype(np.float32)


@for_each(
    ("delay_s", "gain_db", "offset_s", "noise_dbfs"),
    [
        (0.132, -18.0, 0.0, -60.0),
        (0.005, 0.0, 0.3, -60.0),
        (0.9, -30.0, -1.1, -70.0),
        (0.25, -25.0, 0.05, -50.0),  # no louder than the room
    ],
)
def test_the_delay_and_the_level_of_an_echo_are_those_it_was_made_with(
    delay_s: float, gain_db: float, offset_s: float, noise_dbfs: float
) -> None:
    """``offset_s``: the microphone's count began so much later than the loudspeaker's."""
    played = sweep(HEARING_RATE)
    heard = noise(4.0, noise_dbfs)
    begin = round((delay_s - offset_s) * HEARING_RATE)
    room = np.zeros(round(0.2 * HEARING_RATE), np.float32)
    room[0], room[800] = 1.0, 0.1  # the wall: 50 ms later, 20 dB less
    echo = np.convolve(played, room) * 10 ** (gain_db / 20)
    if begin < 0:
        echo, begin = echo[-begin:], 0
    heard[begin : begin + len(echo)] += echo[: len(heard) - begin].astype(np.float32)
    path = echo_path(played, heard, offset_s)
    assert path is not None
    assert path.whole
    assert path.delay_s == pytest.approx(delay_s, abs=0.002)
    assert path.gain_db == pytest.approx(gain_db, abs=1.0)
    assert path.level_dbfs == pytest.approx(SWEEP_DBFS + gain_db, abs=1.0)
    assert int(np.argmax(path.response_db)) == pytest.approx(delay_s * 100, abs=1)


def test_an_echo_that_lost_a_part_on_the_way_is_as_loud_and_known_as_broken() -> None:
    played = sweep(HEARING_RATE)
    heard = noise(4.0, -70.0)
    heard[8000 : 8000 + len(played)] += played / 8
    broken = np.concatenate([heard[:16_000], np.zeros(12_000, np.float32), heard[16_000:]])
    path = echo_path(played, broken, 0.0)
    assert path is not None
    assert not path.whole
    assert path.gain_db == pytest.approx(-18.0, abs=3.5)


@for_each("heard", [noise(4.0, -40.0), np.zeros(64_000, np.float32), np.zeros(0, np.float32)])
def test_where_the_loudspeaker_is_not_heard_there_is_no_echo(heard: Samples) -> None:
    assert echo_path(sweep(HEARING_RATE), heard, 0.1) is None


def test_a_sweep_is_as_loud_as_a_voice_and_never_cut_off() -> None:
    for rate in (16_000, 44_100, 48_000):
        swept = sweep(rate)
        assert 10 * np.log10(np.mean(swept**2)) == pytest.approx(SWEEP_DBFS, abs=0.1)
        assert np.abs(swept).max() < 0.5
        assert abs(swept[0]) < 1e-3


def test_a_room_a_voice_and_its_peaks() -> None:
    quiet = noise(1.0, -60.0)
    quiet[3000:3100] = 0.9  # a door
    room = room_level(quiet)
    assert room.noise_dbfs == pytest.approx(-60.0, abs=0.5)
    assert not room.dead
    assert room_level(np.zeros(16_000, np.float32)).dead
    assert room_level(np.zeros(0, np.float32)) == RoomLevel(SILENCE_DBFS)
    spoken = np.concatenate([noise(1.0, -60.0), noise(1.0, -20.0), noise(2.0, -60.0)])
    level = speech_level(spoken, room)
    assert level is not None
    assert level.speech_dbfs == pytest.approx(-20.0, abs=0.5)
    assert level.clipped == 0.0
    assert speech_level(noise(2.0, -58.0), room) is None
    loud = speech_level(np.clip(noise(1.0, 0.0), -1.0, 1.0), room)
    assert loud is not None
    assert loud.peak_dbfs == 0.0
    assert loud.clipped > 0.1
