"""What a few words mean while the assistant speaks."""

from __future__ import annotations

import pytest

from pipeline.interrupting import meaning


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Stop.", "stop"),
        ("stop!", "stop"),
        ("Wait a moment.", "stop"),
        ("hold  on", "stop"),
        ("Mhm.", "backchannel"),
        ("Yeah, okay.", "backchannel"),
        ("uh-huh", "backchannel"),
        ("Stop the alarm.", "words"),
        ("Yes please turn it up", "words"),
        ("what about tomorrow", "words"),
        ("Hör auf!", "stop"),
        ("Tais-toi", "stop"),
        ("¡Para!", "stop"),
        ("Ach so, ja.", "backchannel"),
        ("D'accord.", "backchannel"),
        ("Sí, claro.", "backchannel"),
        ("Have", "fragment"),
        ("a", "fragment"),
        ("la", "fragment"),
        ("I have", "fragment"),
        ("But her", "fragment"),
        ("M m", "fragment"),
        ("is it in my house", "words"),
        ("I have a question", "words"),
        ("So the", "words"),
        ("To", "words"),
        ("No.", "words"),
        ("Why?", "words"),
        ("Paris?", "words"),
        ("a dog", "words"),
        ("...", "nothing"),
        ("", "nothing"),
    ],
)
def test_meaning(text: str, expected: str) -> None:
    assert meaning(text) == expected
