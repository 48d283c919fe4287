"""Ten people at once are no turn; a person is one, however they speak, and in a crowd when they stand out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import anyio
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings.model import ListenSettings
from tests.people import person, question
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.turns.crowd import Crowd
from voice.turns.endpointing.segmenter import Ended, Segmenter
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero

FRAMES_S = HEARING_RATE / FRAME_SAMPLES
TALKER_DBFS = -30.0


def levelled(samples: Samples, dbfs: float) -> Samples:
    """By its louder half: a pause does not count."""
    power = np.square(samples[: len(samples) // 320 * 320]).reshape(-1, 320).mean(axis=1)
    loud = power[power >= np.median(power)].mean()
    return np.asarray(samples * 10 ** (dbfs / 20) / np.sqrt(loud), np.float32)


def talking(number: int, seconds: float) -> Samples:
    """People, each equally loud and at another place of what they read."""
    length = round(seconds * HEARING_RATE)
    mixed = np.zeros(length, np.float32)
    names = ("two_cities", "beckett", "endgame_nagg_nell")
    for one in range(number):
        said = person(names[one % 3]).samples
        mixed += np.resize(np.roll(levelled(said, TALKER_DBFS), -one * 61_000), length)
    return mixed


def probabilities(sound: Samples) -> list[float]:
    vad = Silero()
    return vad.look(Framer().push(sound))


def turns(sound: Samples, *, near: bool = True) -> list[tuple[float, float, float]]:
    """(start, end of the voice, when its end was known), in seconds."""

    async def run() -> list[tuple[float, float, float]]:
        seen, found = 0, []

        async def frames() -> AsyncIterator[Audio]:
            nonlocal seen
            for frame in Framer().push(sound):
                seen += FRAME_SAMPLES
                yield Audio(frame, HEARING_RATE)

        async for segment in listen(frames(), Silero(), Segmenter(ListenSettings()), near=near):
            if isinstance(segment, Ended):
                found.append((segment.start / HEARING_RATE, segment.end / HEARING_RATE, seen / HEARING_RATE))
        return found

    return anyio.run(run)


def known(sound: Samples, voice: list[float]) -> list[bool]:
    crowd = Crowd()
    frames = Framer().push(sound)
    found = []
    for frame, probability in zip(frames, voice, strict=True):
        crowd.near(frame, probability, speaking=True)
        found.append(crowd.known)
    return found


def test_ten_people_who_talk_at_once_end_in_nothing_within_ten_seconds() -> None:
    crowd = talking(10, 25.0)
    before = turns(crowd, near=False)
    assert before[0][1] - before[0][0] > 20  # to the detector, one voice without an end
    assert all(told - start <= 10 for start, _, told in turns(crowd))


@pytest.mark.parametrize("louder_db", [8.0, 20.0])
def test_who_is_louder_than_the_crowd_is_a_turn_that_ends_when_they_do(louder_db: float) -> None:
    crowd, asked = talking(9, 20.0), levelled(question().samples, TALKER_DBFS + louder_db)
    begin = 14 * HEARING_RATE
    crowd[begin : begin + len(asked)] += asked
    end_s = 14 + len(asked) / HEARING_RATE
    hers = [(end, told) for start, end, told in turns(crowd) if start < end_s and end > 14]
    assert len(hers) == 1
    assert -0.4 < hers[0][0] - end_s < 1.2
    assert hers[0][1] - end_s < 2.0


def pink(length: int) -> Samples:
    spectrum = np.fft.rfft(np.random.default_rng(1).standard_normal(length))
    spectrum /= np.sqrt(np.arange(len(spectrum)) + 1.0)
    return np.fft.irfft(spectrum, length).astype(np.float32)


def without_pauses(sound: Samples) -> Samples:
    return np.concatenate(
        [f for f, p in zip(Framer().push(sound), probabilities(sound), strict=True) if p > 0.5]
    )


def in_a_room(sound: Samples) -> Samples:
    return levelled(sound, -26) + levelled(pink(len(sound)), -41)


KINDS: dict[str, Callable[[Samples], Samples]] = {
    "reading": lambda said: said,
    "far away": lambda said: 0.05 * said + levelled(pink(len(said)), -65),
    "beside a fan": lambda said: levelled(said, -26) + levelled(pink(len(said)), -32),
    "without pauses": without_pauses,
    "without pauses, in a room": lambda said: in_a_room(without_pauses(said)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_person_is_no_crowd(kind: str) -> None:
    sound = KINDS[kind](person("two_cities", 0.0, 30.0).samples)[: 20 * HEARING_RATE]
    assert len(sound) == 20 * HEARING_RATE
    assert not any(known(sound, probabilities(sound)))
    assert turns(sound) == turns(sound, near=False)


@given(st.lists(st.tuples(st.floats(0.5, 5.9), st.floats(0.14, 1.0)), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_who_pauses_is_no_crowd_however_even_the_sound(spoken: list[tuple[float, float]]) -> None:
    voice = [
        p
        for voiced_s, pause_s in spoken
        for p in [1.0] * int(voiced_s * FRAMES_S) + [0.0] * int(np.ceil(pause_s * FRAMES_S))
    ]
    even = np.full(FRAME_SAMPLES, 0.1, np.float32)
    crowd = Crowd()
    assert [crowd.near(even, p, speaking=True) for p in voice] == voice
    assert not crowd.over


@given(st.floats(13.0, 40.0), st.integers(3, 12), st.floats(-60, -10))
@settings(max_examples=20, deadline=None)
def test_who_rises_and_falls_is_no_crowd_however_long_they_speak(
    range_db: float, syllable: int, dbfs: float
) -> None:
    high, low = (np.full(FRAME_SAMPLES, 10 ** (db / 20), np.float32) for db in (dbfs, dbfs - range_db))
    crowd = Crowd()
    for at in range(round(30 * FRAMES_S)):
        loud = at % syllable < max(1, round(0.7 * syllable))
        assert crowd.near(high if loud else low, 1.0, speaking=True) == 1.0


def non_speech(crowd: Crowd, seconds: float, amplitude: float = 0.1, *, speaking: bool = True) -> list[float]:
    frame = np.full(FRAME_SAMPLES, amplitude, np.float32)
    return [crowd.near(frame, 1.0, speaking=speaking) for _ in range(round(seconds * FRAMES_S))]


def test_a_crowd_is_silence_and_who_stands_out_of_it_is_not() -> None:
    crowd = Crowd()
    heard = non_speech(crowd, 8.0)
    assert heard[: round(5.9 * FRAMES_S)] == [1.0] * round(5.9 * FRAMES_S)
    assert heard[-1] == 0.0
    loud = non_speech(crowd, 1.0, 0.3)  # 9.5 dB above
    assert loud[8:] == [1.0] * len(loud[8:])
    after = non_speech(crowd, 1.0)
    assert after[8] == 1.0  # the soft end of a word
    assert after[-1] == 0.0


def test_a_crowd_that_grows_louder_is_a_crowd_soon_after() -> None:
    crowd = Crowd()
    non_speech(crowd, 8.0)
    assert non_speech(crowd, 1.0, 0.3)[-1] == 1.0
    assert non_speech(crowd, 8.0, 0.3)[-1] == 0.0


def test_a_crowd_is_over_with_the_first_pause() -> None:
    crowd = Crowd()
    non_speech(crowd, 8.0)
    assert crowd.known
    for _ in range(4):
        crowd.near(np.zeros(FRAME_SAMPLES, np.float32), 0.0, speaking=False)
    assert not crowd.known
    assert non_speech(crowd, 1.0, 0.01) == [1.0] * round(FRAMES_S)


def test_what_began_before_the_crowd_was_known_is_ended_once() -> None:
    crowd, ended = Crowd(), []
    frame = np.full(FRAME_SAMPLES, 0.1, np.float32)
    for at in range(round(30 * FRAMES_S)):
        crowd.near(frame, 1.0, speaking=True)
        ended += [at / FRAMES_S] if crowd.over else []
    assert len(ended) == 1
    assert 8 < ended[0] < 10
