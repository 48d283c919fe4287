"""How much of a voice is left when its channels are joined, by what is in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.tables import for_each
from voice.audio.input.downmix import Downmix

RATE = 16_000
COUNT = 4 * RATE
TIME = np.arange(COUNT) / RATE
SYLLABLES = 0.3 * np.sin(2 * np.pi * 3 * TIME).clip(0)
VOICE = SYLLABLES * np.sin(2 * np.pi * 180 * TIME + 3 * np.sin(2 * np.pi * 5 * TIME))
OTHER = np.roll(SYLLABLES, 2_700) * np.sin(2 * np.pi * 310 * TIME)
NONE = np.zeros(COUNT)
HUM = 0.5 * np.sin(2 * np.pi * 50 * TIME)
LATE = np.roll(VOICE, 32)


def noise(seed: int, loud: float) -> NDArray[Any]:
    return loud * np.random.default_rng(seed).standard_normal(COUNT)


def mixed(channels: list[NDArray[Any]], ahead_s: float, piece: int) -> NDArray[Any]:
    downmix = Downmix([1.0] * len(channels), RATE, ahead_s)
    sound = np.array(channels, np.float32)
    pieces = [downmix.push(sound[:, at : at + piece]) for at in range(0, COUNT, piece)]
    return np.concatenate([*pieces, downmix.flush()]).astype(np.float64)


def left(of: NDArray[Any], sound: NDArray[Any]) -> tuple[float, float]:
    """How much of ``of`` is in ``sound``, and the share of its power that is something else."""
    amount = of @ sound / (of @ of)
    rest = sound - amount * of
    return abs(float(amount)), float(rest @ rest / (sound @ sound))


TABLE: list[tuple[str, list[NDArray[Any]], float, float]] = [
    ("the same in both", [VOICE, VOICE], 1.0, 1e-6),
    ("opposite", [VOICE, -VOICE], 1.0, 1e-6),
    ("opposite and louder in one", [VOICE, -0.7 * VOICE], 0.84, 1e-6),
    ("opposite, over offsets", [VOICE, -VOICE + 0.3], 0.99, 0.7),
    ("opposite and noisy", [VOICE + noise(1, 0.003), -VOICE + noise(2, 0.003)], 0.99, 0.02),
    ("opposite in four of eight", [VOICE, -VOICE] * 4, 1.0, 1e-6),
    ("opposite beside hum", [VOICE, -VOICE, HUM], 0.95, 0.05),
    ("one dead", [NONE, VOICE], 1.0, 1e-6),
    ("one dead, quiet", [0.003 * VOICE, NONE], 0.003, 1e-6),
    ("the last of sixty-four", [NONE] * 63 + [VOICE], 1.0, 1e-6),
    ("beside hum", [VOICE, HUM], 0.95, 0.05),
    ("beside noise", [noise(3, 0.3), VOICE], 0.95, 0.05),
    ("beside noise, quiet", [noise(4, 0.3), 0.05 * VOICE], 0.045, 0.1),
    ("later in one", [VOICE, LATE], 0.4, 0.8),
]


@for_each(("what", "channels", "amount", "rest"), TABLE)
def test_a_voice_is_left_whole(what: str, channels: list[NDArray[Any]], amount: float, rest: float) -> None:
    kept, other = left(VOICE, mixed(channels, 1.1, 16_000))
    assert kept >= 0.99 * amount, (what, kept)
    assert other <= rest, (what, other)


def test_of_two_people_with_a_microphone_each_both_are_heard() -> None:
    sound = mixed([VOICE, OTHER], 0.0, 320)
    assert left(VOICE, sound)[0] > 0.45
    assert left(OTHER, sound)[0] > 0.45


@for_each(("piece", "ahead_s"), [(320, 0.0), (512, 0.0), (101, 1.1), (COUNT, 1.1)])
def test_it_never_clips_and_nothing_is_missing_however_it_comes(piece: int, ahead_s: float) -> None:
    """Full scale in both, one turned over halfway: its first third of a second may be weak, no more."""
    full = np.sign(np.sin(2 * np.pi * 200 * TIME)) * (SYLLABLES > 0)
    sound = mixed([full, np.where(TIME < 2, full, -full)], ahead_s, piece)
    assert len(sound) == COUNT
    assert np.abs(sound).max() <= 1.0 + 1e-6
    power = np.square(sound).reshape(-1, RATE // 2).mean(axis=1) / np.square(full).reshape(
        -1, RATE // 2
    ).mean(1)
    assert power.min() > 0.3, power


def test_one_channel_is_as_it_was() -> None:
    sound = noise(5, 0.1).astype(np.float32)
    np.testing.assert_array_equal(Downmix([1.0], RATE).push(sound[None]), sound)
