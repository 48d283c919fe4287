"""An option of a command, heard as it is typed."""

from __future__ import annotations

import pytest

from voice.tts.text.normalizer import Spoken


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("Type: aloud talk --typed", "Type: aloud talk dash dash typed"),
        ("Choose another: --camera 1", "Choose another: dash dash camera 1"),
        ("He came -- late -- and left.", "He came -- late -- and left."),
        ("so--to say--it", "so--to say--it"),
        ("`--all` and --all", "dash dash all and dash dash all"),
    ],
)
def test_it_is_said_with_its_dashes(shown: str, said: str) -> None:
    spoken = Spoken()
    assert " ".join(piece.said for piece in [*spoken.push(shown), *spoken.flush()]) == said


def test_in_another_language_it_is_left_to_the_voice() -> None:
    assert Spoken("de").push("aloud talk --typed")[0].said == "aloud talk --typed"
