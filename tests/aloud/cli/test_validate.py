"""What is named of engines is looked at before anything begins, whether this run uses it or not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.settings.paths import config_file

Call = Callable[..., Any]

ASK = ("ask", "what is two plus three", "--llm", "skills")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("say", "hi", "--tts", "espeak:xx"), "Espeak has no voice 'xx'"),
        (("say", "hi", "--speaker", "none", "--tts", "espeak:english"), "espeak:en-gb or espeak:en-us"),
        (("talk", "--speaker", "none", "--tts", "espeak:nonsense"), "Espeak has no voice 'nonsense'"),
        (("ask", "hi", "--tts", "piper:en_US-ryn"), "piper:en_US-ryan-medium"),
        (("talk", "--typed", "--stt", "whispr:x"), "--stt does not know 'whispr:x'"),
        (("transcribe", "no.wav", "--stt", "whisper:bse.en"), "whisper:base.en"),
        (("describe", "no.png", "--tts", "piper"), "--tts does not know 'piper'"),
        (("dictate", "--llm", "nonsense:x"), "'nonsense:x' names no model that answers"),
        (("ask", "hi", "--language", "german"), "Did you mean de (German)?"),
        (("ask", "hi", "--language", "xx"), "There is no language with the code 'xx'"),
        (("config", "set", "tts", "espeak:xx"), "Espeak has no voice 'xx'"),
        (("config", "set", "llm.fallback", "skills"), "llm.fallback names no model"),
        (("config", "set", "llm.small", "nonsense:x"), "'nonsense:x' names no model that answers"),
    ],
)
def test_what_there_cannot_be_is_wrong_usage(aloud: Call, command: tuple[str, ...], words: str) -> None:
    outcome = aloud(*command)
    assert outcome.status == 2
    assert words in outcome.err
    assert outcome.out == ""
    assert len(outcome.err.splitlines()) == 1
    assert outcome.err.count("espeak:") <= 5, "neighbours, not all there are"


def test_a_wrong_name_in_the_file_is_told_though_the_command_needs_it_not(aloud: Call) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text("[stt]\nengine = 'whispr:base.en'\n")
    outcome = aloud(*ASK)
    assert outcome.status == 2
    assert f"(file {config_file()})" in outcome.err
    assert aloud("config", "show", "stt").status == 0, "so that it can be mended"
    assert aloud("config", "set", "stt", "auto").status == 0
    assert aloud(*ASK).status == 0


def test_a_model_may_be_fetched_later_unless_the_command_takes_it(aloud: Call) -> None:
    assert aloud("config", "set", "stt", "whisper:base.en").status == 0
    assert aloud(*ASK).status == 0
    outcome = aloud("transcribe", "no.wav")
    assert outcome.status == 4
    assert "aloud models get base.en" in outcome.err


def test_a_voice_may_be_named_by_its_folder(aloud: Call, models: Path, tmp_path: Path) -> None:
    spoken = tmp_path / "spoken.wav"
    piper = models / "piper-micro"
    outcome = aloud("say", "Hello.", "--tts", f"piper:{piper}", "--speaker", str(spoken))
    assert outcome.status == 0, outcome.err
    assert spoken.stat().st_size > 10_000
    folder = tmp_path / "voices"
    folder.mkdir()
    outcome = aloud("say", "Hello.", "--tts", f"piper:{folder}")
    assert outcome.status == 2
    assert f"What is at {folder} is no Piper voice" in outcome.err
    for name in ("one", "two"):
        shutil.copy(piper / "piper-micro.onnx", folder / f"{name}.onnx")
        shutil.copy(piper / "piper-micro.onnx.json", folder / f"{name}.onnx.json")
    outcome = aloud("say", "Hello.", "--tts", f"piper:{folder}")
    assert outcome.status == 2
    assert "several voices: one.onnx, two.onnx" in outcome.err
    assert f"--tts piper:{folder / 'one.onnx'}" in outcome.err


@pytest.mark.parametrize("code", ["auto", "en", "en-GB", "pt_BR", "yue", "ga", "zh"])
def test_languages_that_are_heard_or_spoken_are_taken(aloud: Call, code: str) -> None:
    assert aloud("config", "set", "language", code).status == 0


@pytest.mark.parametrize(("old", "new"), [("--ears", "--stt"), ("--mouth", "--tts"), ("--mind", "--llm")])
def test_an_option_that_was_called_otherwise(aloud_process: Call, old: str, new: str) -> None:
    for given in ((old, "auto"), (f"{old}=auto",)):
        outcome = aloud_process("talk", *given)
        assert (outcome.status, outcome.out) == (2, "")
        assert f"{old} is called {new} now. See: " in outcome.err


def test_a_setting_that_was_called_otherwise(aloud: Call) -> None:
    for asked in (("config", "set", "mind", "skills"), ("config", "show", "mind.engine")):
        outcome = aloud(*asked)
        assert (outcome.status, outcome.out) == (2, "")
        assert " is called llm" in outcome.err
