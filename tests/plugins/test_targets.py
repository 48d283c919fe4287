"""A target of another package: one file more, none edited."""

from __future__ import annotations

from pathlib import Path

from tests.plugins.kit import Site

PAGE = "add-a-target.md"
DICTATE = ("dictate", "--fast", "--quiet", "--style", "raw", "--llm", "skills", "--stt", "pocketsphinx")


def test_a_dictation_is_delivered_to_it(site: Site, recordings: Path, tmp_path: Path) -> None:
    site.add_example(PAGE)
    folder = tmp_path / "notes"
    folder.mkdir()
    sound = ("--microphone", str(recordings / "question_timer.wav"))
    done = site.aloud(*DICTATE, *sound, "--to", f"tray:{folder}", "--to", "stdout")
    assert done.status == 0, done.err
    (sheet,) = folder.iterdir()
    assert sheet.read_text("utf-8").strip() == done.out.strip() != ""


def test_it_is_among_what_the_option_takes(site: Site, recordings: Path) -> None:
    site.add_example(PAGE)
    done = site.aloud(*DICTATE, "--microphone", str(recordings / "question_timer.wav"), "--to", "trays:x")
    assert (done.status, done.out) == (2, "")
    assert "Choose stdout, file:PATH, clipboard, window, command:PROGRAM, speak or tray." in done.err
