"""Silero, streamed: high on voices, low on noise, and the same as the batch of faster-whisper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from config.errors import SttError
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import FRAME_SAMPLES, Audio, Framer, Samples
from voice.turns.vad.silero import Silero, model_file


@pytest.fixture(scope="module")
def silero() -> Silero:
    vad = Silero()
    vad.warm()
    return vad


def probabilities(vad: Silero, samples: Samples) -> list[float]:
    vad.reset()
    return [vad.push(frame) for frame in Framer().push(samples)]


def test_sound_without_words_is_low(silero: Silero, wordless: Samples) -> None:
    heard = probabilities(silero, wordless)
    assert np.mean(heard) < 0.2
    assert np.mean(np.array(heard) > 0.5) < 0.05


def test_a_person_is_high(silero: Silero, human: Callable[[str], Audio]) -> None:
    samples = human("beckett").samples
    whole = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    loudness = 20 * np.log10(np.sqrt(np.mean(np.square(whole), axis=1)) + 1e-9)
    voiced = loudness > loudness.max() - 15
    heard = np.array(probabilities(silero, samples))
    assert np.mean(heard[voiced] > 0.5) > 0.9


@pytest.mark.parametrize("quiet_s", [3, 30, 120])
@pytest.mark.parametrize("spoken", ["a person, softly", "stop"])
def test_one_word_after_a_long_quiet_is_noticed(
    silero: Silero, human: Callable[[str], Audio], recordings: Path, spoken: str, quiet_s: int
) -> None:
    """In a quiet the network grows deaf: of 33 short words of people it found 3 after half a minute."""
    stop = read_recording(recordings / "stop.wav").at_rate(16_000).samples
    word = stop if spoken == "stop" else human("beckett").samples[:16_000] * np.float32(0.1)
    quiet = np.zeros(quiet_s * 16_000, np.float32)
    heard = probabilities(silero, np.concatenate([quiet, word]))
    at_once = probabilities(silero, np.concatenate([quiet[:16_000], word]))
    length = len(word) // FRAME_SAMPLES
    assert max(heard[: -length - 1]) < 0.5
    found, whole = (np.count_nonzero(np.array(each[-length:]) > 0.5) for each in (heard, at_once))
    assert found >= whole - 2
    assert found > 6  # 200 ms begin an utterance


def test_streaming_equals_the_batch_of_faster_whisper(silero: Silero, human: Callable[[str], Audio]) -> None:
    from faster_whisper.vad import get_vad_model

    samples = human("beckett").samples[: 200 * FRAME_SAMPLES]
    streamed = probabilities(silero, samples)
    # The batch blanks the last 64 samples of what it is given (in place): hence the copy, and not the last.
    batch = get_vad_model()(samples.copy())
    np.testing.assert_allclose(streamed[:-1], batch[:-1].ravel(), atol=1e-4)


def test_several_at_once_are_as_one_by_one(silero: Silero, human: Callable[[str], Audio]) -> None:
    frames = Framer().push(human("two_cities").at_rate(16_000).samples)[:200]
    silero.reset()
    singly = [silero.push(frame) for frame in frames]
    silero.reset()
    mixed = [*silero.look(frames[:16]), silero.push(frames[16]), *silero.look(frames[17:])]
    assert mixed == pytest.approx(singly, abs=1e-5)


def test_in_a_long_quiet_too(silero: Silero, human: Callable[[str], Audio]) -> None:
    quiet = [np.zeros(FRAME_SAMPLES, np.float32)] * 250
    frames = [*quiet, *Framer().push(human("beckett").samples[:32_000])]
    silero.reset()
    singly = [silero.push(frame) for frame in frames]
    silero.reset()
    together = [each for at in range(0, len(frames), 16) for each in silero.look(frames[at : at + 16])]
    assert together == pytest.approx(singly, abs=1e-5)


def test_reset_forgets(silero: Silero, human: Callable[[str], Audio]) -> None:
    samples = human("beckett").samples[: 60 * FRAME_SAMPLES]
    fresh = probabilities(Silero(), samples)
    assert probabilities(silero, samples) == pytest.approx(fresh, abs=1e-6)
    continued = [silero.push(frame) for frame in Framer().push(samples)]
    assert continued != pytest.approx(fresh, abs=1e-3)


def test_a_frame_of_another_size_is_refused(silero: Silero) -> None:
    with pytest.raises(ValueError, match="shape"):
        silero.push(np.zeros(480, np.float32))


def test_the_network_is_found_without_importing_faster_whisper() -> None:
    import subprocess
    import sys

    program = (
        "import sys; from voice.turns.vad.silero import Silero; vad = Silero(); vad.warm(); "
        "sys.exit('faster_whisper' in sys.modules or 'ctranslate2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_missing_network_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SttError, match=r"Install it anew: \S+ "):
        model_file()
