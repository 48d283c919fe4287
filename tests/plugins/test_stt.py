"""A recogniser of another package: one file more, none edited."""

from __future__ import annotations

import re
from pathlib import Path

from tests.plugins.kit import Site

PAGE = "add-a-recogniser.md"


def test_it_hears(site: Site, recordings: Path) -> None:
    site.add_example(PAGE)
    question = str(recordings / "question_timer.wav")
    done = site.aloud("transcribe", "--stt", "stopwatch", "--quiet", question)
    assert (done.status, done.err) == (0, "")
    assert re.fullmatch(r"\d\.\d seconds were spoken", done.out.strip())


def test_a_turn_of_a_conversation_is_heard_by_it(site: Site, recordings: Path) -> None:
    site.add_example(PAGE)
    done = site.aloud(
        *("talk", "--fast", "--json", "--speaker", "none", "--llm", "skills", "--tts", "espeak"),
        *("--stt", "stopwatch", "--microphone", str(recordings / "question_timer.wav")),
    )
    assert done.status == 0, done.err
    assert '"stt": "stopwatch"' in done.out
    assert "seconds were spoken" in done.out
