"""The room of the benchmark: its noises, its echo, its account of who spoke when."""

from __future__ import annotations

import functools
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from aloud.cli.bench import Options
from bench.room import room
from bench.room.empty_room import listen_to
from bench.room.noises import LEVEL_DBFS, NOISES
from bench.room.synthetic_room import Echoes
from bench.room.trials import Trials
from bench.room.voices import PERSON_DBFS, PHRASES, Utterance, active_dbfs, utterances
from config.runtime.clean import EMPTY, clean
from config.settings.loading import load
from pipeline import events
from pipeline.session.engines import choose_stt
from pipeline.session.run import run_async
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE

WORD = Utterance("stop", "somebody", np.ones(HEARING_RATE // 2, np.float32))


@pytest.mark.parametrize("name", ["pink noise", "music", "babble"])
def test_a_noise_goes_on_at_its_level_without_seams(name: str) -> None:
    pieces = list(islice(NOISES[name](1), 8))
    assert all(len(piece) == HEARING_RATE and piece.dtype == np.float32 for piece in pieces)
    whole = np.concatenate(pieces[2:])
    assert 10 * np.log10(np.mean(whole**2)) == pytest.approx(LEVEL_DBFS, abs=2.0)
    assert not np.array_equal(pieces[2], pieces[4])


def test_nobody_is_heard_in_the_noise_that_sounds_most_like_a_voice() -> None:
    llm_settings = {"stt.engine": "pocketsphinx", "tts.engine": "espeak:en-us", "llm.engine": "skills"}
    settings = load({**llm_settings, "speaker.sink": "none"}, environment={}).settings
    stt = choose_stt(settings.stt)[0]
    listen = functools.partial(listen_to, settings, stt, NOISES["babble"](1), "babble", 2.0)
    account = run_async(listen, fast=True)
    assert account.hallucinations == []
    assert account.counts["speech_ignored"], "taken for a voice at first"


def test_people_say_every_phrase_as_loudly() -> None:
    said = list(islice(utterances(), 8))
    assert {one.text for one in said} == set(PHRASES)
    assert len({one.voice for one in said}) > 3
    assert all(active_dbfs(one.samples) == pytest.approx(PERSON_DBFS, abs=0.1) for one in said)


def test_an_echo_comes_late_and_quieter() -> None:
    click = np.zeros((40, FRAME_SAMPLES), np.float32)
    click[2, 0] = 0.5
    echoes = Echoes(0.1, -12.0)
    heard = np.concatenate([echoes.push(frame) for frame in click])
    first = int(np.flatnonzero(np.abs(heard) > 0.008)[0])
    assert first == 2 * FRAME_SAMPLES + HEARING_RATE // 10
    assert 10 * np.log10(
        np.sum(heard[first : first + 4000] ** 2) / (np.tanh(0.75) / 1.5) ** 2
    ) == pytest.approx(-12.0, abs=1.5)


def during(trials: Trials, since: float, until: float, *, speaking: bool = True) -> list[float]:
    """When somebody began to speak."""
    ticks = np.arange(since, until, 0.1)
    return [float(at) for at in ticks if trials.tick(float(at), float(at) + 0.1, speaking)]


def test_an_interruption_counts_when_it_is_noticed_in_two_seconds() -> None:
    trials = Trials(iter([WORD] * 2), 2, 5.0)
    onset, *_ = during(trials, 0.0, 8.0)
    trials.told(events.Interrupted(at=0, turn=0, heard=EMPTY), onset + 1.9)
    later = during(trials, 8.0, 20.0)[0]
    trials.told(events.Interrupted(at=0, turn=1, heard=EMPTY), later + 2.1)
    assert [trial.met for trial in trials.trials] == [True, False]
    assert trials.over
    assert trials.spoken_s == pytest.approx(20.0, abs=0.2)


def test_words_that_nobody_said_are_a_turn_by_itself() -> None:
    trials = Trials(iter([WORD]), 1, 5.0)
    onset = during(trials, 0.0, 8.0)[0]
    for at, text in ((onset + 0.5, "Stop"), (onset - 1.0, "With"), (onset + 3.0, "The")):
        trials.told(
            events.FinalTranscript(at=at, turn=0, text=clean(text), speech_end=at, confidence=1.0), at + 0.6
        )
    typed = events.FinalTranscript(
        at=0, turn=0, text=clean("Go on"), speech_end=0, confidence=1, source="text"
    )
    trials.told(typed, 0.0)
    assert trials.by_itself == ["With", "The"]


def test_nobody_interrupts_silence_and_the_assistant_is_asked_to_speak() -> None:
    trials = Trials(iter([WORD]), 1, 5.0)
    assert during(trials, 0.0, 20.0, speaking=False) == []
    assert trials.asks()
    assert not trials.asks()


def test_without_pulseaudio_the_card_is_not_met_and_the_packages_are_named(
    models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    whisper = f"whisper:{models / 'whisper-micro'}"
    figures = room.measure(Options(rounds=1, seconds=4.0, stt=whisper, tts="espeak:en-us"))
    assert "pulseaudio" in capsys.readouterr().err
    assert [figure.name for figure in figures if "sound card" in figure.name and not figure.met]
    assert figures[0].met
