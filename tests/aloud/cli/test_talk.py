"""The main job on real input: a recording and a picture in, events and a spoken answer out.

STT, TTS, eyes and skills are real here; so is the model server, where there is one.
"""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import program
from tests.people import QUESTION, question, wrong
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import concatenate, silence, write_wav
from voice.stt.base import hear
from voice.stt.whisper.engine import Whisper

Call = Callable[..., Any]

ALWAYS_THERE = ("--stt", "pocketsphinx", "--tts", "espeak:en-us", "--llm", "skills")


@pytest.fixture(scope="session")
def micro(models: Path) -> tuple[str, ...]:
    """The test Whisper and the test voice."""
    voice = models / "piper-micro" / "piper-micro.onnx"
    return ("--stt", f"whisper:{models / 'whisper-micro'}", "--tts", f"piper:{voice}")


@pytest.fixture(scope="session")
def published(tiny_en: Path, joe: Path) -> tuple[str, ...]:
    """The STT and the voice that an English speaker has at first."""
    return ("--stt", f"whisper:{tiny_en}", "--tts", f"piper:{joe}")


def order(events: list[dict[str, Any]]) -> list[str]:
    """Names in order, runs of the same name told once."""
    names = [event["event"] for event in events]
    return [name for number, name in enumerate(names) if number == 0 or names[number - 1] != name]


def counted(events: list[dict[str, Any]]) -> list[str]:
    """The order of what is counted in samples. Whether the words of a short silence are there before the turn
    is over depends on how busy the machine is.
    """
    return order([event for event in events if event["event"] != "preflight_transcript"])


