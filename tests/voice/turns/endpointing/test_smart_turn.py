"""What the network is shown, and what is said when it is absent. The network itself is not tested here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from config.errors import ModelError
from voice.audio.samples import HEARING_RATE, Audio
from voice.turns.endpointing.smart_turn import WINDOW_SAMPLES, SmartTurn, features, window


def test_a_short_stretch_has_silence_before_it() -> None:
    seen = window(np.ones(1000, np.float32))
    assert seen.shape == (WINDOW_SAMPLES,)
    assert seen.dtype == np.float32
    assert not seen[:-1000].any()
    assert seen[-1000:].all()


def test_of_a_long_one_the_end_is_seen() -> None:
    long = np.arange(WINDOW_SAMPLES + 5000, dtype=np.float32)
    np.testing.assert_array_equal(window(long), long[5000:])
    rest = np.random.default_rng(1).normal(0, 0.1, WINDOW_SAMPLES + 5000).astype(np.float32)
    np.testing.assert_array_equal(features(rest), features(rest[5000:]))


def test_features_are_those_of_faster_whisper(human: Callable[[str], Audio]) -> None:
    from faster_whisper.feature_extractor import FeatureExtractor

    samples = human("beckett").samples[: 5 * HEARING_RATE]
    seen = window(samples)
    level = (seen - seen.mean()) / np.sqrt(seen.var() + 1e-7)
    # Its own padding, off: smart-turn has exactly 8 s. Its last frame is dropped by itself.
    expected = FeatureExtractor(feature_size=80, chunk_length=8)(level, padding=0)
    assert features(samples).shape == expected.shape == (80, 800)
    np.testing.assert_allclose(features(samples), expected, atol=2e-4)


def test_a_frame_is_the_transform_of_its_definition() -> None:
    """Frame 100 by a plain sum over sines, in double precision: no FFT, no strides, no blocks."""
    samples = np.random.default_rng(3).normal(0, 0.1, WINDOW_SAMPLES)
    level = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
    n = np.arange(400)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * n / 400)
    frame = level[100 * 160 - 200 : 100 * 160 + 200] * hann
    power = np.abs(np.exp(-2j * np.pi * np.outer(np.arange(201), n) / 400) @ frame) ** 2
    # The lowest band: a triangle between 0 and two steps of 1/81 of the scale, linear there.
    top = 15 + 27 * np.log(8) / np.log(6.4)
    step_hz = top / 81 * 200 / 3
    hz = np.arange(201) * 40.0
    triangle = np.clip(1 - np.abs(hz - step_hz) / step_hz, 0, None) / step_hz
    expected = (np.log10(power @ triangle) + 4) / 4
    assert features(samples.astype(np.float32))[0, 100] == pytest.approx(expected, abs=1e-3)


def test_loudness_does_not_matter(human: Callable[[str], Audio]) -> None:
    samples = human("beckett").samples[: 3 * HEARING_RATE]
    np.testing.assert_allclose(features(samples), features(samples * 0.3), atol=2e-3)


def test_silence_is_finite() -> None:
    quiet = features(np.zeros(HEARING_RATE, np.float32))
    assert quiet.dtype == np.float32
    assert np.isfinite(quiet).all()


def test_nothing_is_not_complete(tmp_path: Path) -> None:
    assert SmartTurn(tmp_path / "absent.onnx").complete(np.empty(0, np.float32)) == 0.0


def test_an_absent_model_is_said(tmp_path: Path) -> None:
    turn = SmartTurn(tmp_path / "absent.onnx")
    with pytest.raises(ModelError, match="aloud models get smart-turn"):
        turn.warm()
    with pytest.raises(ModelError, match=r"absent\.onnx"):
        turn.complete(np.zeros(100, np.float32))


def test_a_damaged_model_is_said(tmp_path: Path) -> None:
    (tmp_path / "damaged.onnx").write_bytes(b"no network")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SmartTurn(tmp_path / "damaged.onnx").warm()
