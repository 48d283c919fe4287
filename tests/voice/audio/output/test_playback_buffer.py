from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.audio.output.earcons import cue
from voice.audio.output.playback_buffer import FADE_S, RAMP_S, PlaybackBuffer
from voice.audio.samples import Audio, Samples
from voice.audio.speech import Speech, Word


def speech(samples: int, rate: int = 1000, level: float = 1.0) -> Speech:
    half = samples // 2
    words = (Word("one", 0, half), Word("two", half, samples))
    return Speech("one two", Audio(np.full(samples, level, np.float32), rate), words)


def put(buffer: PlaybackBuffer, said: Speech) -> int:
    samples = said.audio.at_rate(buffer.rate).samples
    buffer.begin(said, len(samples))
    return buffer.put(samples)


def pulled(buffer: PlaybackBuffer, count: int) -> Samples:
    out = np.empty(count, np.float32)
    buffer.pull_into(out)
    return out


def test_what_goes_in_comes_out_then_silence() -> None:
    buffer = PlaybackBuffer(1000, 1.0)
    sound = np.linspace(-1, 1, 300, dtype=np.float32)
    buffer.begin(Speech("", Audio(sound, 1000), ()), 300)
    assert buffer.put(sound) == 300
    assert buffer.queued_s == 0.3
    np.testing.assert_array_equal(pulled(buffer, 200), sound[:200])
    out = np.full(200, 9, np.float32)
    assert buffer.pull_into(out) == 100
    np.testing.assert_array_equal(out, np.concatenate([sound[200:], np.zeros(100)]))
    assert buffer.queued == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=40), st.integers(1, 100))
def test_the_ring_keeps_every_sample_in_order(steps: list[tuple[int, int]], size: int) -> None:
    got: list[float] = []
    buffer, sent = PlaybackBuffer(size, 1.0), 0
    for wanted, taken in steps:
        sent += buffer.put(np.arange(sent + 1, sent + wanted + 1, dtype=np.float32))
        out = np.empty(taken, np.float32)
        count = buffer.pull_into(out)
        assert not out[count:].any()
        got.extend(out[:count])
        assert buffer.room + buffer.queued == size
    assert got == list(range(1, len(got) + 1))


def test_a_full_ring_takes_what_fits() -> None:
    buffer = PlaybackBuffer(1000, 0.25)
    assert buffer.put(np.ones(1000, np.float32)) == 250
    assert buffer.room == 0
    pulled(buffer, 100)
    assert buffer.put(np.ones(1000, np.float32)) == 100


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([500, 1000, 2205])), min_size=1, max_size=5),
    st.integers(0, 1500),
    st.integers(0, 60),
)
def test_the_account_adds_up(said: list[tuple[int, int]], pulled: int, unheard: int) -> None:
    buffer = PlaybackBuffer(1000, 60.0)
    speeches = [speech(samples, rate) for samples, rate in said]
    for each in speeches:
        put(buffer, each)
    sound = np.empty(pulled, np.float32)
    count = buffer.pull_into(sound)
    unheard = min(unheard, count)
    played = buffer.stop(unheard)
    assert [part.speech for part in played] == speeches
    heard_s = sum(part.samples / part.speech.audio.rate for part in played)
    assert heard_s == pytest.approx((count - unheard) / 1000, abs=0.003 * len(said))
    for part, following in pairwise(played):
        if following.samples:
            assert part.samples == len(part.speech.audio.samples)
    assert buffer.stop() == []


def test_the_account_gives_the_words() -> None:
    buffer = PlaybackBuffer(24_000, 2.0)
    first, second = speech(16_000, 16_000), speech(16_000, 16_000)
    put(buffer, first)
    put(buffer, second)
    pulled(buffer, 24_000 + 8_000)
    one, two = buffer.stop(unheard=240)
    assert (one.samples, one.speech.heard(one.samples)) == (16_000, "one two")
    assert two.samples == pytest.approx(7_760 * 16 / 24, abs=1)
    assert two.speech.heard(two.samples) == "one"


def test_settled_is_heard_whole_and_forgotten() -> None:
    buffer = PlaybackBuffer(48_000, 2.0)
    said = speech(22_050, 22_050)
    put(buffer, said)
    while buffer.queued:
        pulled(buffer, 960)
    assert [(part.speech, part.samples) for part in buffer.settle()] == [(said, 22_050)]
    assert buffer.settle() == []


def jumps(sound: Samples) -> float:
    return float(np.abs(np.diff(sound)).max())


