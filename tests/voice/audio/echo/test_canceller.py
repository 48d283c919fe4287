"""Echo cancelling in a synthetic room: what is played comes back late, coloured, distorted and with noise."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import anyio
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.settings.model import EchoSettings, SpeakerSettings
from voice.audio.echo.canceller import EchoCanceller, cancel_echo
from voice.audio.echo.reference import Aligned, Reference
from voice.audio.output.speaker import speaker
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Samples
from voice.audio.speech import Speech
from voice.turns.endpointing.early_ducking import EarlyDucking
from voice.turns.vad.silero import Silero

BLOCK = 960
"""A block of a loudspeaker: 20 ms at 48 kHz."""
LAG = 287
"""Samples by which the canceller's output lags: 128 of AEC3 and 159 of its blocks."""


def level(samples: Samples) -> float:
    """In dBFS."""
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-12))


def room(played: Samples, delay_s: float = 0.0, db: float = -6.0) -> Samples:
    """What a microphone hears: a small loudspeaker (tanh), a room of RT60 0.3 s, noise at -60 dBFS."""
    rng = np.random.default_rng(1)
    seconds = np.arange(round(0.25 * HEARING_RATE)) / HEARING_RATE
    response = rng.standard_normal(len(seconds)) * np.exp(-6.9 * seconds / 0.3) * 0.25
    response[0] = 1.0
    response *= 10 ** (db / 20) / np.sqrt((response**2).sum())
    size = len(played) + len(response)
    distorted = np.tanh(1.5 * played) / 1.5
    echo = np.fft.irfft(np.fft.rfft(distorted, size) * np.fft.rfft(response, size), size)
    echo = np.concatenate([np.zeros(round(delay_s * HEARING_RATE)), echo])[: len(played)]
    return (echo + rng.normal(0, 1e-3, len(played))).astype(np.float32)


def loud(samples: Samples, peak: float) -> Samples:
    return samples / np.float32(np.abs(samples).max()) * np.float32(peak)


@dataclass
class Scene:
    played: Samples
    person: Samples
    begin: int
    """Where the person begins to speak."""


@pytest.fixture(scope="module")
def scene(human: Callable[[str], Audio]) -> Scene:
    """A book is read aloud for 9 s; from 5 s on somebody speaks over it for 3 s."""
    played = loud(human("two_cities").samples[: 9 * HEARING_RATE], 0.5)
    person = loud(human("beckett").samples, 0.5)
    first = int(np.flatnonzero(np.abs(person) > 0.1)[0])
    return Scene(played, person[first : first + 3 * HEARING_RATE], 5 * HEARING_RATE)


def clean(canceller: EchoCanceller, heard: Samples, played: Samples, size: int = FRAME_SAMPLES) -> Samples:
    """Frame by frame."""
    out = []
    for at in range(0, len(heard), size):
        canceller.push_played(played[at : at + size])
        out.append(canceller.clean(heard[at : at + size]).samples)
    return np.concatenate(out)


def voiced(samples: Samples) -> list[bool]:
    vad = Silero()
    whole = len(samples) // FRAME_SAMPLES * FRAME_SAMPLES
    return [vad.push(frame) > 0.5 for frame in samples[:whole].reshape(-1, FRAME_SAMPLES)]


@pytest.mark.parametrize("delay_s", [0.02, 0.3])
def test_the_echo_is_gone_after_two_seconds(scene: Scene, delay_s: float) -> None:
    heard = room(scene.played, delay_s)
    cleaned = clean(EchoCanceller(EchoSettings()), heard, scene.played)
    later = slice(2 * HEARING_RATE, None)
    assert level(heard[later]) - level(cleaned[later]) > 20
    assert np.mean(voiced(heard[later])) > 0.7
    assert np.mean(voiced(cleaned[later])) < 0.01


def test_a_delay_of_more_than_half_a_second_is_found_with_a_hint(scene: Scene) -> None:
    heard = room(scene.played, 0.6)
    canceller = EchoCanceller(EchoSettings())
    canceller.hint(0.6)
    later = slice(4 * HEARING_RATE, None)
    assert level(heard[later]) - level(clean(canceller, heard, scene.played)[later]) > 20


