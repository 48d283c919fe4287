"""It listens before its engines are loaded: what is asked at once, while they load, is heard and answered."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.program import Program
from tests.surfaces.playing import play_into_microphone
from tests.surfaces.test_conversation import LIVE, TALK, until

ALWAYS_THERE = ("--stt", "pocketsphinx", "--tts", "espeak:en-us")


@pytest.fixture(scope="session")
def fetched(models: Path) -> tuple[str, ...]:
    """Models, as they are fetched: slower to load."""
    voice = models / "piper-micro" / "piper-micro.onnx"
    return ("--stt", f"whisper:{models / 'whisper-micro'}", "--tts", f"piper:{voice}")


def asked_at_once(card: Any, question: Path, *engines: str) -> tuple[str, bool]:
    """What was heard of a question that is asked as soon as it listens; whether its answer was spoken."""
    with Program(*TALK, *engines, beginning=LIVE, env=card.env, stdout=subprocess.PIPE, text=True) as aloud:
        try:
            until(aloud.stdout, "ready")
            play_into_microphone(question, card.env)
            return until(aloud.stdout, "final_transcript")["text"], until(aloud.stdout, "spoke")["complete"]
        finally:
            aloud.kill()


def test_with_the_engines_that_are_always_there(sound_card: Any, recordings: Path) -> None:
    question = recordings.parent.parent / "aloud" / "sample" / "sum.wav"
    heard, answered = asked_at_once(sound_card, question, *ALWAYS_THERE)
    assert (heard.lower(), answered) == ("what is twelve times eleven", True)


def test_with_models(sound_card: Any, recordings: Path, fetched: tuple[str, ...]) -> None:
    heard, answered = asked_at_once(sound_card, recordings / "question_timer.wav", *fetched)
    assert (heard, answered) == ("Set a timer for five minutes.", True)
