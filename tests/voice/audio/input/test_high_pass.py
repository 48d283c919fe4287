from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.tables import for_each
from voice.audio.input.high_pass import HighPass

RATE = 16_000
TIME = np.arange(3 * RATE) / RATE
VOICE = 0.2 * np.sin(2 * np.pi * 3 * TIME).clip(0) * np.sin(2 * np.pi * 120 * TIME)


def passed(sound: NDArray[Any], piece: int = 512) -> NDArray[Any]:
    high_pass, given = HighPass(), sound.astype(np.float32)
    return np.concatenate([high_pass.push(given[at : at + piece]) for at in range(0, len(given), piece)])


@for_each(
    ("what", "voice", "offset"),
    [
        ("a tenth", VOICE, 0.1),
        ("a fiftieth, quiet", 0.1 * VOICE, -0.02),
        ("nearly all", 0.1 * VOICE, 0.95),
        ("drifting", VOICE, 0.2 * np.sin(2 * np.pi * 0.3 * TIME)),
        ("jumping", VOICE, 0.3 * (TIME > 1)),
    ],
)
def test_an_offset_is_taken_out_and_the_voice_is_left(what: str, voice: NDArray[Any], offset: Any) -> None:
    sound = passed(voice + offset)
    quiet = sound[-1600:]  # the voice pauses there
    assert np.abs(quiet).max() < 0.15 * np.abs(voice).max(), what
    settled = slice(round(1.3 * RATE), None)
    kept = voice[settled] @ sound[settled] / (voice[settled] @ voice[settled])
    assert 0.93 < kept < 1.01, (what, kept)


@for_each(
    "sound",
    [
        VOICE,
        np.zeros(5),
        np.full(100, 0.002),
        np.random.default_rng(1).standard_normal(9_000) * 0.2,
        0.3 * np.sin(2 * np.pi * 80 * TIME),
    ],
)
def test_without_one_not_a_bit_is_changed(sound: NDArray[Any]) -> None:
    np.testing.assert_array_equal(passed(sound), sound.astype(np.float32))


def test_it_is_the_same_however_it_comes() -> None:
    sound = VOICE + 0.1
    np.testing.assert_allclose(passed(sound, 512), passed(sound, len(sound)), atol=1e-5)
    assert len(passed(sound, 7)) == len(sound)
