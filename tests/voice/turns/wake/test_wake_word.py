"""The wake word is found where it was said, once, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from config.errors import SttError, UsageError
from tests import spoken
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples, from_int16, silence
from voice.turns.wake.wake_word import DEFAULT, WORDS, WakeWord, named


@pytest.fixture(scope="module")
def nabu() -> WakeWord:
    wake = WakeWord()
    wake.warm()
    return wake


def said(text: str, voice: str = "en-us", speed: float = 1.0) -> Samples:
    """The words in a synthetic voice, with a second of silence before and after them, at 16 kHz."""
    quiet = silence(1.0, HEARING_RATE).samples
    sound = spoken.said(text, voice, speed).audio.at_rate(HEARING_RATE).samples
    return np.concatenate([quiet, sound, quiet])


def found(wake: WakeWord, samples: Samples) -> list[float]:
    """Seconds at which it was recognised."""
    wake.reset()
    frames = enumerate(Framer().push(samples), start=1)
    return [at * FRAME_SAMPLES / HEARING_RATE for at, frame in frames if wake.push(frame)]


@pytest.mark.parametrize("voice", ["en-us", "en", "en-us+m3", "en+f3", "de"])
@pytest.mark.parametrize("speed", [0.8, 1.0])
def test_it_is_found_once_and_soon(nabu: WakeWord, voice: str, speed: float) -> None:
    samples = said("Okay Nabu", voice, speed)
    (at,) = found(nabu, samples)
    end = len(samples) / HEARING_RATE - 1.0
    assert end - 0.5 < at < end + 0.4


def test_each_time_anew(nabu: WakeWord) -> None:
    assert len(found(nabu, np.concatenate([said("Okay Nabu"), said("Okay Nabu", "en")]))) == 2


@pytest.mark.parametrize(("word", "voice"), [("alexa", "en-us"), ("hey_mycroft", "en-us")])
def test_another_word(word: str, voice: str) -> None:
    wake = WakeWord(word)
    assert found(wake, said(wake.phrase.title(), voice)) != []
    assert found(wake, said("Okay Nabu", voice)) == []


@pytest.mark.parametrize("word", WORDS)
def test_other_speech_is_let_pass(word: str, human: Callable[[str], Audio]) -> None:
    assert found(WakeWord(word), human("two_cities").samples[: 30 * HEARING_RATE]) == []


def test_questions_are_let_pass(nabu: WakeWord, recordings: Path) -> None:
    for path in sorted(recordings.glob("*.wav")):
        with wave.open(str(path)) as recording:
            pcm = from_int16(recording.readframes(recording.getnframes()))
            sound = Audio(pcm, recording.getframerate()).at_rate(HEARING_RATE)
        assert found(nabu, sound.samples) == [], path.name


def test_reset_forgets_half_a_word(nabu: WakeWord) -> None:
    samples = said("Okay Nabu")
    middle = len(samples) // 2 // FRAME_SAMPLES * FRAME_SAMPLES
    assert found(nabu, samples[:middle]) == []
    assert found(nabu, samples[middle:]) == []


def test_names() -> None:
    assert named(" Okay Nabu ") == named("okay-nabu") == WakeWord().word == DEFAULT
    assert WakeWord("Hey Jarvis").phrase == "hey jarvis"
    with pytest.raises(UsageError) as caught:
        WakeWord("computer")
    for word in WORDS:
        assert word in str(caught.value)


def test_all_words_are_in_the_wheel() -> None:
    from pymicro_wakeword import Model

    assert sorted(WORDS) == sorted(model.value for model in Model)


def test_a_broken_engine_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymicro_wakeword", None)
    with pytest.raises(SttError, match=r"Install it anew: \S+ "):
        WakeWord().push(np.zeros(FRAME_SAMPLES, np.float32))


def test_the_engine_is_loaded_only_when_needed() -> None:
    program = (
        "import sys; from voice.turns.wake.wake_word import WakeWord; "
        "WakeWord(); sys.exit('pymicro_wakeword' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
