"""The lists of people are well formed, and what is made of recordings is what it says; nothing is fetched."""

from __future__ import annotations

import re
import tarfile
import time
from pathlib import Path

import anyio
import numpy as np
import pytest

from bench.people.conversing import run_on
from bench.people.corpus import cut, faded, join, lines, mix, noise_like, piece, quiet_spectrum
from bench.people.crowd import Asked, Heeded, Turn, turns_of
from bench.people.fetching import checked, unpack
from bench.people.hesitate import Outcome, figures, spread
from bench.people.sets import SETS, Speech, placed, places, sources
from config.runtime.clean import clean
from config.runtime.clock import in_thread
from voice.audio.samples import HEARING_RATE, Samples, window_power
from voice.stt.events import FalseInterruption, FinalTranscript, SpeechStarted

RATE = HEARING_RATE
LANGUAGES = ("en", "es", "fr")


def tone(seconds: float, hz: float = 440.0, peak: float = 0.5) -> Samples:
    moments = np.arange(round(seconds * RATE)) / RATE
    return (peak * np.sin(2 * np.pi * hz * moments)).astype(np.float32)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_recording_has_one_row_of_words(language: str) -> None:
    rows = lines(f"texts/{language}.tsv")
    assert all(len(row) == 4 and all(row) for row in rows)
    assert len({row[0] for row in rows}) == len(rows)
    rejected = {name for of, name, _ in lines("rejected.tsv") if of == language}
    assert not rejected & {row[0] for row in rows}


def test_the_two_sets_share_no_speaker() -> None:
    speaker_of = {name: speaker for name, speaker, *_ in lines("texts/en.tsv")}
    speakers: dict[str, set[str]] = {chosen: set() for chosen in SETS}
    for row in lines("hesitations.tsv"):
        speakers[row[0]] |= {speaker_of[one.partition("@")[0]] for one in row[2].split()}
    for row in lines("complete.tsv"):
        speakers[row[0]] |= {speaker_of[one.partition("@")[0]] for one in row[2].split()}
    assert all(speakers.values())
    assert not speakers["tune"] & speakers["report"]


@pytest.mark.parametrize(("chosen", "least"), [("report", 60), ("tune", 40)])
def test_there_is_enough_of_both_kinds(chosen: str, least: int) -> None:
    assert sum(row[0] == chosen for row in lines("hesitations.tsv")) >= least
    assert sum(row[0] == chosen for row in lines("complete.tsv")) >= least


def test_hesitations_are_cut_where_their_words_are() -> None:
    known = sources()
    for _, pause, first, rest, begun, ended in lines("hesitations.tsv"):
        assert 300 <= int(pause) <= 1500
        before, after = places(first, known), places(rest, known)
        assert all(0 <= place.start_s < place.end_s for place in (*before, *after))
        if before[-1].name == after[0].name:
            assert before[-1].end_s <= after[0].start_s
        assert begun
        assert ended
        assert not re.search(r"[.?!]$", begun)


def test_words_and_sentences_name_places_and_words() -> None:
    known = sources()
    for kind, _, where, words in lines("words.tsv"):
        assert kind in ("stop", "stop-like", "backchannel", "answer", "inside")
        assert words == words.lower()
        assert all(place.end_s - place.start_s > 0.1 for place in places(where, known))
    sentences = [sentence for _, sentence in lines("stop_sentences.tsv")]
    assert len(sentences) == len(set(sentences)) >= 100


def test_a_place_is_a_stretch_of_a_recording() -> None:
    (own, other) = places("b/c@0.5-1.25 en:d@0.000-2.0", {"b/c": "readers"})
    assert (own.source, own.name, own.start_s, own.end_s) == ("readers", "b/c", 0.5, 1.25)
    assert (other.source, other.name) == ("en", "d")


