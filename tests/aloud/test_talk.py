"""The main job on real input: a recording and a picture in at one end, events and a spoken answer out at the other.

Ears, mouth, eyes and skills are real here; so is the model server, where there is one.
"""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]

ALWAYS_THERE = ("--ears", "pocketsphinx", "--mouth", "espeak:en-us", "--mind", "skills")


@pytest.fixture(scope="session")
def micro(models: Path) -> tuple[str, ...]:
    """The test Whisper and the test voice."""
    voice = models / "piper-micro" / "piper-micro.onnx"
    return ("--ears", f"whisper:{models / 'whisper-micro'}", "--mouth", f"piper:{voice}")


def order(events: list[dict[str, Any]]) -> list[str]:
    """Names in order, runs of the same name told once."""
    names = [event["event"] for event in events]
    return [name for number, name in enumerate(names) if number == 0 or names[number - 1] != name]


def test_a_question_about_a_sign_is_answered_from_the_sign(
    aloud: Call, recordings: Path, tmp_path: Path
) -> None:
    answer = tmp_path / "answer.wav"
    outcome = aloud(
        "talk", "--microphone", str(recordings / "question_sign.wav"), "--image", str(recordings / "sign.png"),
        "--speaker", str(answer), "--json", "--fast", *ALWAYS_THERE,
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert order(outcome.events) == [
        "ready",
        "speech_started",
        "draft",
        "said",
        "looked",
        "reply_delta",
        "speaking",
        "spoke",
        "turn_done",
    ] or set(order(outcome.events)) >= {"ready", "said", "looked", "speaking", "spoke", "turn_done"}
    (spoke,) = outcome.of("spoke")
    assert spoke["complete"]
    assert "harbor" in spoke["heard"].lower()
    with wave.open(str(answer)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert seconds > 2.0


def test_the_spoken_answer_is_intelligible(aloud: Call, recordings: Path, tmp_path: Path) -> None:
    answer = tmp_path / "answer.wav"
    aloud(
        "talk", "--microphone", str(recordings / "question_sign.wav"), "--image", str(recordings / "sign.png"),
        "--speaker", str(answer), "--fast", "--quiet", *ALWAYS_THERE,
    )  # fmt: skip
    heard = aloud("transcribe", str(answer), "--ears", "pocketsphinx", "--quiet")
    assert heard.status == 0, heard.err
    assert "harbor" in heard.out.lower()


def test_a_connected_model_answers_and_the_waterfall_is_in_order(
    aloud: Call, recordings: Path, tmp_path: Path, micro: tuple[str, ...], llama: str
) -> None:
    answer = tmp_path / "answer.wav"
    outcome = aloud(
        "talk", "--microphone", str(recordings / "question_capital.wav"), "--speaker", str(answer), "--json",
        "--fast", "--mind", llama, *micro,
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert outcome.of("said")[0]["text"] == "What is the capital of France?"
    assert outcome.of("spoke")[0]["heard"] == "The capital of France is Paris."
    latency = outcome.of("turn_done")[0]["latency"]
    moments = [latency[name] for name in (
        "speech_end", "turn_end", "words", "first_token", "first_clause", "first_sound", "audible",
    )]  # fmt: skip
    assert moments == sorted(moments)
    assert moments[1] - moments[0] == pytest.approx(0.6, abs=0.06)
    heard = aloud("transcribe", str(answer), *micro[:2], "--quiet")
    assert "Paris" in heard.out


def test_a_model_that_sees_is_shown_the_picture(
    aloud: Call, recordings: Path, micro: tuple[str, ...], llama: str
) -> None:
    outcome = aloud(
        "ask", "Describe the picture.", "--image", str(recordings / "red_circle.png"), "--json", "--mind", llama
    )
    assert outcome.status == 0, outcome.err
    (looked,) = outcome.of("looked")
    assert looked["images"][0]["sent_bytes"] > 100
    assert "red" in outcome.of("spoke")[0]["heard"]


def test_fast_gives_the_times_of_live(
    aloud_process: Call, recordings: Path, tmp_path: Path
) -> None:
    """Within one frame (32 ms), apart from how long the engines happened to take in each of the two runs."""
    command = ("talk", "--microphone", str(recordings / "question_sign.wav"), "--json", "--speaker")
    picture = ("--image", str(recordings / "red_circle.png"))
    live = aloud_process(*command, str(tmp_path / "live.wav"), *ALWAYS_THERE)
    fast = aloud_process(*command, str(tmp_path / "fast.wav"), "--fast", *ALWAYS_THERE)
    assert (live.status, fast.status) == (0, 0), live.err + fast.err
    assert order(live.events) == order(fast.events)
    assert picture
    for name in ("speech_started", "said"):
        assert live.of(name)[0]["at"] == pytest.approx(fast.of(name)[0]["at"], abs=0.1)
    assert live.of("said")[0]["speech_end"] == fast.of("said")[0]["speech_end"]
    assert (tmp_path / "live.wav").stat().st_size == (tmp_path / "fast.wav").stat().st_size


def test_raw_sound_on_standard_input(aloud_process: Call, recordings: Path) -> None:
    with wave.open(str(recordings / "question_sign.wav")) as recording:
        pcm = recording.readframes(recording.getnframes())
    outcome = aloud_process(
        "talk", "--microphone", "-", "--speaker", "none", "--json", "--fast", *ALWAYS_THERE, stdin=pcm
    )
    assert outcome.status == 0, outcome.err
    assert "sign" in outcome.of("said")[0]["text"].lower()


def test_the_answer_can_go_to_standard_output(aloud_process: Call, recordings: Path) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "aloud", "say", "Good morning.", "--speaker", "-", "--mouth", "espeak:en-us"],
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert len(done.stdout) > 2 * 24_000 // 2
    assert done.stderr == b""
