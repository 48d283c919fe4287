"""The benchmark of interruptions, a few rounds of it: what it measures holds, and it is able to fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from aloud.cli.bench import Options
from bench.conversation import interrupt, reacting
from bench.conversation.aligning import Aligner
from bench.conversation.disturbances import disturbances
from bench.conversation.resuming import follow
from bench.conversation.staging import RATE, Cast, Remembering, play
from bench.conversation.told import ToldStt
from config.settings.loading import load
from pipeline import events
from tests import spoken
from voice.audio.samples import HEARING_RATE
from voice.stt.base import Stt
from voice.stt.pocketsphinx import PocketSphinx
from voice.tts.espeak import Espeak
from voice.turns.vad.silero import Silero


@pytest.fixture(scope="module")
def cast() -> Cast:
    stt: Stt = PocketSphinx()
    stt.warm()
    return Cast(load(environment={}).settings, Silero(), stt, Remembering(Espeak()))


def test_forty_sounds_take_no_turn() -> None:
    sounds = disturbances()
    assert len(sounds) == 40
    assert all(0.1 < float(np.abs(sound.samples).max()) < 1 for sound in sounds)


def test_an_answer_survives_what_takes_no_turn(cast: Cast) -> None:
    """Cough, hum, door, clap, keys, a spoken assent: at least one is taken for a voice at first."""
    by_name = {sound.name: sound for sound in disturbances()}
    started = 0
    for name in ("cough", "hum", "door", "clap", "keyboard", "uh huh"):
        told = replace(cast, stt=ToldStt(partial(str, "uh huh" if name == "uh huh" else "")))
        sound = reacting.over(by_name[name].samples, 1.6, np.random.default_rng(2))
        scene = play(told, "The river rises in the hills, and runs to the north.", sound)
        assert reacting.survived(scene), name
        started += len(scene.of(events.SpeechStarted))
    assert started


def test_a_voice_turns_the_answer_down_and_silences_it(cast: Cast) -> None:
    samples = spoken.said("Where was that town you were talking about?", "en-us+f3").audio
    voice = samples.at_rate(HEARING_RATE).samples
    voice = voice[reacting.onset(voice) :]
    scene = play(cast, interrupt.ANSWER, reacting.over(voice, 2.0, np.random.default_rng(3)))
    found = reacting.reaction(scene, 2.0)
    assert found.down < found.silent < 1.5  # no assertion of speed: the sound says more than 2.5 s
    assert found.late == 0.0


def _followed(heard: Sequence[np.ndarray], own: np.ndarray, starts: list[int]) -> bool:
    found = follow(np.concatenate(heard), own, starts, RATE)
    return found is not None and all(each.right for each in found)


def test_what_was_not_heard_again_is_missed() -> None:
    rng = np.random.default_rng(4)
    own = rng.normal(0, 0.1, 4 * RATE).astype(np.float32)
    starts = [0, RATE, 2 * RATE, 3 * RATE]
    cut, ramp = int(2.5 * RATE), round(0.015 * RATE)
    faint = own[cut : cut + RATE // 5] * np.float32(0.1)

    def again(word: int) -> np.ndarray:
        rest = own[word:].copy()
        rest[:ramp] *= np.linspace(0, 1, ramp, dtype=np.float32)
        return rest

    assert _followed([own], own, starts)
    assert _followed([own[:cut], faint, again(2 * RATE)], own, starts)
    assert not _followed([own[:cut], faint, again(3 * RATE)], own, starts)
    assert not _followed([own[:cut], faint, again(RATE)], own, starts)
    assert not _followed([own[:cut], faint, own[cut + RATE // 5 :]], own, starts)
    assert not _followed([own[:cut]], own, starts)


def test_the_aligner_finds_words_where_espeak_says_they_are() -> None:
    said = spoken.said("Birds rest on the islands in autumn, on their way to the south.")
    found = Aligner().align(said.text, said.audio)
    off = [
        abs(start - word.start / said.audio.rate) for (start, _), word in zip(found, said.words, strict=True)
    ]
    assert max(off) < 0.15
    with pytest.raises(ValueError, match="dictionary"):
        Aligner().align("xqzzt", said.audio)


def test_the_history_keeps_what_sounded(cast: Cast) -> None:
    bench = interrupt.Bench(cast.settings, cast.stt, Options())
    most, _ = bench.heard_text(cast.tts, 4)
    assert most.met
