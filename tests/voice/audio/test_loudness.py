"""Loudness as the standard's own examples have it, and a limiter that leaves alone what is not too loud."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio.loudness import (
    CEILING,
    KNEE,
    SPEECH_LUFS,
    gain_to_speech,
    k_weighted,
    limited,
    loudness_lufs,
)
from voice.audio.samples import Samples

RATES = (16_000, 22_050, 44_100, 48_000)


def sine(hertz: float, dbfs: float, seconds: float, rate: int) -> Samples:
    time = np.arange(round(seconds * rate)) / rate
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_the_sine_of_the_standard(rate: int) -> None:
    """BS.1770-5, annex 1: 997 Hz at full scale in one channel is -3.01 LKFS."""
    assert loudness_lufs(sine(997, 0, 5, rate), rate) == pytest.approx(-3.01, abs=0.05)
    assert loudness_lufs(sine(997, -23, 5, rate), rate) == pytest.approx(-26.01, abs=0.05)


def test_the_filters_are_those_of_the_standard() -> None:
    """BS.1770-5, tables 1 and 2 are for 48 kHz; their response to an impulse, computed step by step."""
    tables = (
        ((1.53512485958697, -2.69169618940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585)),
        ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621)),
    )
    sound = np.zeros(2000)
    sound[0] = 1.0
    given_sound = sound.astype(np.float32)
    for (b0, b1, b2), (a1, a2) in tables:
        out = np.zeros(len(sound))
        for n in range(len(sound)):
            out[n] = b0 * sound[n]
            out[n] += (b1 * sound[n - 1] - a1 * out[n - 1]) if n > 0 else 0.0
            out[n] += (b2 * sound[n - 2] - a2 * out[n - 2]) if n > 1 else 0.0
        sound = out
    assert k_weighted(given_sound, 48_000) == pytest.approx(sound, abs=1e-6)


def test_low_sounds_count_for_less_and_high_ones_for_more() -> None:
    at = {hertz: loudness_lufs(sine(hertz, -20, 3, 48_000), 48_000) for hertz in (40, 997, 4000)}
    assert at[40] < at[997] - 4
    assert at[4000] == pytest.approx(at[997] + 3.3, abs=0.3)


def test_what_is_soft_beside_the_rest_does_not_count() -> None:
    """EBU Tech 3341, case 3, in one channel: what is 13 dB below the rest is left out."""
    rate = 16_000
    parts = [sine(1000, level, seconds, rate) for level, seconds in ((-36, 10), (-23, 60), (-36, 10))]
    assert loudness_lufs(np.concatenate(parts), rate) == pytest.approx(-26.0, abs=0.1)


def test_silence_has_no_loudness() -> None:
    for samples in (np.empty(0, np.float32), np.zeros(100, np.float32), np.zeros(16_000, np.float32)):
        assert loudness_lufs(samples, 16_000) == -math.inf
    assert gain_to_speech(-math.inf) == 1.0


def test_a_short_sound_counts_as_a_whole() -> None:
    assert loudness_lufs(sine(997, -20, 0.2, 16_000), 16_000) == pytest.approx(-23, abs=0.3)


def test_the_gain_brings_a_voice_to_its_loudness() -> None:
    quiet = sine(997, -30, 2, 16_000)
    gain = gain_to_speech(loudness_lufs(quiet, 16_000))
    assert loudness_lufs(gain * quiet, 16_000) == pytest.approx(SPEECH_LUFS, abs=0.01)
    assert gain_to_speech(-69.0) == pytest.approx(10.0)


def test_below_its_knee_the_limiter_changes_nothing() -> None:
    samples = sine(200, -3.1, 0.1, 16_000)
    assert (limited(samples) == samples).all()


@given(st.lists(st.floats(-8, 8, width=32), max_size=50))
def test_the_limiter_keeps_order_and_sign_below_its_ceiling(values: list[float]) -> None:
    samples = np.sort(np.array(values, np.float32))
    out = limited(samples)
    assert out.dtype == np.float32
    assert (np.diff(out) >= 0).all()
    assert (np.abs(out) <= np.float32(CEILING)).all()
    soft = np.abs(samples) <= KNEE
    assert (out[soft] == samples[soft]).all()
    assert (np.sign(out) == np.sign(samples)).all()