def test_a_stop_fades_and_the_fade_is_not_counted() -> None:
    buffer = PlaybackBuffer(1000, 1.0)
    put(buffer, speech(600))
    before = pulled(buffer, 100)
    (played,) = buffer.stop()
    assert played.samples == 100
    after = pulled(buffer, 100)
    fade = round(FADE_S * 1000)
    assert jumps(np.concatenate([before, after])) <= 1.2 / fade
    assert not after[fade:].any()
    put(buffer, speech(50, level=0.5))
    np.testing.assert_array_equal(pulled(buffer, 50), np.full(50, 0.5, np.float32))


def test_a_second_stop_lets_the_fade_go_on() -> None:
    buffer = PlaybackBuffer(1000, 1.0)
    put(buffer, speech(600))
    before = pulled(buffer, 100)
    buffer.stop()
    assert buffer.stop() == []
    assert jumps(np.concatenate([before, pulled(buffer, 50)])) <= 1.2 / (FADE_S * 1000)


def test_a_stop_without_fade_is_silent_at_once() -> None:
    buffer = PlaybackBuffer(1000, 1.0)
    put(buffer, speech(600))
    pulled(buffer, 100)
    buffer.stop(fade=False)
    assert not pulled(buffer, 50).any()


@pytest.mark.parametrize("block", [1, 7, 20, 1000])
def test_ducking_is_a_ramp_whatever_the_blocks(block: int) -> None:
    buffer = PlaybackBuffer(1000, 3.0)
    put(buffer, speech(3000))
    loud = pulled(buffer, 100)
    buffer.duck(20.0)
    quiet = np.concatenate([pulled(buffer, block) for _ in range(-(-500 // block))])
    buffer.resume()
    again = pulled(buffer, 100)
    ramp, fade = round(RAMP_S * 1000), round(FADE_S * 1000)
    np.testing.assert_allclose(quiet[ramp + 1 :], 0.1, atol=1e-5)
    np.testing.assert_allclose(again[fade + ramp + 1 :], 1.0, atol=1e-5)
    assert jumps(np.concatenate([loud, quiet, again])) <= 1.01 / ramp


def test_turning_back_in_the_middle_of_a_ramp_does_not_jump() -> None:
    buffer = PlaybackBuffer(1000, 1.0)
    put(buffer, speech(1000))
    buffer.duck(40.0)
    down = pulled(buffer, 5)
    buffer.resume()
    up = pulled(buffer, 100)
    assert jumps(np.concatenate([down, up])) <= 1.5 / (FADE_S * 1000)
    np.testing.assert_allclose(up[30:], 1.0, atol=1e-5)


def test_running_dry_before_more_came_is_an_underrun() -> None:
    buffer = PlaybackBuffer(1000, 1.0)
    pulled(buffer, 20)  # idle: nothing was promised
    put(buffer, speech(100))
    pulled(buffer, 100)
    put(buffer, speech(100))  # just in time
    assert buffer.underruns == 0
    pulled(buffer, 120)
    put(buffer, speech(100))
    assert buffer.underruns == 1
    pulled(buffer, 120)
    buffer.settle()  # the answer is over
    put(buffer, speech(100))
    assert buffer.underruns == 1


def test_after_a_short_sound_nothing_was_promised() -> None:
    buffer = PlaybackBuffer(1000, 1.0)
    put(buffer, cue("thinking", 1000))
    pulled(buffer, 200)
    put(buffer, speech(100))  # the answer, when it is ready
    assert buffer.underruns == 0
    pulled(buffer, 120)
    put(buffer, speech(100))
    assert buffer.underruns == 1


def test_the_volume_is_a_factor_that_ducking_comes_on_top_of() -> None:
    buffer = PlaybackBuffer(1000, ahead_s=1.0, volume=0.5)
    put(buffer, speech(1000))
    assert np.allclose(pulled(buffer, 100), 0.5)
    buffer.duck(20.0)
    pulled(buffer, 100)
    assert np.allclose(pulled(buffer, 100), 0.05)
    buffer.resume()
    pulled(buffer, 100)
    assert np.allclose(pulled(buffer, 100), 0.5)


def counting(samples: int, *, word: int, rate: int = 1000) -> Speech:
    """Each sample tells where it lies; a word every ``word`` samples."""
    words = tuple(Word(str(at // word), at, at + word) for at in range(0, samples, word))
    return Speech("", Audio((np.arange(samples) / samples).astype(np.float32), rate), words)


def test_what_was_said_while_it_was_turned_down_is_said_again_from_the_word_on() -> None:
    buffer = PlaybackBuffer(1000, 3.0)
    put(buffer, counting(2000, word=300))
    pulled(buffer, 700)  # in the third word, which began at 600
    buffer.duck(20.0)
    pulled(buffer, 400)
    buffer.resume()
    again = pulled(buffer, 500)[round(FADE_S * 1000) + round(RAMP_S * 1000) :]
    np.testing.assert_allclose(again[:3], (615 + np.arange(3)) / 2000, atol=1e-6)
    (played,) = buffer.stop()
    assert played.samples == 600 + 490


def test_turned_down_in_silence_repeats_nothing() -> None:
    buffer = PlaybackBuffer(1000, 3.0)
    put(buffer, counting(2000, word=300))
    pulled(buffer, 700)
    buffer.duck(20.0)
    buffer.resume()
    pulled(buffer, 200)
    assert buffer.stop()[0].samples == 900


def test_held_it_is_silent_and_goes_on_at_the_word_where_it_was_turned_down() -> None:
    buffer = PlaybackBuffer(1000, 3.0)
    put(buffer, counting(2000, word=300))
    pulled(buffer, 700)
    buffer.duck(20.0)
    pulled(buffer, 200)
    buffer.pause()
    silent = pulled(buffer, 5000)
    assert not silent[round(FADE_S * 1000) :].any()
    assert buffer.queued > 0
    assert buffer.ducked
    buffer.resume()
    assert pulled(buffer, 100)[-1] == pytest.approx((600 + 99) / 2000, abs=1e-6)
    assert not buffer.ducked


def test_what_a_lost_device_did_not_play_is_played_again_at_full_volume() -> None:
    buffer = PlaybackBuffer(1000, 1.0)
    put(buffer, counting(1000, word=250))
    pulled(buffer, 600)
    buffer.step_back(80)
    again = pulled(buffer, 200)
    np.testing.assert_allclose(again[30:], np.arange(530, 700) / 1000, atol=1e-5)


def test_lost_while_it_is_turned_down_it_goes_on_as_low_and_comes_back() -> None:
    buffer = PlaybackBuffer(1000, 1.0)
    put(buffer, speech(1000))
    buffer.duck(20.0)
    pulled(buffer, 100)
    buffer.step_back(50)
    np.testing.assert_allclose(pulled(buffer, 100)[30:], 0.1, atol=1e-5)
    buffer.resume()
    np.testing.assert_allclose(pulled(buffer, 200)[30:], 1.0, atol=1e-5)


def test_a_stop_while_it_is_held_is_silent_and_what_follows_is_not_held() -> None:
    buffer = PlaybackBuffer(1000, 3.0)
    put(buffer, counting(2000, word=300))
    pulled(buffer, 700)
    buffer.pause()
    pulled(buffer, 100)
    assert buffer.stop()[0].samples == 700
    assert not pulled(buffer, 50).any()
    put(buffer, speech(200, level=0.5))
    np.testing.assert_allclose(pulled(buffer, 100), 0.5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["pull", "duck", "pause", "resume", "lose"]), st.integers(1, 900))))
def test_however_often_it_is_turned_down_or_lost_every_word_is_heard_at_full_volume(
    steps: list[tuple[str, int]],
) -> None:
    buffer = PlaybackBuffer(1000, 1.0)
    said = counting(4000, word=250)
    buffer.begin(said, 4000)
    rest, heard, down = said.audio.samples, np.zeros(4000, bool), False
    for step, count in [*steps, ("resume", 0), *[("pull", 250)] * 30]:
        rest = rest[buffer.put(rest) :]
        if step == "pull":
            out = pulled(buffer, count)
            if not down:
                at = np.round(out * 4000).astype(int)
                heard[at[np.isclose(out * 4000, at, atol=0.01)]] = True
        elif step == "lose":
            buffer.step_back(count)
        else:
            down = step != "resume"
            buffer.duck(20.0) if step == "duck" else buffer.pause() if step == "pause" else buffer.resume()
        if down and buffer.queued == 0 and not len(rest):
            down = False
            buffer.resume()
    # Ramps and fades are not at full volume: of each word the greater part is.
    assert heard.reshape(-1, 250).mean(axis=1).min() > 0.5
    assert buffer.settle()[0].samples == 4000


def test_louder_than_it_is_peaks_bend_and_nothing_exceeds_full_scale() -> None:
    buffer = PlaybackBuffer(1000, 3.0)
    buffer.volume = 2.0
    put(buffer, counting(2000, word=300))
    out = pulled(buffer, 2000)
    assert out.max() <= 1.0
    np.testing.assert_allclose(out[100:800], 2 * np.arange(100, 800) / 2000, atol=1e-5)
    assert (np.diff(out[100:]) >= 0).all()
