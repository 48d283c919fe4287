"""A model that cannot be loaded: ``auto`` goes on with what is always there, a named one is told of."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.runtime.installation import typed_here
from config.settings.paths import models_dir
from tests.aloud.dictated import BREAD

Call = Callable[..., Any]
CALLED = "tiny.en"
VOICE = "en_US-ljspeech-medium"


def cut(folder: Path) -> None:
    whole = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(whole[: len(whole) // 2])


def broken_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{")


def broken_settings(folder: Path) -> None:
    (folder / "config.json").write_text("{")


BREAKS = (cut, broken_tokenizer, broken_settings)


@pytest.fixture
def whisper(models: Path) -> Path:
    """Where ``auto`` finds it."""
    folder = models_dir() / "whisper" / CALLED
    shutil.copytree(models / "whisper-micro", folder)
    return folder


@pytest.fixture
def voice(models: Path) -> Path:
    folder = models_dir() / "piper" / VOICE
    folder.mkdir(parents=True)
    for suffix in (".onnx", ".onnx.json"):
        shutil.copy(models / "piper-micro" / f"piper-micro{suffix}", folder / f"{VOICE}{suffix}")
    return folder


TALK = ("talk", "--fast", "--json", "--speaker", "none", "--llm", "skills")


def test_ears_that_do_not_load_give_way(aloud: Call, recordings: Path, whisper: Path) -> None:
    cut(whisper)
    question = recordings.parent.parent / "aloud" / "sample" / "sum.wav"
    outcome = aloud(*TALK, "--microphone", str(question), "--tts", "espeak:en-us")
    assert outcome.status == 0, outcome.err
    (failed,) = outcome.of("failed")
    assert failed["error"] == "ModelError"
    assert failed["message"].endswith(f"Fetch it anew: {typed_here(f'aloud models get {CALLED}')}")
    assert failed["kept"] == "pocketsphinx listens in its place."
    assert outcome.of("final_transcript")[0]["text"].lower() == "what is twelve times eleven"


@pytest.mark.parametrize("breaks", BREAKS)
def test_ears_that_were_named_and_do_not_load_are_told_of(
    aloud: Call, recordings: Path, whisper: Path, breaks: Callable[[Path], None]
) -> None:
    """Each of its files may be the one that is broken."""
    breaks(whisper)
    question = recordings.parent.parent / "aloud" / "sample" / "sum.wav"
    asked = ("--microphone", str(question), "--tts", "espeak:en-us", "--stt", f"whisper:{CALLED}")
    named = aloud(*TALK, *asked)
    assert (named.status, named.out) == (4, "")
    assert "cannot be loaded" in named.err


def test_a_voice_that_does_not_load_gives_way(
    aloud: Call, recordings: Path, voice: Path, tmp_path: Path
) -> None:
    (voice / f"{VOICE}.onnx").write_bytes(b"no model")
    question = recordings.parent.parent / "aloud" / "sample" / "sum.wav"
    asked = (*TALK, "--microphone", str(question), "--stt", "pocketsphinx")
    outcome = aloud(*asked)
    assert outcome.status == 0, outcome.err
    (failed,) = outcome.of("failed")
    assert (failed["error"], failed["kept"]) == ("ModelError", "espeak:en-us speaks in its place.")
    assert outcome.of("spoke")[0]["heard"] == "Twelve times eleven is 132."
    assert aloud(*asked, "--tts", f"piper:{VOICE}").status == 4
    said = tmp_path / "said.wav"
    outcome = aloud("say", "--speaker", str(said), "Good morning.")
    assert (outcome.status, said.stat().st_size > 20_000) == (0, True)
    assert len(outcome.err.splitlines()) == 1
    assert "espeak:en-us speaks in its place." in outcome.err


def test_while_it_listens_already_nothing_of_what_was_said_is_lost(
    aloud_process: Call, recordings: Path, whisper: Path
) -> None:
    from voice.audio.input.audio_file import read_recording
    from voice.audio.samples import to_int16

    cut(whisper)
    sound = read_recording(recordings.parent.parent / "aloud" / "sample" / "sum.wav")
    pcm = to_int16(sound.samples) + bytes(64_000)
    outcome = aloud_process(
        *TALK[:1], "--json", *TALK[3:], "--microphone", "-", "--tts", "espeak:en-us", stdin=pcm
    )
    assert outcome.status == 0, outcome.err
    names = [event["event"] for event in outcome.events]
    assert names.index("ready") < names.index("failed") < names.index("final_transcript")
    assert outcome.of("final_transcript")[0]["text"].lower() == "what is twelve times eleven"


def test_without_its_tokenizer_nothing_is_looked_for_elsewhere(
    aloud: Call, say: Call, models: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "whisper"
    shutil.copytree(models / "whisper-micro", folder)
    (folder / "tokenizer.json").unlink()
    outcome = aloud("transcribe", *say(BREAD)[1:], "--stt", f"whisper:{folder}", "--quiet")
    assert (outcome.status, outcome.out) == (4, "")
    assert "is not whole: there is no tokenizer.json in it." in outcome.err


def test_a_dictation_and_a_transcript_too(aloud: Call, say: Call, whisper: Path) -> None:
    cut(whisper)
    microphone = say(BREAD)
    for command in (
        ("transcribe", microphone[1], "--quiet"),
        ("dictate", "--fast", "--quiet", "--style", "raw", *microphone, "--llm", "skills"),
    ):
        outcome = aloud(*command)
        assert (outcome.status, "shopping list" in outcome.out) == (0, True)
        assert "pocketsphinx listens in its place." in outcome.err


def test_the_doctor_says_what_fails(aloud: Call, whisper: Path, models: Path, tmp_path: Path) -> None:
    cut(whisper)
    model = tmp_path / "cut.gguf"  # its header is whole
    model.write_bytes((models / "llm-micro" / "llm-micro.gguf").read_bytes()[:600_000])
    assert aloud("config", "set", "llm", f"gguf:{model}").status == 0
    outcome = aloud("doctor", "--json")
    assert "cannot be loaded" in outcome.out
    assert "cut.gguf could not be loaded" in outcome.out
