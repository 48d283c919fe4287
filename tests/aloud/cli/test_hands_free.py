"""Hands-free as a person has it: wake word, follow-up, "go to sleep", typed lines. Real engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import spoken
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import HEARING_RATE, Samples, concatenate, silence, write_wav

Call = Callable[..., Any]

ENGINES = ("--tts", "espeak:en-us", "--llm", "skills")


@pytest.fixture(scope="session")
def stt(models: Path) -> tuple[str, str]:
    return ("--stt", f"whisper:{models / 'whisper-micro'}")


@pytest.fixture
def say(tmp_path: Path, recordings: Path) -> Call:
    """A recording: seconds of silence, names of recordings, and texts for espeak."""

    def sound(part: float | str) -> Samples:
        if isinstance(part, float):
            return silence(part, HEARING_RATE).samples
        if (recordings / f"{part}.wav").exists():
            return read_recording(recordings / f"{part}.wav").samples
        return spoken.said(part).audio.at_rate(HEARING_RATE).samples

    def make(*parts: float | str) -> str:
        from voice.audio.samples import Audio

        path = tmp_path / "said.wav"
        write_wav(path, concatenate([Audio(sound(part), HEARING_RATE) for part in parts]))
        return str(path)

    return make


def told(outcome: Any, *names: str) -> list[str]:
    return [event["event"] for event in outcome.events if event["event"] in names]


def test_nothing_is_answered_before_the_wake_word_and_after_the_window(
    aloud: Call, say: Call, stt: tuple[str, str]
) -> None:
    question = "question_sign_whisper"
    said = say(1.0, question, 2.0, "Okay Nabu", 1.0, question, 40.0, question, 3.0)
    outcome = aloud(
        "talk", "--fast", "--wake-word", "--microphone", said, "--speaker", "none", "--json", *stt, *ENGINES
    )
    assert outcome.status == 0, outcome.err
    assert told(outcome, "slept", "woke", "final_transcript") == [
        "slept",
        "woke",
        "final_transcript",
        "slept",
    ]
    slept = outcome.of("slept")[1]["at"]
    assert outcome.of("spoke")[0]["complete"]
    assert slept == pytest.approx(outcome.of("spoke")[0]["at"] + 8.0, abs=0.3)


def test_in_the_window_one_may_go_on_without_the_word(aloud: Call, say: Call, stt: tuple[str, str]) -> None:
    question = "question_sign_whisper"
    said = say(1.0, "Okay Nabu", 1.0, question, 9.0, question, 3.0)
    outcome = aloud(
        "talk", "--fast", "--wake-word", "--microphone", said, "--speaker", "none", "--json", *stt, *ENGINES
    )
    assert told(outcome, "woke", "final_transcript") == ["woke", "final_transcript", "final_transcript"]


def test_an_unknown_wake_word_is_a_sentence(aloud: Call, say: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALOUD_WAKE__WORD", "computer")
    outcome = aloud("talk", "--fast", "--wake-word", "--microphone", say(1.0), "--speaker", "none", *ENGINES)
    assert outcome.status == 2
    assert "There is no wake word 'computer'" in outcome.err
    assert "hey_jarvis" in outcome.err


def test_sound_and_lines_cannot_both_come_on_standard_input(aloud: Call) -> None:
    outcome = aloud("talk", "--typed", "--microphone", "-", *ENGINES)
    assert outcome.status == 2
    assert "both sound and typed lines" in outcome.err
