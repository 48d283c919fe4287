"""The shortened context: what is put in front of the encoder is what the whole computation gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.people import person
from voice.audio.samples import HEARING_RATE, Samples
from voice.stt.whisper.short_context import SHORT, WHOLE, features, spoken


@pytest.fixture(scope="module")
def extract() -> Any:
    from faster_whisper.feature_extractor import FeatureExtractor

    return FeatureExtractor()


def noise(seconds: float, level: float) -> Samples:
    random = np.random.default_rng(3)
    return (level * random.standard_normal(round(seconds * HEARING_RATE))).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.1, 1.0, 1.2345, 2.71, 9.0])
@pytest.mark.parametrize("source", ["person", "noise", "faint"])
def test_silence_that_is_not_computed_is_the_same(extract: Any, seconds: float, source: str) -> None:
    if source == "person":
        samples = person("beckett", 0.5, 0.5 + seconds).samples
    else:
        samples = noise(seconds, 0.1 if source == "noise" else 1e-7)
    frames = round(SHORT.seconds(seconds) * 100)
    padded = np.zeros(frames * 160, np.float32)
    padded[: len(samples)] = samples
    whole = extract(padded, padding=0)[:, :frames]
    np.testing.assert_allclose(features(extract, samples, frames), whole, rtol=0, atol=1e-4)


@pytest.mark.parametrize(("seconds", "context"), [(0.5, 7.0), (3.0, 7.0), (6.0, 9.0), (28.0, 30.0)])
def test_the_context_grows_with_the_utterance(seconds: float, context: float) -> None:
    assert SHORT.seconds(seconds) == context
    assert WHOLE.seconds(seconds) == 30.0


def test_an_utterance_longer_than_its_context_is_cut_to_it(extract: Any) -> None:
    assert features(extract, noise(5.0, 0.1), 200).shape[1] == 200


ZERO = 1000
"""The token of the moment 0; below are words."""


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        ([ZERO, 1, 2, ZERO + 100], [(1, 1), (2, 2)]),
        ([ZERO + 10, 1, 2, ZERO + 100, ZERO + 100, 3, 4, ZERO + 140], [(1, 1), (2, 2)]),  # behind the end
        ([ZERO, 1, ZERO + 40, ZERO + 50, 2, ZERO + 95], [(1, 1), (4, 2)]),  # two sentences
        ([ZERO + 100, 1, ZERO + 120], [(1, 1)]),  # all of it is dated wrongly: it is the one text there is
        ([1, 2, 3], [(0, 1), (1, 2), (2, 3)]),  # a model that tells no moments
        ([], []),
    ],
)
def test_what_whisper_dates_behind_the_speech_was_not_said(
    tokens: list[int], said: list[tuple[int, int]]
) -> None:
    assert spoken(tokens, ZERO, 2.0) == said
