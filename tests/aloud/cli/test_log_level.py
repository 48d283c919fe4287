"""``--log-level``: what the program did, on standard error; what was said in it only at ``debug``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.runtime.logs import set_up

ASKED = "what is seventeen plus four"


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    yield
    set_up("warning")


@pytest.mark.parametrize(("level", "said"), [("info", False), ("debug", True)])
def test_what_was_said_is_in_no_log_above_debug(aloud: Callable[..., Any], level: str, said: bool) -> None:
    outcome = aloud("ask", ASKED, "--llm", "skills", "--log-level", level)
    assert outcome.status == 0
    assert "INFO pipeline.session.engines: llm: skills (chosen)" in outcome.err
    assert "INFO pipeline.events: turn 0 is done" in outcome.err
    before = outcome.err.split("turn 0 is done")[0]
    messages = re.sub(r"(?m)^[-\d]+ [:,\d]+ ", "", before)  # at nine in the evening it is 21 o'clock
    told = [word for word in ("seventeen", "21") if f" {word}" in messages]
    assert bool(told) is said


def test_a_talk_and_a_dictation_keep_it_too(
    aloud: Callable[..., Any], recordings: Path, models: Path, tmp_path: Path
) -> None:
    heard = (
        "--microphone",
        str(recordings / "question_timer.wav"),
        "--stt",
        f"whisper:{models / 'whisper-micro'}",
    )
    talking = ("--speaker", "none", "--fast", "--llm", "skills", "--tts", "espeak:en-us")
    talked = aloud("talk", *heard, *talking, "--log-level", "info", "--json")
    (said,) = talked.of("final_transcript")
    assert "timer" in said["text"]
    dictated = aloud(
        "dictate", *heard, "--to", f"file:{tmp_path / 'a.txt'}", "--log-level", "info", "--quiet"
    )
    assert "timer" in (tmp_path / "a.txt").read_text()
    assert "take 1 is delivered" in dictated.err
    for outcome in (talked, dictated):
        assert outcome.status == 0, outcome.err
        assert "INFO" in outcome.err
        assert "timer" not in outcome.err.replace("timers", "")


def test_a_level_that_is_none_is_said_to_be_none(aloud: Callable[..., Any]) -> None:
    outcome = aloud("ask", ASKED, "--log-level", "loud")
    assert outcome.status == 2
    assert "log.level" in outcome.err
