"""A voice of another package: one file more, none edited."""

from __future__ import annotations

import wave
from pathlib import Path

from tests.plugins.kit import Site, was_imported

PAGE = "add-a-voice.md"


def test_it_speaks(site: Site, tmp_path: Path) -> None:
    site.add_example(PAGE)
    spoken = tmp_path / "spoken.wav"
    done = site.aloud_process("say", "--tts", "beeps", "--speaker", str(spoken), "one two three")
    assert (done.status, done.err) == (0, "")
    with wave.open(str(spoken)) as file:
        assert file.getnframes() / file.getframerate() >= 0.7


def test_it_is_imported_when_it_is_asked_for_and_not_before(site: Site, tmp_path: Path) -> None:
    file = site.add_example(PAGE)
    speaker = ("--speaker", str(tmp_path / "spoken.wav"))
    assert site.aloud("say", "--tts", "espeak", *speaker, "one").status == 0
    assert site.aloud("config", "set", "tts", "beeps").status == 0
    assert site.aloud("config", "show", "tts").status == 0
    refused = site.aloud("say", "--tts", "bleeps", *speaker, "one")
    assert (refused.status, refused.out) == (2, "")
    assert "It takes auto, piper:NAME_OR_PATH, espeak:VOICE or beeps." in refused.err
    assert not was_imported(file)
    assert site.aloud("say", *speaker, "one").status == 0, "as the settings have it"
    assert was_imported(file)


def test_what_it_cannot_take_is_wrong_usage(site: Site) -> None:
    site.add_example(PAGE)
    done = site.aloud("say", "--tts", "beeps:loud", "one")
    assert done.status == 2
    assert "--tts does not know 'beeps:loud'" in done.err