def test_a_question_about_a_picture_is_answered_from_the_sign_in_it(
    aloud: Call, recordings: Path, tmp_path: Path, micro: tuple[str, ...]
) -> None:
    answer = tmp_path / "answer.wav"
    outcome = aloud(
        "talk", "--microphone", str(recordings / "question_picture.wav"), "--image",
        str(recordings / "sign.png"), "--speaker", str(answer), "--json", "--fast", *micro,
        "--llm", "skills",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert order(outcome.events) == [
        "ready", "speech_started", "preflight_transcript", "final_transcript",
        "looked", "reply_delta", "speaking", "spoke", "turn_done",
    ]  # fmt: skip
    (spoke,) = outcome.of("spoke")
    assert spoke["complete"]
    assert "emergency exit" in spoke["heard"].lower()
    with wave.open(str(answer)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert seconds > 2.0


def test_a_person_asks_and_the_answer_is_heard_by_another(
    aloud: Call, tmp_path: Path, published: tuple[str, ...], hearing: Whisper
) -> None:
    """A whole conversation on published models; Whisper writes down again what the answer's WAV says."""
    asked, answer = tmp_path / "asked.wav", tmp_path / "answer.wav"
    write_wav(asked, concatenate([silence(0.5, 16_000), question(), silence(2.0, 16_000)]))
    outcome = aloud(
        "talk", "--microphone", str(asked), "--speaker", str(answer), "--json", "--fast", *published,
        "--llm", "skills",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert [said["text"] for said in outcome.of("final_transcript")] == [QUESTION]
    (spoke,) = outcome.of("spoke")
    assert spoke["complete"]
    assert len(spoke["heard"].split()) > 20
    said = spoke["heard"].replace("Ollama", "a llama")  # the name sounds like that, and no ear can spell it
    assert wrong(said, hear(hearing, read_recording(answer)).text) <= 0.1


def test_a_connected_model_answers_and_the_waterfall_is_in_order(
    aloud: Call, recordings: Path, tmp_path: Path, micro: tuple[str, ...], llama: str
) -> None:
    answer = tmp_path / "answer.wav"
    outcome = aloud(
        "talk", "--microphone", str(recordings / "question_capital.wav"), "--speaker", str(answer), "--json",
        "--fast", "--llm", llama, *micro,
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert outcome.of("final_transcript")[0]["text"] == "What is the capital of France?"
    assert outcome.of("spoke")[0]["heard"] == "The capital of France is Paris."
    latency = outcome.of("turn_done")[0]["latency"]
    asked = [latency[name] for name in ("first_token", "first_clause", "first_sound", "audible")]
    heard = [latency[name] for name in ("speech_end", "turn_end", "words", "audible")]
    assert (asked, heard) == (sorted(asked), sorted(heard))
    assert (
        latency["first_token"] > latency["speech_end"]
    )  # it may come in the silence: the preflight was asked
    assert latency["turn_end"] - latency["speech_end"] >= 0.3  # 320 ms: the words read complete
    with wave.open(str(answer)) as sound:
        assert sound.getnframes() / sound.getframerate() > 1.2


def test_a_model_that_sees_is_shown_the_picture(aloud: Call, recordings: Path, llama: str) -> None:
    outcome = aloud(
        "ask",
        "Describe the picture.",
        "--image",
        str(recordings / "red_circle.png"),
        "--json",
        "--llm",
        llama,
    )
    assert outcome.status == 0, outcome.err
    (looked,) = outcome.of("looked")
    assert looked["images"][0]["sent_bytes"] > 100
    assert "red" in outcome.of("spoke")[0]["heard"]


def test_fast_gives_the_times_of_live(aloud_process: Call, recordings: Path, tmp_path: Path) -> None:
    """What is counted in samples is the same to the sample; what an engine took is as long as it took."""
    command = ("talk", "--microphone", str(recordings / "question_picture.wav"), "--json", "--speaker")
    live = aloud_process(*command, str(tmp_path / "live.wav"), *ALWAYS_THERE)
    fast = aloud_process(*command, str(tmp_path / "fast.wav"), "--fast", *ALWAYS_THERE)
    assert (live.status, fast.status) == (0, 0), live.err + fast.err
    assert counted(live.events) == counted(fast.events)
    assert live.of("final_transcript")[0]["text"] == fast.of("final_transcript")[0]["text"]
    assert live.of("final_transcript")[0]["speech_end"] == fast.of("final_transcript")[0]["speech_end"]
    for event in ("speech_started", "final_transcript", "speaking"):
        # On the fast clock work takes no time, so live nothing is earlier; how much later is the machine's.
        assert live.of(event)[0]["at"] >= fast.of(event)[0]["at"] - 0.032, "by more than a frame"
    assert (tmp_path / "live.wav").stat().st_size == (tmp_path / "fast.wav").stat().st_size


def test_saying_stop_into_an_answer_silences_it(aloud: Call, recordings: Path, tmp_path: Path) -> None:
    """Two recordings, the second into the answer to the first; what was not heard is not in the WAV."""
    both = [read_recording(recordings / name) for name in ("question_picture.wav", "stop.wav")]
    path, answer = tmp_path / "both.wav", tmp_path / "answer.wav"
    write_wav(path, concatenate([both[0], silence(1.0, 16_000), both[1], silence(1.0, 16_000)]))
    outcome = aloud(
        "talk", "--microphone", str(path), "--speaker", str(answer), "--json", "--fast", *ALWAYS_THERE
    )
    assert outcome.status == 0, outcome.err
    assert [said["text"] for said in outcome.of("final_transcript")] == ["Describe the picture", "Stop"]
    (cut,) = outcome.of("interrupted")
    assert cut["turn"] == 0
    whole = "I do not see a picture. Show me one, and I will read it or describe it."
    assert whole.startswith(cut["heard"])
    assert 3 <= len(cut["heard"].split()) < len(whole.split())
    assert not outcome.of("spoke")[0]["complete"]
    assert [event["turn"] for event in outcome.of("turn_done")] == [0, 1]
    played = cut["at"] - outcome.of("speaking")[0]["at"]
    # The silence in which it was held, until the word was known, is not in the file.
    assert played - 1.0 < read_recording(answer).seconds < played + 0.1


def test_raw_sound_on_standard_input(aloud_process: Call, recordings: Path, micro: tuple[str, ...]) -> None:
    with wave.open(str(recordings / "question_timer.wav")) as recording:
        pcm = recording.readframes(recording.getnframes())
    outcome = aloud_process(
        "talk", "--microphone", "-", "--speaker", "none", "--json", "--fast", *micro, "--llm", "skills",
        stdin=pcm,
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert "five minutes" in outcome.of("final_transcript")[0]["text"].lower()


def test_the_answer_can_go_to_standard_output(aloud_process: Call, recordings: Path) -> None:
    done = program.run("say", "Good morning.", "--speaker", "-", "--tts", "espeak:en-us")
    assert done.returncode == 0
    assert len(done.stdout) > 2 * 24_000 // 2
    assert done.stderr == b""