def test_a_cut_is_faded_there_and_nowhere_else() -> None:
    whole = np.full(RATE, 0.5, np.float32)
    before, after = cut(whole, 0.4)
    assert (len(before), len(after)) == (round(0.4 * RATE), round(0.6 * RATE))
    assert (before[0], after[-1]) == (0.5, 0.5)
    assert (before[-1], after[0]) == (0, 0)
    assert before[-161] == after[160] == 0.5  # 10 ms from the cut
    assert (whole == 0.5).all()
    middle = piece(whole, 0.25, 0.5)
    assert len(middle) == RATE // 4
    assert (middle[0], middle[-1], middle[len(middle) // 2]) == (0, 0, 0.5)


def test_what_is_shorter_than_two_fades_is_faded_all_the_same() -> None:
    assert faded(np.ones(3, np.float32)).tolist() == [0, 1, 0]
    assert not len(faded(np.empty(0, np.float32)))


def test_joined_parts_have_the_tone_under_all_of_them() -> None:
    hum = np.full(10, 0.01, np.float32)  # shorter than what is joined: repeated
    joined = join([np.full(1600, 0.5, np.float32)] * 2, [300.0], hum)
    assert len(joined) == 2 * 1600 + 4800
    assert np.allclose(joined[:1600], 0.51)
    assert np.allclose(joined[1600:6400], 0.01)
    with pytest.raises(ValueError, match="2 parts have 1 gaps, not 2"):
        join([hum, hum], [1.0, 2.0], hum)


def test_a_mixture_keeps_the_first_and_brings_the_second_to_its_level() -> None:
    loud, soft = tone(1.0, 440, 0.5), tone(0.3, 1000, 0.01)
    mixed = mix(loud, soft, -6.0)
    rest = mixed - loud
    ratio_db = 10 * np.log10(np.mean(np.square(rest)) / np.mean(np.square(loud)))
    assert ratio_db == pytest.approx(-6.0, abs=0.2)


def test_room_tone_has_the_level_asked_for_and_the_spectrum_of_the_quiet() -> None:
    rng = np.random.default_rng(3)
    humming = tone(2.0, 1000, 0.002) + rng.normal(0, 1e-5, 2 * RATE).astype(np.float32)
    talk = np.concatenate([humming, tone(1.0, 3000), np.zeros(RATE, np.float32)])
    made = noise_like(quiet_spectrum(talk), 2.0, -60.0, rng)
    assert 10 * np.log10(np.mean(np.square(made, dtype=np.float64))) == pytest.approx(-60, abs=0.1)
    power = np.abs(np.fft.rfft(made)) ** 2
    per_hz = len(power) / (RATE / 2)
    near = power[round(900 * per_hz) : round(1100 * per_hz)].sum()
    assert near > 0.9 * power.sum()
    assert (window_power(made, RATE // 100) > 0).all()
    with pytest.raises(ValueError, match="no quiet stretch"):
        quiet_spectrum(np.zeros(RATE, np.float32))


def test_what_did_not_happen_is_counted_and_not_averaged() -> None:
    def outcome(turn_ms: float | None, sound_ms: float | None = None) -> Outcome:
        return Outcome("statement", ("a",), 0.0, turn_ms, sound_ms, ())

    hesitant = [outcome(-400.0), outcome(900.0), outcome(None), outcome(0.0)]
    found = figures(hesitant, [outcome(500.0, 800.0), outcome(700.0), outcome(None), outcome(-50.0, 20.0)])
    assert found["cut off, %"] == 25
    assert found["complete, no turn"] == 1
    assert found["complete, ended inside"] == 1
    assert found["wait after a complete one, median ms"] == 500
    assert found["wait after a complete one, p90 ms"] == 700
    assert figures([], [])["cut off, %"] is None


def test_only_the_recordings_of_a_package_are_unpacked(tmp_path: Path) -> None:
    package = tmp_path / "a-1" / "sounds"
    package.mkdir(parents=True)
    (package / "hello.wav").write_bytes(b"RIFF")
    (tmp_path / "a-1" / "setup.py").write_text("raise SystemExit")
    archive = tmp_path / "a.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "a-1", "a-1")
    source = {"name": "a", "take": "sounds", "sha256": "0" * 64}
    unpack(archive, source, tmp_path / "out")
    taken = [
        str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()
    ]
    assert taken == ["a/hello.wav"]
    with pytest.raises(SystemExit, match="not used"):
        checked(archive, source)


def test_an_utterance_lies_where_its_ends_say() -> None:
    speech = placed("hesitant", [("a", tone(0.5)), ("b", tone(0.25, peak=0.1))], 300.0, seed=1)
    assert [end / RATE for end in speech.ends] == pytest.approx([1.5, 2.05])
    power = window_power(speech.sound, RATE // 100)
    loud = np.flatnonzero(power > 5e-5) / 100
    assert (loud[0], loud[-1]) == (pytest.approx(1.0, abs=0.02), pytest.approx(2.04, abs=0.02))
    assert not ((loud > 1.51) & (loud < 1.79)).any()
    assert (power > 0).all()
    assert speech.text == "a b"


def test_a_part_of_a_list_is_spread_over_it() -> None:
    every = [Speech(str(number), (), np.empty(0, np.float32), ()) for number in range(10)]
    assert [one.kind for one in spread(every, 4)] == ["0", "2", "5", "7"]
    assert spread(every, 10) == spread(every, None) == every


def test_on_the_processors_clock_a_wait_for_others_takes_no_time() -> None:
    async def work() -> tuple[float, float]:
        begun = anyio.current_time()
        await anyio.sleep(100)
        skipped = anyio.current_time()
        await in_thread(time.sleep, 0.3)  # as a thread that another program keeps from running
        return skipped - begun, anyio.current_time() - skipped

    wait, slept = run_on("processor", work)
    assert wait >= 100
    assert slept < 0.2


def test_a_turn_over_two_sentences_answers_neither() -> None:
    first, second = Asked("One.", 10, 12), Asked("Two.", 20, 22)
    hers, both, nobody = Turn("one", 9.5, 12.5), Turn("of the", 5, 65), Turn("bye", 15, 16)
    of = turns_of([hers, nobody], [first, second])
    assert of == {first: [hers], second: []}
    assert turns_of([both], [first, second]) == {first: [], second: []}


def test_deaf_is_the_longest_that_ended_in_nothing() -> None:
    heeded = Heeded()
    heeded.take(SpeechStarted(1.0), 1.2)
    heeded.take(FalseInterruption("noise"), 4.5)
    heeded.take(SpeechStarted(10.0), 10.2)
    heeded.take(FalseInterruption("phantom"), 12.0)
    heeded.take(SpeechStarted(20.0), 20.2)
    heeded.take(FinalTranscript(clean("one"), speech_start=20.0, speech_end=30.0), 31.0)
    assert (heeded.deaf_s, heeded.ignored) == (3.5, 2)
    assert [turn.text for turn in heeded.turns] == ["one"]
