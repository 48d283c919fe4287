"""The linear part of an echo, in a synthetic room."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import numpy as np
import pytest

from voice.audio.echo.kalman_filter import BLOCK, LinearEcho
from voice.audio.samples import HEARING_RATE, Audio, Samples


def level(samples: Samples) -> float:
    """In dB."""
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-12))


def room(played: Samples, delay_s: float) -> Samples:
    """Late, with a reverberation of 0.3 s, half as loud, and noise at -60 dBFS."""
    rng = np.random.default_rng(2)
    seconds = np.arange(HEARING_RATE // 4) / HEARING_RATE
    response = rng.standard_normal(len(seconds)) * np.exp(-6.9 * seconds / 0.3) * 0.25
    response[0] = 1.0
    response *= 0.5 / np.sqrt((response**2).sum())
    late = np.concatenate([np.zeros(round(delay_s * HEARING_RATE)), response])
    size = len(played) + len(late)
    echo = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(late, size), size)[: len(played)]
    return (echo + rng.normal(0, 1e-3, len(played))).astype(np.float32)


def left(filter: LinearEcho, heard: Samples, played: Samples) -> Samples:
    blocks = range(0, len(heard) // BLOCK * BLOCK, BLOCK)
    return np.concatenate([filter.push(heard[at : at + BLOCK], played[at : at + BLOCK]) for at in blocks])


@pytest.fixture(scope="module")
def book(human: Callable[[str], Audio]) -> Samples:
    samples = human("two_cities").samples[: 12 * HEARING_RATE]
    return samples / np.float32(np.abs(samples).max()) * np.float32(0.5)


@pytest.fixture(scope="module")
def _learned(book: Samples) -> LinearEcho:
    filter = LinearEcho()
    left(filter, room(book, 0.15), book)
    return filter


@pytest.fixture
def learned(_learned: LinearEcho) -> LinearEcho:
    """It has heard the whole book at a delay of 0.15 s."""
    return deepcopy(_learned)


@pytest.mark.parametrize("delay_s", [0.03, 0.35])
def test_the_echo_falls_by_15_db_within_five_seconds(book: Samples, delay_s: float) -> None:
    heard = room(book, delay_s)
    later = slice(5 * HEARING_RATE, 9 * HEARING_RATE)
    assert level(heard[later]) - level(left(LinearEcho(), heard[: later.stop], book)[later]) > 15


def test_who_speaks_over_it_comes_through_whole_and_nothing_is_unlearned(
    book: Samples, human: Callable[[str], Audio]
) -> None:
    """As loud as the echo, from 7 s to 9 s."""
    heard = room(book, 0.1)
    person = np.zeros_like(heard)
    said = human("beckett").samples[: 2 * HEARING_RATE]
    person[7 * HEARING_RATE : 9 * HEARING_RATE] = said * np.float32(10 ** ((level(heard) - level(said)) / 20))
    cleaned = left(LinearEcho(), heard + person, book)
    during, after = (
        slice(7 * HEARING_RATE, 9 * HEARING_RATE),
        slice(9 * HEARING_RATE + 800, 11 * HEARING_RATE),
    )
    assert level(cleaned[during] - person[during]) < level(person[during]) - 10
    assert level(heard[after]) - level(cleaned[after]) > 12


def test_what_was_learned_is_kept_while_nothing_is_played(learned: LinearEcho, book: Samples) -> None:
    heard = room(book, 0.15)[: 2 * HEARING_RATE]
    learned.rest()
    again = slice(HEARING_RATE // 2, None)
    assert level(heard[again]) - level(left(learned, heard, book)[again]) > 15


@pytest.mark.parametrize("moved_ms", [60, -40, 10])
def test_a_reference_that_moves_is_followed_within_half_a_second(
    learned: LinearEcho, book: Samples, moved_ms: int
) -> None:
    """The echo stays where it was, so it follows its reference the later or the sooner."""
    heard = room(book, 0.15)[: 2 * HEARING_RATE]
    moved = moved_ms * HEARING_RATE // 1000
    learned.rest()
    learned.moved(moved)
    later = np.roll(np.pad(book, 1000), -moved)[1000:-1000]
    again = slice(HEARING_RATE // 2, None)
    assert level(heard[again]) - level(left(learned, heard, later)[again]) > 15


def test_a_gap_in_both_is_no_move(learned: LinearEcho, book: Samples) -> None:
    """Sound was lost, the reference was moved for it, and the room is as it was."""
    heard = room(book, 0.15)[: 2 * HEARING_RATE]
    learned.rest()
    learned.moved(960)
    again = slice(HEARING_RATE // 2, None)
    assert level(heard[again]) - level(left(learned, heard, book)[again]) > 15


def test_in_another_room_it_is_learned_anew(learned: LinearEcho, book: Samples) -> None:
    later = slice(8 * HEARING_RATE, 11 * HEARING_RATE)
    heard = room(book, 0.3)[: later.stop]
    assert level(heard[later]) - level(left(learned, heard, book)[later]) > 12


def test_silence_teaches_nothing_and_passes_untouched() -> None:
    hiss = np.random.default_rng(3).normal(0, 1e-3, HEARING_RATE).astype(np.float32)
    assert np.array_equal(left(LinearEcho(), hiss, np.zeros_like(hiss)), hiss)