def test_a_person_is_kept_while_the_loudspeaker_is_ducked(scene: Scene) -> None:
    """The turn controller ducks it by 20 dB from 200 ms after they began. Before, they are 6 dB above it."""
    end = scene.begin + len(scene.person)
    played = scene.played.copy()
    played[scene.begin + HEARING_RATE // 5 :] *= 0.1
    person = np.zeros_like(played)
    person[scene.begin : end] = scene.person
    cleaned = clean(EchoCanceller(EchoSettings()), room(played, 0.08) + person, played)
    late = np.append(cleaned[LAG:], np.zeros(LAG, np.float32))
    alone, kept = np.array(voiced(person)), np.array(voiced(late))
    assert np.mean(kept[alone]) > 0.75
    assert not np.any(kept[2 * HEARING_RATE // FRAME_SAMPLES : scene.begin // FRAME_SAMPLES])


def test_a_person_as_loud_as_the_echo_is_kept_although_nothing_is_ducked(scene: Scene) -> None:
    """AEC3 alone keeps about a third."""
    person = np.zeros_like(scene.played)
    echo = room(scene.played, 0.08)
    first = slice(scene.begin, scene.begin + len(scene.person))
    person[first] = scene.person * 10 ** ((level(echo) - level(scene.person)) / 20)
    cleaned = clean(EchoCanceller(EchoSettings()), echo + person, scene.played)
    late = np.append(cleaned[LAG:], np.zeros(LAG, np.float32))
    alone, kept = np.array(voiced(person)), np.array(voiced(late))
    assert np.mean(kept[alone]) > 0.75


def test_an_echo_is_cancelled_at_once_after_a_long_silence(scene: Scene) -> None:
    """What was learned is kept while nothing is played, and sound passes untouched."""
    silence = np.zeros(20 * HEARING_RATE, np.float32)
    played = np.concatenate([scene.played[: 6 * HEARING_RATE], silence, scene.played[6 * HEARING_RATE :]])
    heard = room(played, 0.1)
    cleaned = clean(EchoCanceller(EchoSettings()), heard, played)
    passed = slice(8 * HEARING_RATE, 25 * HEARING_RATE)
    again = slice(26 * HEARING_RATE, 28 * HEARING_RATE)
    assert np.array_equal(cleaned[passed], heard[passed])
    assert level(heard[again]) - level(cleaned[again]) > 15


def test_it_is_settled_when_next_to_nothing_is_left_of_the_echo(scene: Scene) -> None:
    """So softly played that the loudspeaker bends nothing."""
    canceller, played, second = EchoCanceller(EchoSettings(settle_s=1.0)), scene.played * 0.3, HEARING_RATE
    heard = room(played, 0.08)
    clean(canceller, scene.person, np.zeros_like(scene.person))
    assert canceller.quiet
    assert not canceller.settled
    clean(canceller, heard[second : 2 * second], played[second : 2 * second])
    assert not canceller.quiet
    assert not canceller.settled  # 1 s, but too much of it
    clean(canceller, heard[2 * second : 8 * second], played[2 * second : 8 * second])
    assert canceller.settled
    canceller.moved(800)
    assert not canceller.settled


@pytest.mark.parametrize("size", [160, FRAME_SAMPLES, 480])
def test_in_another_room_it_is_settled_no_more(scene: Scene, size: int) -> None:
    """In whichever block of a frame it is that the linear filter gives the old one up."""
    canceller, end = EchoCanceller(EchoSettings(settle_s=1.0)), 6 * HEARING_RATE // size * size
    played = scene.played[:end] * 0.3
    clean(canceller, room(played, 0.08), played, size)
    assert canceller.settled
    elsewhere = room(played, 0.25)
    for at in range(0, end, size):
        clean(canceller, elsewhere[at : at + size], played[at : at + size], size)
        if not canceller.settled:
            return
    raise AssertionError("settled all the time")


def test_without_an_echo_it_is_settled_as_well(scene: Scene) -> None:
    """Headphones: in a quiet room at once, else after 10 s."""
    rng, quiet, noisy = np.random.default_rng(1), EchoCanceller(EchoSettings()), EchoCanceller(EchoSettings())
    noise = rng.normal(0, 1.0, 12 * HEARING_RATE).astype(np.float32)
    clean(quiet, 1e-4 * noise[: 4 * HEARING_RATE], scene.played[: 4 * HEARING_RATE])
    assert quiet.settled
    clean(noisy, 0.03 * noise, np.tile(scene.played, 2))
    assert noisy.settled


def test_of_the_echo_alone_the_voice_detector_gets_nothing(scene: Scene) -> None:
    """The STT gets a little: what would be a consonant, were it a person's."""
    canceller, heard = EchoCanceller(EchoSettings()), room(scene.played, 0.08)
    stt, watched = [], []
    for at in range(0, len(heard) - FRAME_SAMPLES, FRAME_SAMPLES):
        canceller.push_played(scene.played[at : at + FRAME_SAMPLES])
        cleaned = canceller.clean(heard[at : at + FRAME_SAMPLES])
        stt.append(cleaned.samples)
        watched.append(cleaned.for_detection)
    later = slice(6 * HEARING_RATE, None)
    assert level(np.concatenate(watched)[later]) < -59  # the noise of the room
    assert not np.any(voiced(np.concatenate(watched)[later]))
    assert level(heard[later]) - level(np.concatenate(stt)[later]) > 20


def test_a_soft_consonant_over_a_loud_answer_reaches_the_ears(scene: Scene) -> None:
    """An "s" (noise from 4 kHz on), 6 dB below the echo that it lies in. AEC3 takes most of it."""
    rng, begin, size = np.random.default_rng(1), 6 * HEARING_RATE, HEARING_RATE // 4
    hiss = np.diff(np.diff(rng.normal(0, 1.0, size + 2))).astype(np.float32)
    heard = room(scene.played, 0.08)
    while_s = slice(begin, begin + size)
    hiss *= np.float32(10 ** ((level(heard[while_s]) - 6 - level(hiss)) / 20))
    alone = np.zeros_like(heard)
    alone[while_s] = hiss
    cleaned = clean(EchoCanceller(EchoSettings()), heard + alone, scene.played)
    kept = np.dot(cleaned[begin + LAG : begin + LAG + size], hiss) / np.dot(hiss, hiss)
    assert kept > 0.25


@given(size=st.integers(1, 1100), since=st.sampled_from([0, 4000]), seed=st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_frames_of_any_length_keep_their_length_and_without_echo_their_level(
    size: int, since: int, seed: int
) -> None:
    """Untouched while nothing was played; and, in the second after a click, through AEC3, lagging."""
    rng = np.random.default_rng(seed)
    heard = rng.normal(0, 0.05, 8000).astype(np.float32)
    played = np.zeros_like(heard)
    if since:
        played[since] = 0.01
    cleaned = clean(EchoCanceller(EchoSettings()), heard, played, size)
    assert len(cleaned) == len(heard)
    assert cleaned.dtype == np.float32
    before = (since or len(heard)) - size
    assert np.array_equal(cleaned[: max(before, 0)], heard[: max(before, 0)])
    assert level(cleaned[5000:]) == pytest.approx(level(heard[5000:]), abs=1.0)


# The two streams in step ----------------------------------------------------------------------------------


def late(seed: int, worst_s: float) -> Callable[[], float]:
    """By how much a callback is late: mostly little, now and then ``worst_s``."""
    rng = np.random.default_rng(seed)
    return lambda: float(worst_s * rng.random() ** 6)


def in_order(times: list[float]) -> list[float]:
    return list(np.maximum.accumulate(times))


@given(
    rate=st.sampled_from([16_000, 44_100, 48_000]),
    ppm=st.integers(-200, 200),
    begins=st.floats(-3, 3),
    seed=st.integers(0, 99),
)
@example(rate=48_000, ppm=0, begins=0.0, seed=75)  # the first callback that told the pace came late
@settings(max_examples=15, deadline=None)
def test_the_reference_is_there_in_step_and_before_its_echo(
    rate: int, ppm: int, begins: float, seed: int
) -> None:
    """The loudspeaker counts up; callbacks are late by up to 40 ms; the clocks drift. The device buffers
    100 ms: what it is given for the moment t is heard at t + 0.1.
    """
    reference = Reference(rate)
    aligned = Aligned(reference)
    lateness, block, length_s = late(seed, 0.04), rate // 50, 0.032 * (1 + ppm * 1e-6)
    blocks = in_order([begins + k * 0.02 + lateness() for k in range(600)])
    frames = in_order([k * length_s + lateness() for k in range(1, 350)])
    calls = [(at, -1, k) for k, at in enumerate(blocks)] + [(at, k, 0) for k, at in enumerate(frames, 1)]
    delays: list[float] = []
    for at, frame, k in sorted(calls):
        if frame < 0:
            seconds = (k * block + np.arange(block)) / rate
            reference.push(np.float32(1 / 20) * (1 + seconds).astype(np.float32), at)
            continue
        played = float(aligned.take(FRAME_SAMPLES, at, silent=False)[-1]) * 20 - 1
        if max(begins, 0) + 3 < frame * length_s < min(begins, 0) + 11:
            delays.append(frame * length_s - (begins + played))
    there = np.array([delay for delay in delays if delay < 1])
    assert len(delays) - len(there) <= 2  # not yet there: a callback was later than any before
    assert there.max() < 0.1  # before its echo
    assert np.count_nonzero(np.abs(np.diff(there)) > 0.002) <= 4  # in step, but for a few corrections


@pytest.mark.parametrize("stalls_at", [None, 3.0, 6.0])
def test_an_echo_never_comes_before_its_reference_where_a_buffer_was_filled_at_once(
    stalls_at: float | None,
) -> None:
    """At the start, and after a second in which no callback came and the sound broke off, 120 ms are asked
    for at once; what is given is heard 10 ms after it is due. Two blocks come each 40 ms, as ALSA asks.
    """
    reference = Reference(HEARING_RATE)
    aligned = Aligned(reference)
    block, filled = 320, 6
    times, heard_from = [0.0] * filled, [k * 0.02 for k in range(filled)]
    while times[-1] < 12:
        at = times[-1] + 0.04
        if stalls_at and times[-1] < stalls_at <= at:
            times += [at + 1] * filled
            heard_from += [at + 1 + k * 0.02 for k in range(filled)]
        times += [times[-1] + 0.04] * 2
        heard_from += [heard_from[-1] + 0.02, heard_from[-1] + 0.04]
    calls = [(at, -1, k) for k, at in enumerate(times)] + [(k * 0.032, k, 0) for k in range(1, 370)]
    leads = {}
    for at, frame, k in sorted(calls):
        if frame < 0:
            begins = (k * block + np.arange(block)) / HEARING_RATE
            reference.push(np.float32(1 / 20) * (1 + begins).astype(np.float32), at)
            continue
        given = float(aligned.take(FRAME_SAMPLES, at, silent=frame < 60)[-1]) * 20 - 1
        number = max(0, min(round(given / 0.02 - 0.5), len(heard_from) - 1))
        leads[at] = heard_from[number] + 0.01 - at
    late = [
        round(at, 2)
        for at, lead in leads.items()
        if lead < 0 and at > 0.5 and not (stalls_at and stalls_at - 0.1 < at < stalls_at + 1.5)
    ]
    assert not late


def test_a_reader_that_was_too_late_finds_silence_and_then_the_step_again() -> None:
    reference = Reference(HEARING_RATE)
    for k in range(1000):
        reference.push(np.full(320, 0.5, np.float32), k * 0.02)
    assert reference.zero() == pytest.approx(0.0, abs=1e-6)
    end = 1000 * 320
    assert np.all(reference.segment(end - 512, end) == 0.5)
    assert np.all(reference.segment(0, 512) == 0.0)
    assert np.all(reference.segment(end, end + 512) == 0.0)


@pytest.mark.anyio
async def test_a_microphone_over_a_loudspeaker_hears_no_voice(scene: Scene) -> None:
    """The whole stage, at 48 kHz and with a queue that was read late; times as a sound card would give."""
    reference, begin = Reference(48_000), time.monotonic() - 60
    echo = room(scene.played, 0.12)
    loudspeaker = Audio(scene.played, HEARING_RATE).at_rate(48_000).samples
    position = 0

    def now() -> float:
        """The frame under way was captured when its last sample was."""
        return position / HEARING_RATE + anyio.current_time() - (begin + position / HEARING_RATE)

    async def frames() -> AsyncIterator[Audio]:
        nonlocal position
        for at in range(0, len(echo) - FRAME_SAMPLES, FRAME_SAMPLES):
            position = at + FRAME_SAMPLES
            while (written := reference._pushed) < min(position * 3, len(loudspeaker) - BLOCK):
                block = loudspeaker[written : written + BLOCK]
                reference.push(block, begin + written / 48_000)
            yield Audio(echo[at : at + FRAME_SAMPLES], HEARING_RATE)

    canceller = EchoCanceller(EchoSettings())
    cleaned = [frame.samples async for frame in cancel_echo(frames(), canceller, reference, now)]
    later = slice(2 * HEARING_RATE, 8 * HEARING_RATE)
    assert level(echo[later]) - level(np.concatenate(cleaned)[later]) > 20
    assert canceller.settled


# The loudspeaker gives way --------------------------------------------------------------------------------


class Scripted:
    """A voice detector that was told what it hears."""

    def __init__(self, probabilities: list[float]) -> None:
        self._rest = iter(probabilities)
        self.resets = 0

    def push(self, frame: Samples) -> float:
        return next(self._rest)

    def look(self, frames: Sequence[Samples]) -> list[float]:
        return [self.push(frame) for frame in frames]

    def reset(self) -> None:
        self.resets += 1


@pytest.mark.anyio
async def test_the_loudspeaker_is_turned_down_at_the_first_sign_of_a_voice() -> None:
    script = [0.9, 0.1] * 3 + [0.9, 0.8] + [0.1] * 30
    frame = np.zeros(FRAME_SAMPLES, np.float32)
    async with speaker(SpeakerSettings(sink="none")) as out:
        rate = out.rate
        await out.play(Speech("", Audio(np.ones(rate // 2, np.float32), rate), ()))
        vad = Scripted(script)
        gains, ear = [], EarlyDucking(vad, out, 20.0)
        for probability in script:
            assert ear.push(frame) == probability
            gains.append(round(out._buffer._goal, 3))
        out.stop()
    assert vad.resets == len(script) // 16  # it was hushed, and the detector was kept awake
    assert gains == [1.0] * 7 + [0.1] * 25 + [1.0] * 6


@pytest.mark.anyio
@pytest.mark.parametrize("settled", [True, False])
async def test_it_is_silent_soon_after_once_the_room_is_known(settled: bool) -> None:
    script = [0.9] * 4 + [0.1] * 26
    gains = []
    async with speaker(SpeakerSettings(sink="none")) as out:
        await out.play(Speech("", Audio(np.ones(out.rate // 2, np.float32), out.rate), ()))
        ear = EarlyDucking(Scripted(script), out, 20.0, lambda: settled)
        for number, _ in enumerate(script):
            ear.push(np.zeros(FRAME_SAMPLES, np.float32))
            if number == 3:
                out.duck(20.0)  # as the turn controller does when the utterance has begun
            gains.append(round(out._buffer._goal, 4))
        out.stop()
    low = 0.0001 if settled else 0.1
    assert gains == [1.0, 0.1] + [low] * 26 + [1.0] * 2


@pytest.mark.anyio
async def test_an_answer_that_the_valve_holds_is_not_let_go_by_silence() -> None:
    script = [0.9] * 4 + [0.1] * 30
    async with speaker(SpeakerSettings(sink="none")) as out:
        await out.play(Speech("", Audio(np.ones(out.rate // 2, np.float32), out.rate), ()))
        ear = EarlyDucking(Scripted(script), out, 20.0)
        for number, _ in enumerate(script):
            if number == 4:
                out.pause()
            ear.push(np.zeros(FRAME_SAMPLES, np.float32))
        assert out.paused
        out.resume()
        assert not out.paused
        out.stop()
