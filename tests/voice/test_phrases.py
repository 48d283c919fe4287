"""Ears for the commands alone: told apart, and told from other words."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from aloud.bench.people import said_by
from config.dictation import commands
from pipeline.dictation.commanding import as_command
from voice.audio import Samples
from voice.phrases import PhraseEars, PhraseHeard


@pytest.fixture(scope="module")
def ears() -> PhraseEars:
    if not shutil.which("flite"):
        pytest.fail("flite is not there: sh scripts/setup dev")
    return PhraseEars([*commands("en").phrases_whole, "xylophonquartett spielen"])


def spoken(text: str) -> Samples:
    silence = np.zeros(4000, np.float32)
    return np.concatenate([silence, said_by(text, "flite slt"), silence])


@pytest.mark.parametrize("phrase", ["scratch that", "stop dictation", "read that back", "undo", "new take"])
def test_a_command_is_heard_and_obeyed_however_it_was_written(ears: PhraseEars, phrase: str) -> None:
    heard = ears.hear(spoken(phrase))
    assert heard is not None
    assert heard.phrase == phrase
    assert as_command(phrase[:-1] + "x", heard) == phrase


@pytest.mark.parametrize("text", ["the weather in london was fine", "thank you very much"])
def test_other_words_stay_as_they_were_written(ears: PhraseEars, text: str) -> None:
    assert as_command(text, ears.hear(spoken(text))) == text


def test_nothing_is_no_command(ears: PhraseEars) -> None:
    assert as_command("", PhraseHeard("undo", 1.0)) == ""
    assert as_command("hello", None) == "hello"
    assert as_command("hello", ears.hear(np.zeros(8000, np.float32))) == "hello"
